// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Group 1000, ours: the permit at a device's door. What the bytes mean is the business of other
/// rooms; here they are fields.
///
/// ```
/// 0 info    -> v, vid, cid, did, ? dep, root, epoch, max, mode, slots: [[image, size]]
/// 1 nonce   -> n, ttl
/// 2 bundle  off, data, ? len -> off; at the end res, ? digest, ? rsn, ? wait
/// 3 status  -> state, ? digest, img, off, beacon, ? stale
/// 4 session off, data, ? len -> off; at the end res, ? grant, ? ttl, ? rsn
/// 5 have    -> have: [[digest, sequence, size, beacon]]
/// 6 get     digest, what, ? img, off, n -> off, data, len
/// 7 drop
/// 8 table   ? img, off, data, ? len -> off; at the end res, ? rsn
/// ```
///
/// An older agent leaves out of its replies what it does not know of: such fields are optional. An
/// image number that is left out is 0.
public final class Permits {
  /// The highest number of an image.
  public static final int IMAGE_MAX = 0xff;

  /// Vendors, classes, devices and deployments have ids of this size, and so has a nonce.
  public static final int ID_SIZE = 16;

  /// How much of a digest names a release among those that a device has.
  public static final int SHORT_DIGEST_SIZE = 8;

  /// A device tells of no more images.
  public static final int ROOMS_MAX = IMAGE_MAX + 1;

  /// A device tells of no more releases.
  public static final int RELEASES_MAX = 128;

  private Permits() {}

  /// Asks what device this is.
  public record Info() implements Request<InfoReply> {
    @Override
    public CommandKey command() {
      return Command.PERMIT_INFO.key();
    }

    @Override
    public InfoReply reply(CborFields answer) throws MalformedException {
      return InfoReply.of(answer);
    }
  }

  /// Version of the protocol; vendor, class, device and deployment; version of the root and its
  /// epoch; the largest bundle in bytes; how much freshness the root asks for (0 open, 1 bounded, 2
  /// strict); and how much room there is for each image.
  public record InfoReply(
      long version,
      Bytes vendor,
      Bytes deviceClass,
      Optional<Bytes> device,
      Optional<Bytes> deployment,
      long root,
      long epoch,
      long bundleSizeMax,
      Optional<Integer> mode,
      List<Room> rooms)
      implements Reply {
    private static final int MODE_MAX = 0xff;

    public InfoReply {
      rooms = List.copyOf(rooms);
    }

    static InfoReply of(CborFields in) throws MalformedException {
      return new InfoReply(
          in.integer("v"),
          in.bytes("vid", ID_SIZE),
          in.bytes("cid", ID_SIZE),
          in.optionalBytes("did", ID_SIZE),
          in.optionalBytes("dep", ID_SIZE),
          in.integer("root"),
          in.integer("epoch"),
          in.unsigned("max"),
          in.optionalNumber("mode", MODE_MAX),
          rooms(in));
    }

    private static List<Room> rooms(CborFields in) throws MalformedException {
      List<Room> rooms = new ArrayList<>();
      for (CborItem item : atMost(ROOMS_MAX, optionalList(in, "slots"), "slots")) {
        rooms.add(Room.of(item));
      }
      return rooms;
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out =
          CborMap.builder().put("v", version).put("vid", vendor).put("cid", deviceClass);
      device.ifPresent(value -> out.put("did", value));
      deployment.ifPresent(value -> out.put("dep", value));
      out.put("root", root).put("epoch", epoch).put("max", bundleSizeMax);
      mode.ifPresent(value -> out.put("mode", value));
      if (!rooms.isEmpty()) {
        out.put("slots", new CborList(rooms.stream().<CborItem>map(Room::item).toList()));
      }
      return out.build();
    }
  }

  /// The largest file, in bytes, that a device takes for one of its images.
  public record Room(int image, long size) {
    static Room of(CborItem item) throws MalformedException {
      List<CborItem> parts = listOf(2, item, "room of an image");
      return new Room((int) number(parts.get(0), IMAGE_MAX), number(parts.get(1), Long.MAX_VALUE));
    }

    CborList item() {
      return CborList.of(CborInt.of(image), CborInt.of(size));
    }
  }

  /// Asks for a number that the device has never used: an answer to it is no older than that.
  public record Nonce() implements Request<NonceReply> {
    @Override
    public CommandKey command() {
      return Command.PERMIT_NONCE.key();
    }

    @Override
    public NonceReply reply(CborFields answer) throws MalformedException {
      return new NonceReply(answer.bytes("n", ID_SIZE), seconds(answer.number("ttl", SECONDS_MAX)));
    }
  }

