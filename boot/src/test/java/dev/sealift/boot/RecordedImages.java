// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Unpacking;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.Expectation;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The recorded images of imgtool's set, each with the devices it is to be judged on: builds of the
/// bootloader for its kind of key, its hash and its encryption, as its recorded context wants them.
final class RecordedImages {
  private static final int SECTOR = 4096;
  private static final int SECTOR_MIN = 256;
  private static final int SLOT_MIN = 128 << 10;
  private static final int UNPACKED_ROOM = 1 << 20;
  private static final int ADDRESS_MAX = 16 << 20;

  /// Of one recorded image. `verdict` is what the real code said of it, where it was asked and one
  /// answer is right.
  record Entry(String name, Bytes file, CborFields fields, Optional<String> verdict) {}

  private final Vectors vectors;
  private final CborFields root;

  RecordedImages(Vectors vectors) throws MalformedException {
    this.vectors = vectors;
    this.root = CborFields.of(vectors.json("vectors.json"), "vectors");
  }

  /// Those that can be had: what is no HEX at all holds no image to be judged.
  List<Entry> entries(List<String> notHex) throws MalformedException {
    List<Entry> entries = new ArrayList<>();
    for (String list : List.of("vectors", "hostile")) {
      for (CborItem item : root.list(list)) {
        CborFields fields = CborFields.of(item, list);
        String file =
            list.equals("hostile") ? fields.text("file") : fields(fields, "output").text("file");
        try {
          entries.add(new Entry(fields.text("name"), image(file), fields, recordedVerdict(fields)));
        } catch (MalformedException e) {
          notHex.add(fields.text("name") + ": " + e.getMessage());
        }
      }
    }
    return entries;
  }

  private Bytes image(String file) throws MalformedException {
    Bytes bytes = vectors.file(file);
    return file.endsWith(".hex") ? HexFile.read(bytes).flat(0xff) : bytes;
  }

  private static Optional<String> recordedVerdict(CborFields fields) throws MalformedException {
    Optional<CborMap> check = Recorded.optionalMap(fields, "bootloader_check");
    boolean isOpen = fields.optionalText("required_verdict").equals(Optional.of("either"));
    return check.isEmpty() || isOpen
        ? Optional.empty()
        : Optional.of(CborFields.of(check.get(), "check").text("verdict"))
            .filter(verdict -> !verdict.equals("not run"));
  }

  private static CborFields fields(CborFields of, String name) throws MalformedException {
    return CborFields.of(of.required(new CborText(name)), name);
  }

  private static Optional<CborFields> optionalFields(CborFields of, String name)
      throws MalformedException {
    Optional<CborItem> item = of.item(new CborText(name));
    return item.isPresent() && item.get() instanceof CborMap
        ? Optional.of(CborFields.of(item.get(), name))
        : Optional.empty();
  }

  /// The device on which the real code judged the image: one that overwrites, and knows nothing of
  /// the context but its security counter.
  Judged.Device asRecorded(Entry entry) throws MalformedException {
    Optional<CborFields> check = optionalFields(entry.fields, "bootloader_check");
    Optional<Long> counter =
        check.isPresent()
            ? check.get().optionalInteger("stored_security_counter")
            : Optional.empty();
    Mode mode = new Mode.Overwrite(Extent.USED_SECTORS);
    BootPolicy policy = policy(entry, counter.isPresent()).with(Unpacking.REFUSED);
    return new Judged.Device(config(entry, mode, check, policy), counter.map(SecurityCounter::new));
  }

  /// All modes that bring such an image over, or the one of its context.
  List<Judged.Device> devices(Entry entry) throws MalformedException {
    Optional<CborFields> context = optionalFields(entry.fields, "context");
    Optional<Long> counter =
        context.isPresent()
            ? context.get().optionalInteger("stored_security_counter")
            : Optional.empty();
    BootPolicy policy = policy(entry, counter.isPresent());
    if (context.isPresent()) {
      policy = identified(policy, context.get());
    }
    List<Judged.Device> devices = new ArrayList<>();
    for (Mode mode : modes(entry, context, policy)) {
      Optional<ImageVersion> installed = Optional.empty();
      Map<Integer, ImageVersion> others = Map.of();
      List<Expectation> more = List.of();
      BootPolicy chosen = policy;
      if (context.isPresent()) {
        Optional<String> version = context.get().optionalText("installed_version");
        if (version.isPresent()) {
          installed = Optional.of(ImageVersion.parse(version.get()));
          chosen = policy.with(BootPolicy.Downgrade.REFUSED_BY_VERSION);
        }
        others = others(context.get());
        more = resetVector(context.get());
      }
      devices.add(
          new Judged.Device(
              config(entry, mode, context, chosen),
              counter.map(SecurityCounter::new),
              installed,
              others,
              more));
    }
    return devices;
  }

