// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Optional;

/// Group 66, Nordic's: SUIT envelopes and what they fetch. Envelopes themselves are the business of
/// another room.
public final class Suit {
  private Suit() {}

  /// Asks which manifests the device has.
  public record Manifests() implements Request<ManifestsReply> {
    @Override
    public CommandKey command() {
      return Command.SUIT_MANIFESTS.key();
    }

    @Override
    public ManifestsReply reply(CborFields answer) throws MalformedException {
      return ManifestsReply.of(answer);
    }
  }

  /// The manifests.
  public record ManifestsReply(List<Role> manifests) implements Reply {
    public ManifestsReply {
      manifests = List.copyOf(manifests);
    }

    static ManifestsReply of(CborFields in) throws MalformedException {
      return new ManifestsReply(Fields.list(in, "manifests", Role::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("manifests", Fields.list(manifests, Role::fields)).build();
    }
  }

  /// A manifest by its role.
  public record Role(long role) {
    static Role of(CborFields in) throws MalformedException {
      return new Role(in.unsigned("role"));
    }

    CborMap fields() {
      return CborMap.builder().put("role", role).build();
    }
  }

  /// Asks about the manifest of one role.
  public record ManifestState(long role) implements Request<ManifestStateReply> {
    static ManifestState of(CborFields in) throws MalformedException {
      return new ManifestState(in.unsigned("role"));
    }

    @Override
    public CommandKey command() {
      return Command.SUIT_MANIFEST_STATE.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("role", role).build();
    }

    @Override
    public ManifestStateReply reply(CborFields answer) throws MalformedException {
      return new ManifestStateReply(Fields.without(answer.map(), "rc"));
    }
  }

  /// Class, vendor, digest, version and what else this device tells, as it tells it.
  public record ManifestStateReply(CborMap fields) implements Reply {}

  /// A part of an envelope; `length` at offset 0. With `deferInstall` the device stores it and does
  /// not begin.
  public record Envelope(
      long offset, Bytes data, Optional<Long> length, Optional<Boolean> deferInstall)
      implements Request<PartReply> {
    static Envelope of(CborFields in) throws MalformedException {
      return new Envelope(
          in.unsigned("off"),
          in.bytes("data"),
          in.optionalUnsigned("len"),
          in.optionalBool("defer_install"));
    }

    @Override
    public CommandKey command() {
      return Command.SUIT_ENVELOPE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      length.ifPresent(value -> out.put("len", value));
      deferInstall.ifPresent(value -> out.put("defer_install", value));
      return out.put("off", offset).put("data", data).build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// The offset the device wants next.
  public record PartReply(long offset) implements Reply {
    static PartReply of(CborFields in) throws MalformedException {
      return new PartReply(in.unsigned("off"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("off", offset).build();
    }
  }

  /// Asks whether the device misses an image.
  public record Missing() implements Request<MissingReply> {
    @Override
    public CommandKey command() {
      return Command.SUIT_MISSING.key();
    }

    @Override
    public MissingReply reply(CborFields answer) throws MalformedException {
      return MissingReply.of(answer);
    }
  }

  /// What it misses and under which number it waits for it; nothing when it misses nothing.
  public record MissingReply(Optional<Long> session, Optional<Bytes> resource) implements Reply {
    static MissingReply of(CborFields in) throws MalformedException {
      return new MissingReply(
          in.optionalUnsigned("stream_session_id"), in.optionalBytes("resource_id"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      session.ifPresent(value -> out.put("stream_session_id", value));
      resource.ifPresent(value -> out.put("resource_id", value));
      return out.build();
    }
  }

  /// A part of a missing image; `length` at offset 0.
  public record MissingUpload(
      Optional<Long> session, long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static MissingUpload of(CborFields in) throws MalformedException {
      return new MissingUpload(
          in.optionalUnsigned("stream_session_id"),
          in.unsigned("off"),
          in.bytes("data"),
          in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.SUIT_MISSING_UPLOAD.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      session.ifPresent(value -> out.put("stream_session_id", value));
      out.put("off", offset);
      out.put("data", data);
      length.ifPresent(value -> out.put("len", value));
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// A part of what goes to a cache; `length` at offset 0.
  public record Cache(Optional<Long> target, long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static Cache of(CborFields in) throws MalformedException {
      return new Cache(
          in.optionalUnsigned("target_id"),
          in.unsigned("off"),
          in.bytes("data"),
          in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.SUIT_CACHE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      target.ifPresent(value -> out.put("target_id", value));
      out.put("off", offset);
      out.put("data", data);
      length.ifPresent(value -> out.put("len", value));
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// Gives up what was begun.
  public record CleanUp() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.SUIT_CLEAN_UP.key();
    }

    @Override
    public Patience patience() {
      return Patience.ERASE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
