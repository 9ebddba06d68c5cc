// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// Group 1000, ours: the permit at a device's door. What the bytes mean is the business of other
/// rooms; here they are fields.
public final class Permits {
  private Permits() {}

  /// Asks what device this is.
  public record Info() implements Request<InfoReply> {
    @Override
    public Command command() {
      return Command.PERMIT_INFO;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public InfoReply reply(CborFields answer) throws MalformedException {
      return new InfoReply(
          answer.integer("v"),
          answer.bytes("vid"),
          answer.bytes("cid"),
          answer.integer("root"),
          answer.integer("epoch"),
          answer.unsigned("max"));
    }
  }

  /// Version of the protocol, vendor and class (16 bytes each), version of the root and its epoch,
  /// and the largest bundle in bytes.
  public record InfoReply(
      long version, Bytes vendor, Bytes deviceClass, long root, long epoch, long bundleSizeMax)
      implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder()
          .put("v", version)
          .put("vid", vendor)
          .put("cid", deviceClass)
          .put("root", root)
          .put("epoch", epoch)
          .put("max", bundleSizeMax)
          .build();
    }
  }

  /// Asks how far a permit has come.
  public record Status() implements Request<StatusReply> {
    @Override
    public Command command() {
      return Command.PERMIT_STATUS;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public StatusReply reply(CborFields answer) throws MalformedException {
      return new StatusReply(
          answer.integer("state"), answer.optionalBytes("digest"), answer.unsigned("off"));
    }
  }

  /// The stage as a number, the digest of the accepted manifest, the next image offset wanted.
  public record StatusReply(long stage, Optional<Bytes> digest, long offset) implements Reply {
    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("state", stage);
      digest.ifPresent(value -> out.put("digest", value));
      return out.put("off", offset).build();
    }
  }

  /// A part of the permit bundle; `length` at offset 0.
  public record Bundle(long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static Bundle of(CborFields in) throws MalformedException {
      return new Bundle(in.unsigned("off"), in.bytes("data"), in.optionalUnsigned("len"));
    }

    @Override
    public Command command() {
      return Command.PERMIT_BUNDLE;
    }

    @Override
    public CborMap fields() {
      return partFields(offset, data, length);
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// A part of the block table; `length` at offset 0.
  public record Table(long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static Table of(CborFields in) throws MalformedException {
      return new Table(in.unsigned("off"), in.bytes("data"), in.optionalUnsigned("len"));
    }

    @Override
    public Command command() {
      return Command.PERMIT_TABLE;
    }

    @Override
    public CborMap fields() {
      return partFields(offset, data, length);
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// The offset wanted next; at the end the refusal (0: none) and the digest that was accepted.
  public record PartReply(
      long offset, Optional<Long> refusal, Optional<Bytes> digest, Optional<String> reason)
      implements Reply {
    static PartReply of(CborFields answer) throws MalformedException {
      return new PartReply(
          answer.unsigned("off"),
          answer.optionalInteger("res"),
          answer.optionalBytes("digest"),
          answer.optionalText("why"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("off", offset);
      refusal.ifPresent(value -> out.put("res", value));
      digest.ifPresent(value -> out.put("digest", value));
      reason.ifPresent(value -> out.put("why", value));
      return out.build();
    }
  }

  /// Gives up what is being staged.
  public record Drop() implements Request<Reply.Nothing> {
    @Override
    public Command command() {
      return Command.PERMIT_DROP;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  private static CborMap partFields(long offset, Bytes data, Optional<Long> length) {
    CborMap.Builder out = CborMap.builder();
    length.ifPresent(value -> out.put("len", value));
    return out.put("off", offset).put("data", data).build();
  }
}
