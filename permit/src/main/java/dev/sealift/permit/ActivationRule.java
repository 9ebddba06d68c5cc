// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import java.util.List;

/// When a staged release may begin to run.
public sealed interface ActivationRule {
  /// `0`: as soon as it is staged and the window of the endorsement is open.
  record AtOnce() implements ActivationRule {
    @Override
    public String toString() {
      return "at once";
    }
  }

  /// `[1, from, to]`: every day between two seconds of the day, UTC; over midnight where the second
  /// is the smaller one.
  record Daily(int fromSecond, int toSecond) implements ActivationRule {
    public Daily {
      if (fromSecond < 0 || fromSecond >= DAY || toSecond < 0 || toSecond >= DAY) {
        throw new IllegalArgumentException(
            "seconds of the day %d to %d".formatted(fromSecond, toSecond));
      }
    }

    boolean isOpenAt(long time) {
      long second = Math.floorMod(time, DAY);
      return fromSecond <= toSecond
          ? fromSecond <= second && second <= toSecond
          : second >= fromSecond || second <= toSecond;
    }

    @Override
    public String toString() {
      return "daily from %02d:%02d to %02d:%02d UTC"
          .formatted(fromSecond / 3600, fromSecond / 60 % 60, toSecond / 3600, toSecond / 60 % 60);
    }
  }

  /// `2`: when somebody at the device says so.
  record OnConsent() implements ActivationRule {
    @Override
    public String toString() {
      return "when somebody at the device agrees";
    }
  }

  /// `3`: with a session permit that allows it.
  record WithSession() implements ActivationRule {
    @Override
    public String toString() {
      return "with a session permit";
    }
  }

  int DAY = 86_400;

  default CborItem toCbor() {
    return switch (this) {
      case AtOnce() -> CborInt.of(0);
      case Daily(var from, var to) -> CborList.of(CborInt.of(1), CborInt.of(from), CborInt.of(to));
      case OnConsent() -> CborInt.of(2);
      case WithSession() -> CborInt.of(3);
    };
  }

  static ActivationRule fromCbor(CborItem item) throws MalformedException {
    if (item instanceof CborInt number) {
      return switch (Math.clamp(CborFields.toLong(number, "activation rule"), -1, 9)) {
        case 0 -> new AtOnce();
        case 2 -> new OnConsent();
        case 3 -> new WithSession();
        default -> throw new MalformedException("activation rule " + number.value(), 0);
      };
    }
    List<CborItem> parts = CborFields.expect(item, CborList.class, "activation rule").items();
    if (parts.size() != 3 || !parts.getFirst().equals(CborInt.of(1))) {
      throw new MalformedException("activation rule of %d parts".formatted(parts.size()), 0);
    }
    return new Daily(second(parts.get(1)), second(parts.get(2)));
  }

  private static int second(CborItem item) throws MalformedException {
    long second =
        CborFields.toLong(
            CborFields.expect(item, CborInt.class, "second of the day"), "second of the day");
    if (second < 0 || second >= DAY) {
      throw new MalformedException("second of the day " + second, 0);
    }
    return (int) second;
  }
}