  /// The nonce, and how long the device remembers it, in whole seconds.
  public record NonceReply(Bytes nonce, Duration lifetime) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("n", nonce).put("ttl", lifetime.toSeconds()).build();
    }
  }

  /// A part of the permit bundle; `length` at offset 0.
  public record Bundle(long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static Bundle of(CborFields in) throws MalformedException {
      return new Bundle(in.unsigned("off"), in.bytes("data"), in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.PERMIT_BUNDLE.key();
    }

    @Override
    public CborMap fields() {
      return partFields(CborMap.builder(), offset, data, length);
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// A part of the block table of one image; `length` at offset 0.
  public record Table(Optional<Integer> image, long offset, Bytes data, Optional<Long> length)
      implements Request<PartReply> {
    static Table of(CborFields in) throws MalformedException {
      return new Table(
          in.optionalNumber("img", IMAGE_MAX),
          in.unsigned("off"),
          in.bytes("data"),
          in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.PERMIT_TABLE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      image.ifPresent(value -> out.put("img", value));
      return partFields(out, offset, data, length);
    }

    @Override
    public PartReply reply(CborFields answer) throws MalformedException {
      return PartReply.of(answer);
    }
  }

  /// The offset wanted next; at the end the refusal (0: none), the digest that was accepted, a
  /// sentence for people, and how long to wait before another try, in whole seconds.
  public record PartReply(
      long offset,
      Optional<Long> refusal,
      Optional<Bytes> digest,
      Optional<String> reason,
      Optional<Duration> retryAfter)
      implements Reply {
    static PartReply of(CborFields answer) throws MalformedException {
      return new PartReply(
          answer.unsigned("off"),
          answer.optionalInteger("res"),
          answer.optionalBytes("digest"),
          answer.optionalText("rsn"),
          answer.optionalNumber("wait", SECONDS_MAX).map(Permits::seconds));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("off", offset);
      refusal.ifPresent(value -> out.put("res", value));
      digest.ifPresent(value -> out.put("digest", value));
      reason.ifPresent(value -> out.put("rsn", value));
      retryAfter.ifPresent(value -> out.put("wait", value.toSeconds()));
      return out.build();
    }
  }

  /// Asks how far a permit has come.
  public record Status() implements Request<StatusReply> {
    @Override
    public CommandKey command() {
      return Command.PERMIT_STATUS.key();
    }

    @Override
    public StatusReply reply(CborFields answer) throws MalformedException {
      return new StatusReply(
          answer.integer("state"),
          answer.optionalBytes("digest"),
          answer.optionalNumber("img", IMAGE_MAX),
          answer.unsigned("off"),
          answer.optionalUnsigned("beacon"),
          answer.optionalBool("stale"));
    }
  }

  /// The stage as a number, the digest of the accepted manifest, the image that is due and the
  /// offset wanted of it, the number of the newest beacon (0: none), and whether that is too old.
  public record StatusReply(
      long stage,
      Optional<Bytes> digest,
      Optional<Integer> image,
      long offset,
      Optional<Long> beacon,
      Optional<Boolean> stale)
      implements Reply {
    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("state", stage);
      digest.ifPresent(value -> out.put("digest", value));
      image.ifPresent(value -> out.put("img", value));
      out.put("off", offset);
      beacon.ifPresent(value -> out.put("beacon", value));
      stale.ifPresent(value -> out.put("stale", value));
      return out.build();
    }
  }

  /// A part of a session permit; `length` at offset 0.
  public record Session(long offset, Bytes data, Optional<Long> length)
      implements Request<SessionReply> {
    static Session of(CborFields in) throws MalformedException {
      return new Session(in.unsigned("off"), in.bytes("data"), in.optionalUnsigned("len"));
    }

    @Override
    public CommandKey command() {
      return Command.PERMIT_SESSION.key();
    }

    @Override
    public CborMap fields() {
      return partFields(CborMap.builder(), offset, data, length);
    }

    @Override
    public SessionReply reply(CborFields answer) throws MalformedException {
      return SessionReply.of(answer);
    }
  }

  /// The offset wanted next; at the end the refusal (0: none), the bits of the actions that are
  /// granted, for how long, in whole seconds, and a sentence for people.
  public record SessionReply(
      long offset,
      Optional<Long> refusal,
      Optional<Integer> grant,
      Optional<Duration> lifetime,
      Optional<String> reason)
      implements Reply {
    static SessionReply of(CborFields answer) throws MalformedException {
      return new SessionReply(
          answer.unsigned("off"),
          answer.optionalInteger("res"),
          answer.optionalNumber("grant", Integer.MAX_VALUE),
          answer.optionalNumber("ttl", SECONDS_MAX).map(Permits::seconds),
          answer.optionalText("rsn"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("off", offset);
      refusal.ifPresent(value -> out.put("res", value));
      grant.ifPresent(value -> out.put("grant", value));
      lifetime.ifPresent(value -> out.put("ttl", value.toSeconds()));
      reason.ifPresent(value -> out.put("rsn", value));
      return out.build();
    }
  }

  /// Asks which releases the device could hand on.
  public record Have() implements Request<HaveReply> {
    @Override
    public CommandKey command() {
      return Command.PERMIT_HAVE.key();
    }

    @Override
    public HaveReply reply(CborFields answer) throws MalformedException {
      List<Held> releases = new ArrayList<>();
      for (CborItem item : atMost(RELEASES_MAX, answer.list("have"), "have")) {
        releases.add(Held.of(item));
      }
      return new HaveReply(releases);
    }
  }

  /// The releases that a device has.
  public record HaveReply(List<Held> releases) implements Reply {
    public HaveReply {
      releases = List.copyOf(releases);
    }

    @Override
    public CborMap fields() {
      return CborMap.builder()
          .put("have", new CborList(releases.stream().<CborItem>map(Held::item).toList()))
          .build();
    }
  }

  /// One release: the first bytes of its manifest's digest, its sequence (64 bits, unsigned), the
  /// size of its image bytes, and the number of the beacon that comes with it (0: none).
  public record Held(Bytes digest, BigInteger sequence, long size, long beacon) {
    static Held of(CborItem item) throws MalformedException {
      List<CborItem> parts = listOf(4, item, "release");
      return new Held(
          shortDigest(CborFields.expect(parts.get(0), CborBytes.class, "digest").value()),
          sequence(CborFields.expect(parts.get(1), CborInt.class, "sequence").value()),
          number(parts.get(2), Long.MAX_VALUE),
          number(parts.get(3), Long.MAX_VALUE));
    }

    private static Bytes shortDigest(Bytes bytes) throws MalformedException {
      if (bytes.size() != SHORT_DIGEST_SIZE) {
        throw new MalformedException(
            "the digest of a release has %d bytes, expected %d"
                .formatted(bytes.size(), SHORT_DIGEST_SIZE),
            0);
      }
      return bytes;
    }

    private static BigInteger sequence(BigInteger number) throws MalformedException {
      if (number.signum() < 0) {
        throw new MalformedException("a sequence is below zero: " + number, 0);
      }
      return number;
    }

    CborList item() {
      return CborList.of(
          new CborBytes(digest), new CborInt(sequence), CborInt.of(size), CborInt.of(beacon));
    }
  }

  /// Asks for `size` bytes from `offset` of something that belongs to a release. The release is
  /// named by the first bytes of its manifest's digest.
  public record Get(Bytes digest, What what, long offset, int size) implements Request<GetReply> {
    private static final int SIZE_MAX = 0xffff;

    /// What is asked for. Image bytes are not: they travel as uploads, to where they are wanted.
    public sealed interface What {
      record Bundle() implements What {}

      /// The block table of one image.
      record Table(int image) implements What {}
    }

    private static final int BUNDLE = 0;
    private static final int TABLE = 1;

    static Get of(CborFields in) throws MalformedException {
      return new Get(
          in.bytes("digest", SHORT_DIGEST_SIZE),
          what(in),
          in.unsigned("off"),
          in.number("n", SIZE_MAX));
    }

    private static What what(CborFields in) throws MalformedException {
      return in.number("what", TABLE) == BUNDLE
          ? new What.Bundle()
          : new What.Table(in.optionalNumber("img", IMAGE_MAX).orElse(0));
    }

    @Override
    public CommandKey command() {
      return Command.PERMIT_GET.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("digest", digest);
      switch (what) {
        case What.Bundle() -> out.put("what", BUNDLE);
        case What.Table(var image) -> {
          out.put("what", TABLE);
          if (image != 0) {
            out.put("img", image);
          }
        }
      }
      return out.put("off", offset).put("n", size).build();
    }

    @Override
    public GetReply reply(CborFields answer) throws MalformedException {
      return new GetReply(answer.unsigned("off"), answer.bytes("data"), answer.unsigned("len"));
    }
  }

  /// Bytes from `offset` on, as many as fit, of something that has `length` bytes in all.
  public record GetReply(long offset, Bytes data, long length) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("off", offset).put("data", data).put("len", length).build();
    }
  }

  /// Gives up what is being staged.
  public record Drop() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.PERMIT_DROP.key();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  private static final int SECONDS_MAX = Integer.MAX_VALUE;

  private static Duration seconds(int number) {
    return Duration.ofSeconds(number);
  }

  private static CborMap partFields(
      CborMap.Builder out, long offset, Bytes data, Optional<Long> length) {
    length.ifPresent(value -> out.put("len", value));
    return out.put("off", offset).put("data", data).build();
  }

  private static List<CborItem> optionalList(CborFields in, String key) throws MalformedException {
    return in.map().get(key).isEmpty() ? List.of() : in.list(key);
  }

  private static List<CborItem> atMost(int max, List<CborItem> items, String what)
      throws MalformedException {
    if (items.size() > max) {
      throw new MalformedException(
          "%s has %d items, the most is %d".formatted(what, items.size(), max), 0);
    }
    return items;
  }

  private static List<CborItem> listOf(int size, CborItem item, String what)
      throws MalformedException {
    List<CborItem> parts = CborFields.expect(item, CborList.class, what).items();
    if (parts.size() != size) {
      throw new MalformedException(
          "a %s has %d items, expected %d".formatted(what, parts.size(), size), 0);
    }
    return parts;
  }

  private static long number(CborItem item, long max) throws MalformedException {
    long number = CborFields.toLong(CborFields.expect(item, CborInt.class, "number"), "number");
    if (number < 0 || number > max) {
      throw new MalformedException("a number is %d, from 0 to %d".formatted(number, max), 0);
    }
    return number;
  }
}
