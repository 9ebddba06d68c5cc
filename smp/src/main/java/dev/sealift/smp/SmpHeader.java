// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.Optional;

/// The eight bytes before every SMP payload, big endian.
///
/// ```
/// 0 operation (bits 0-2), version (bits 3-4) | 1 flags | 2-3 payload length
/// 4-5 group | 6 sequence number | 7 command
/// ```
///
/// Any eight bytes are a header; whether a server serves it is another matter.
public record SmpHeader(
    int operation, int version, int flags, int length, int group, int sequence, int command) {
  public static final int SIZE = 8;

  /// Operations, as a request has them; an answer has one more.
  public static final int READ = 0;

  public static final int READ_ANSWER = 1;
  public static final int WRITE = 2;
  public static final int WRITE_ANSWER = 3;

  private static final int OPERATION_BITS = 0x07;
  private static final int VERSION_SHIFT = 3;
  private static final int VERSION_BITS = 0x1f;

  public SmpHeader {
    require("operation", operation, OPERATION_BITS);
    require("version", version, VERSION_BITS);
    require("flags", flags, 0xff);
    require("length", length, 0xffff);
    require("group", group, 0xffff);
    require("sequence number", sequence, 0xff);
    require("command", command, 0xff);
  }

  public static SmpHeader read(Bytes packet) throws MalformedException {
    ByteReader in = new ByteReader(packet, ByteOrder.BIG_ENDIAN);
    int first = in.u8("operation");
    return new SmpHeader(
        first & OPERATION_BITS,
        first >> VERSION_SHIFT,
        in.u8("flags"),
        in.u16("length"),
        in.u16("group"),
        in.u8("sequence number"),
        in.u8("command"));
  }

  public Bytes write() {
    return new ByteWriter(ByteOrder.BIG_ENDIAN)
        .u8(operation | version << VERSION_SHIFT)
        .u8(flags)
        .u16(length)
        .u16(group)
        .u8(sequence)
        .u8(command)
        .toBytes();
  }

  /// The command that a request with this header asks for; none where the operation is no request.
  public Optional<CommandKey> key() {
    return operation == READ || operation == WRITE
        ? Optional.of(new CommandKey(group, command, operation))
        : Optional.empty();
  }

  SmpHeader withLength(int newLength) {
    return new SmpHeader(operation, version, flags, newLength, group, sequence, command);
  }

  /// Whether this is the header of an answer to that request: same group, command and sequence
  /// number, the operation's answer. The version may differ, old servers know only one.
  public boolean answers(SmpHeader request) {
    return operation == request.operation + 1
        && group == request.group
        && command == request.command
        && sequence == request.sequence;
  }

  private static void require(String field, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("%s must be 0 to %d, is %d".formatted(field, max, value));
    }
  }
}
