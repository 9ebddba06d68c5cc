// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Map;
import java.util.Optional;

/// Group 8, files under absolute names.
public final class Files {
  private Files() {}

  /// Asks for the bytes of a file from `offset` on, as many as fit an answer.
  public record Read(String name, long offset) implements Request<ReadReply> {
    static Read of(CborFields in) throws MalformedException {
      return new Read(in.text("name"), in.unsigned("off"));
    }

    @Override
    public CommandKey command() {
      return Command.FILES_READ.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).put("off", offset).build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public ReadReply reply(CborFields answer) throws MalformedException {
      return ReadReply.of(answer);
    }
  }

  /// The bytes, and at offset 0 how many there are in all.
  public record ReadReply(long offset, Bytes data, Optional<Long> length) implements Reply {
    static ReadReply of(CborFields in) throws MalformedException {
      return new ReadReply(in.unsigned("off"), in.bytes("data"), in.optionalUnsigned("len"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("off", offset);
      out.put("data", data);
      length.ifPresent(value -> out.put("len", value));
      return out.build();
    }
  }

  /// Writes a part of a file; `length` at offset 0, where the file begins anew.
  public record Write(String name, long offset, Optional<Long> length, Bytes data)
      implements Request<WriteReply> {
    static Write of(CborFields in) throws MalformedException {
      return new Write(
          in.text("name"), in.unsigned("off"), in.optionalUnsigned("len"), in.bytes("data"));
    }

    @Override
    public CommandKey command() {
      return Command.FILES_WRITE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("name", name);
      out.put("off", offset);
      length.ifPresent(value -> out.put("len", value));
      out.put("data", data);
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public WriteReply reply(CborFields answer) throws MalformedException {
      return WriteReply.of(answer);
    }
  }

  /// The offset the device wants next.
  public record WriteReply(long offset) implements Reply {
    static WriteReply of(CborFields in) throws MalformedException {
      return new WriteReply(in.unsigned("off"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("off", offset).build();
    }
  }

  /// Asks how long a file is.
  public record Status(String name) implements Request<StatusReply> {
    static Status of(CborFields in) throws MalformedException {
      return new Status(in.text("name"));
    }

    @Override
    public CommandKey command() {
      return Command.FILES_STATUS.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).build();
    }

    @Override
    public StatusReply reply(CborFields answer) throws MalformedException {
      return StatusReply.of(answer);
    }
  }

  /// Its length in bytes.
  public record StatusReply(long length) implements Reply {
    static StatusReply of(CborFields in) throws MalformedException {
      return new StatusReply(in.unsigned("len"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("len", length).build();
    }
  }

  /// Asks for a checksum of a part of a file, or all of it; of the first kind unless told.
  public record Checksum(
      String name, Optional<String> type, Optional<Long> offset, Optional<Long> length)
      implements Request<ChecksumReply> {
    static Checksum of(CborFields in) throws MalformedException {
      return new Checksum(
          in.text("name"),
          in.optionalText("type"),
          in.optionalUnsigned("off"),
          in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.FILES_CHECKSUM.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("name", name);
      type.ifPresent(value -> out.put("type", value));
      offset.ifPresent(value -> out.put("off", value));
      length.ifPresent(value -> out.put("len", value));
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.ERASE;
    }

    @Override
    public ChecksumReply reply(CborFields answer) throws MalformedException {
      return ChecksumReply.of(answer);
    }
  }

  /// The kind, the part that was looked at, and the checksum: a number or bytes.
  public record ChecksumReply(
      String type, Optional<Long> offset, long length, Optional<CborItem> output) implements Reply {
    static ChecksumReply of(CborFields in) throws MalformedException {
      return new ChecksumReply(
          in.text("type"), in.optionalUnsigned("off"), in.unsigned("len"), in.map().get("output"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("type", type);
      offset.ifPresent(value -> out.put("off", value));
      out.put("len", length);
      output.ifPresent(value -> out.put("output", value));
      return out.build();
    }
  }

  /// Asks which kinds of checksums there are.
  public record Checksums() implements Request<ChecksumsReply> {
    @Override
    public CommandKey command() {
      return Command.FILES_CHECKSUMS.key();
    }

    @Override
    public ChecksumsReply reply(CborFields answer) throws MalformedException {
      return ChecksumsReply.of(answer);
    }
  }

  /// The kinds by name.
  public record ChecksumsReply(Map<String, Kind> kinds) implements Reply {
    public ChecksumsReply {
      kinds = Fields.ordered(kinds);
    }

    static ChecksumsReply of(CborFields in) throws MalformedException {
      return new ChecksumsReply(Fields.byName(in, "types", Kind::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("types", Fields.byName(kinds, Kind::fields)).build();
    }
  }

  /// How a checksum is told (0 a number, 1 bytes) and its size in bytes.
  public record Kind(long format, long size) {
    static Kind of(CborFields in) throws MalformedException {
      return new Kind(in.unsigned("format"), in.unsigned("size"));
    }

    CborMap fields() {
      return CborMap.builder().put("format", format).put("size", size).build();
    }
  }

  /// Closes the file that the device holds open.
  public record Close() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.FILES_CLOSE.key();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