  private static List<Mode> modes(Entry entry, Optional<CborFields> context, BootPolicy policy)
      throws MalformedException {
    Mode overwrite = new Mode.Overwrite(Extent.USED_SECTORS);
    if (policy.unpacking() != Unpacking.REFUSED) {
      return List.of(overwrite);
    }
    if (context.isPresent() && context.get().optionalText("mode").isPresent()) {
      return switch (context.get().text("mode")) {
        case "direct-xip" -> List.of(new Mode.DirectXip(Retreat.NONE));
        case "ram-load" ->
            List.of(
                new Mode.RamLoad(
                    Retreat.NONE,
                    new FlashArea(
                        (int) context.get().integer("exec_ram_start"),
                        (int) context.get().integer("exec_ram_size"))));
        case "overwrite", "overwrite-only" -> List.of(overwrite);
        default -> List.of(new Mode.SwapScratch(new FlashArea(0, SECTOR)));
      };
    }
    List<Mode> modes = new ArrayList<>();
    modes.add(new Mode.SwapScratch(new FlashArea(0, SECTOR)));
    modes.add(new Mode.SwapMove());
    modes.add(new Mode.SwapOffset());
    modes.add(overwrite);
    Optional<ImageHeader> header = header(entry.file);
    // The others do not decrypt, and ask nobody for the version of what was there before.
    boolean isUpdate =
        context.isPresent() && context.get().optionalText("installed_version").isPresent();
    if (!isUpdate && header.filter(ImageHeader::isEncrypted).isEmpty()) {
      modes.add(new Mode.SingleSlot());
      if (header.filter(h -> h.has(ImageFlag.ROM_FIXED)).isEmpty()) {
        modes.add(new Mode.DirectXip(Retreat.NONE));
      }
    }
    return modes;
  }

