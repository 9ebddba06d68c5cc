// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.util.Map;
import java.util.Optional;

/// What came back for one request: the result, or the device's own refusal.
public sealed interface Answer<R> {
  /// It was done.
  record Done<R>(R result) implements Answer<R> {}

  /// It was refused. `fields` is the whole answer: some refusals say more than their number.
  record Refused<R>(Reason reason, CborMap fields) implements Answer<R> {}

  /// Why: an error of SMP itself, or one of a group.
  sealed interface Reason {
    String explain();
  }

  /// An error of SMP itself, or any error of a server that speaks version 1.
  record Protocol(int code, Optional<String> text) implements Reason {
    @Override
    public String explain() {
      return text.map(said -> said + " (rc " + code + ")")
          .orElseGet(() -> ResultCode.explain(code));
    }
  }

  /// An error of the group that was asked.
  record OfGroup(int group, int code) implements Reason {
    /// The error by name, where its group is known and has one for it.
    public Optional<GroupError> known() {
      return Group.ofNumber(group).flatMap(known -> known.error(code));
    }

    @Override
    public String explain() {
      return Group.ofNumber(group)
          .map(known -> known.explain(code))
          .orElseGet(() -> "error %d of group %d".formatted(code, group));
    }
  }

  /// Reads an answer's fields: both forms of errors, and `rc` 0, which some servers add to success.
  static <R extends Reply> Answer<R> read(Request<R> request, CborMap fields)
      throws MalformedException {
    Optional<Reason> reason = request.refusal(fields);
    if (reason.isPresent()) {
      return new Refused<>(reason.get(), fields);
    }
    return new Done<>(request.reply(CborFields.of(fields, "answer")));
  }

  static Optional<Reason> reason(CborMap fields) throws MalformedException {
    CborFields answer = CborFields.of(fields, "answer");
    Optional<CborMap> error = answer.optional(new CborText("err"), CborMap.class);
    if (error.isPresent()) {
      CborFields detail = CborFields.of(error.get(), "error");
      return Optional.of(
          new OfGroup(
              bounded(detail.integer("group"), "group"), bounded(detail.integer("rc"), "rc")));
    }
    Optional<Long> code = answer.optionalInteger("rc");
    if (code.isEmpty() || code.get() == 0) {
      return Optional.empty();
    }
    return Optional.of(new Protocol(bounded(code.get(), "rc"), answer.optionalText("rsn")));
  }

  private static int bounded(long number, String what) throws MalformedException {
    if (number < 0 || number > 0xffff) {
      throw new MalformedException(what + " of the answer is out of range: " + number, 0);
    }
    return (int) number;
  }

  /// The codes of SMP itself.
  final class ResultCode {
    public static final int UNKNOWN = 1;
    public static final int NO_MEMORY = 2;
    public static final int INVALID = 3;
    public static final int TIMEOUT = 4;
    public static final int NO_ENTRY = 5;
    public static final int BAD_STATE = 6;
    public static final int TOO_LARGE = 7;
    public static final int NOT_SUPPORTED = 8;
    public static final int CORRUPT = 9;
    public static final int BUSY = 10;
    public static final int ACCESS_DENIED = 11;
    public static final int VERSION_TOO_OLD = 12;
    public static final int VERSION_TOO_NEW = 13;

    private static final Map<Integer, String> WORDS =
        Map.ofEntries(
            Map.entry(1, "unknown error"),
            Map.entry(2, "out of memory"),
            Map.entry(3, "invalid request"),
            Map.entry(4, "timeout on the device"),
            Map.entry(5, "no such entry"),
            Map.entry(6, "not in this state"),
            Map.entry(7, "the answer is too large"),
            Map.entry(8, "not supported by the device"),
            Map.entry(9, "the packet arrived damaged"),
            Map.entry(10, "the device is busy"),
            Map.entry(11, "access denied"),
            Map.entry(12, "protocol version too old"),
            Map.entry(13, "protocol version too new"));

    private ResultCode() {}

    static String explain(int code) {
      return WORDS.getOrDefault(code, "error " + code);
    }
  }
}