  private static Optional<ImageHeader> header(Bytes file) {
    try {
      return Optional.of(ImageHeader.read(file));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static Map<Integer, ImageVersion> others(CborFields context) throws MalformedException {
    Map<Integer, ImageVersion> others = new HashMap<>();
    Optional<CborFields> images = optionalFields(context, "images");
    if (images.isPresent()) {
      for (CborItem key : images.get().map().entries().keySet()) {
        String number = Recorded.text(key);
        others.put(Integer.valueOf(number), ImageVersion.parse(images.get().text(number)));
      }
    }
    return others;
  }

  private static List<Expectation> resetVector(CborFields context) throws MalformedException {
    return context.optionalInteger("primary_slot_address").isEmpty()
        ? List.of()
        : List.of(
            new Expectation.ResetsWithin(
                new Expectation.AddressRange(
                    context.integer("primary_slot_address"),
                    context.integer("primary_slot_size"))));
  }

  private static BootPolicy identified(BootPolicy policy, CborFields context)
      throws MalformedException {
    return new BootPolicy(
        policy.trust(),
        policy.primaryCheck(),
        policy.downgrade(),
        policy.rollback(),
        policy.scramble(),
        policy.bootstrap(),
        policy.tlvRule(),
        policy.decryption(),
        policy.unpacking(),
        context.optionalText("device_vendor_id").map(RecordedImages::uuid),
        context.optionalText("device_class_id").map(RecordedImages::uuid));
  }

  private static Bytes uuid(String text) {
    return ImageUuid.write(UUID.fromString(text));
  }

  /// Slots that have room for the image, a trailer and a spare sector, or those of the context.
  private static BootConfig config(
      Entry entry, Mode mode, Optional<CborFields> context, BootPolicy policy)
      throws MalformedException {
    long start = 0;
    int file = Math.ceilDiv(entry.file.size(), SECTOR) * SECTOR;
    int room = policy.unpacking() == Unpacking.REFUSED ? SLOT_MIN / 2 : UNPACKED_ROOM;
    int size = Math.max(SLOT_MIN, file + room);
    int sector = SECTOR;
    int align = 4;
    if (context.isPresent()) {
      CborFields facts = context.get();
      start =
          facts
              .optionalInteger("slot_address")
              .or(() -> number(facts, "primary_slot_address"))
              .orElse(0L);
      size = (int) (long) facts.optionalInteger("slot_size").orElse((long) size);
      boolean isOdd = size % SECTOR_MIN != 0;
      sector = isOdd ? size : Math.min(SECTOR, Integer.lowestOneBit(size));
      align = (int) (long) facts.optionalInteger("align").orElse(isOdd ? 1L : 4L);
    }
    if (start > ADDRESS_MAX || start % sector != 0) {
      throw new IllegalStateException(entry.name + ": no flash reaches to " + start);
    }
    int primary = (int) start;
    int secondary = primary + size;
    int end = secondary + size;
    Mode placed =
        mode instanceof Mode.SwapScratch ? new Mode.SwapScratch(new FlashArea(end, sector)) : mode;
    return new BootConfig(
        placed,
        new FlashGeometry(end + sector, sector, align),
        List.of(
            mode instanceof Mode.SingleSlot
                ? new ImageSlots(new FlashArea(primary, size), Optional.empty())
                : new ImageSlots(new FlashArea(primary, size), new FlashArea(secondary, size))),
        Math.max(align, BootConfig.MAX_ALIGN_DEFAULT),
        Math.max(128, size / sector),
        policy);
  }

  private static Optional<Long> number(CborFields facts, String name) {
    try {
      return facts.optionalInteger(name);
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private BootPolicy policy(Entry entry, boolean counts) throws MalformedException {
    Optional<TlvWalk> walk = header(entry.file).map(header -> TlvWalk.of(entry.file, header));
    List<Integer> types =
        walk.map(w -> w.entries().stream().map(TlvWalk.Entry::type).toList()).orElse(List.of());
    BootPolicy policy = BootPolicy.of(trust(entry, types)).with(decryption(entry, types));
    if (counts) {
      policy = policy.with(BootPolicy.Rollback.COUNTER_IN_DEVICE);
    }
    boolean isPacked = header(entry.file).filter(ImageHeader::isCompressed).isPresent();
    return isPacked ? policy.with(Unpacking.LZMA2) : policy;
  }

  /// The build that takes the first hash the image has; one for pure signatures and one for whole
  /// keys where the image has such.
  private Trust trust(Entry entry, List<Integer> types) throws MalformedException {
    Optional<HashAlgorithm> first =
        types.stream().flatMap(type -> HashAlgorithm.ofTlv(type).stream()).findFirst();
    Optional<String> name = signer(entry.fields);
    if (name.isEmpty()) {
      return new Trust.HashOnly(first.orElse(HashAlgorithm.SHA256));
    }
    VerifyingKey key = publicKey(fields(fields(root, "keys"), name.get()));
    KeyType kind = key.type();
    SignatureScheme scheme = SignatureScheme.of(kind);
    SignatureScheme.Over over =
        kind == KeyType.ED25519 && types.contains(TlvType.SIG_PURE.code())
            ? SignatureScheme.Over.IMAGE
            : SignatureScheme.Over.DIGEST;
    boolean whole =
        types.contains(TlvType.PUBKEY.code()) && !types.contains(TlvType.KEYHASH.code());
    return new Trust.Signatures(
        kind,
        List.of(key),
        first.filter(scheme.hashes()::contains).orElse(scheme.defaultHash(over)),
        over,
        whole ? Trust.KeyName.WHOLE : Trust.KeyName.HASH);
  }

  private static Optional<String> signer(CborFields fields) throws MalformedException {
    if (fields.optionalText("trusted_key").isPresent()) {
      return fields.optionalText("trusted_key");
    }
    Optional<CborFields> signature = optionalFields(fields, "signature");
    return signature.isEmpty() ? Optional.empty() : Optional.of(signature.get().text("key"));
  }

  private VerifyingKey publicKey(CborFields key) throws MalformedException {
    Optional<String> file = key.optionalText("public");
    String text = vectors.file(file.isPresent() ? file.get() : key.text("file")).toUtf8();
    Optional<LockedPem> locked = LockedPem.find(text);
    if (locked.isPresent()) {
      Secret password = Secret.of(key.text("password").getBytes(StandardCharsets.UTF_8));
      if (locked.get().unlock(password) instanceof LockedPem.Unlocking.Unlocked(var pem)) {
        return KeyFile.readPublic(pem);
      }
    }
    return KeyFile.readPublic(text);
  }

  /// With the recorded key, by the scheme of the image's wrapped key.
  private Decryption decryption(Entry entry, List<Integer> types) throws MalformedException {
    Optional<CborFields> encryption = optionalFields(entry.fields, "encryption");
    Optional<String> name =
        encryption.isPresent()
            ? encryption.get().optionalText("key")
            : entry.fields.optionalText("encryption_key");
    if (name.isEmpty()) {
      return new Decryption.None();
    }
    DecryptionKey key;
    try {
      String file = fields(fields(root, "keys"), name.get()).text("file");
      key = DecryptionKey.read(vectors.file(file).toUtf8());
    } catch (MalformedException _) {
      // No bootloader decrypts by such a key.
      return new Decryption.None();
    }
    Optional<CborFields> context = optionalFields(entry.fields, "context");
    Optional<Long> bits =
        context.isPresent() ? context.get().optionalInteger("device_key_bits") : Optional.empty();
    ContentKeySize size =
        bits.flatMap(b -> ContentKeySize.ofBytes((int) (b / 8)))
            .or(() -> header(entry.file).flatMap(ContentKeySize::of))
            .orElse(ContentKeySize.AES_128);
    EncryptionScheme scheme =
        types.stream()
            .flatMap(type -> EncryptionScheme.ofTlv(type).stream())
            .findFirst()
            .orElse(EncryptionScheme.ECIES_X25519);
    return new Decryption.With(key, scheme, size, Decryption.Kept.CONTENT_KEY);
  }
}
