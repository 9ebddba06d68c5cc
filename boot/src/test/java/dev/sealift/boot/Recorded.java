// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.BootPolicy.Scramble;
import dev.sealift.boot.FlashGeometry.Programming;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.testkit.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The recorded boots of one folder: devices, images and pieces by the form its README documents.
final class Recorded {
  /// What a recording was made on.
  record Device(String name, String mode, CborFields fields) {}

  private final Vectors vectors;
  private final CborMap keys;
  private final CborMap images;
  private final Map<String, Device> devices = new LinkedHashMap<>();
  private final Map<String, BootConfig> configs = new ConcurrentHashMap<>();
  private final Map<String, Bytes> imageBytes = new ConcurrentHashMap<>();

  Recorded(Vectors vectors) throws MalformedException {
    this.vectors = vectors;
    CborFields all = CborFields.of(vectors.json("devices.json"), "devices");
    this.keys = map(all, "keys");
    this.images = map(CborFields.of(vectors.json("images.json"), "images"), "images");
    for (var entry : map(all, "devices").entries().entrySet()) {
      String name = CborFields.expect(entry.getKey(), CborText.class, "name").value();
      CborFields fields = CborFields.of(entry.getValue(), name);
      String mode = fields.text("mode");
      devices.put(name, new Device(name, mode, fields));
    }
  }

  private static boolean isPresent(CborFields fields, String key) {
    return fields.item(new CborText(key)).filter(item -> !(item instanceof CborNull)).isPresent();
  }

  /// The maps or lists of a file, in the file's order.
  List<CborFields> entries(String file, String list) throws MalformedException {
    List<CborFields> entries = new ArrayList<>();
    for (CborItem item : CborFields.of(vectors.json(file), file).list(list)) {
      entries.add(CborFields.of(item, list));
    }
    return entries;
  }

  Map<String, Device> devices() {
    return devices;
  }

  Device device(String name) {
    return Optional.ofNullable(devices.get(name)).orElseThrow();
  }

  BootConfig config(Device device) throws MalformedException {
    BootConfig known = configs.get(device.name());
    if (known != null) {
      return known;
    }
    CborFields fields = device.fields();
    BootConfig config =
        new BootConfig(
            mode(fields),
            geometry(fields),
            area(fields.list("primary")),
            area(fields.list("secondary")),
            (int) fields.integer("max_align"),
            (int) fields.integer("max_sectors"),
            policy(fields));
    configs.put(device.name(), config);
    return config;
  }

  private static Mode mode(CborFields fields) throws MalformedException {
    return switch (fields.text("mode")) {
      case "scratch" -> new Mode.SwapScratch(area(fields.list("scratch")));
      case "move" -> new Mode.SwapMove();
      case "offset" -> new Mode.SwapOffset();
      case "overwrite-fast" -> new Mode.Overwrite(Mode.Extent.USED_SECTORS);
      case "overwrite" -> new Mode.Overwrite(Mode.Extent.WHOLE_SLOT);
      case "direct-xip" -> new Mode.DirectXip(Mode.Retreat.NONE);
      case "direct-xip-revert" -> new Mode.DirectXip(Mode.Retreat.UNLESS_CONFIRMED);
      case String other -> throw new IllegalStateException("mode " + other);
    };
  }

  private static FlashGeometry geometry(CborFields fields) throws MalformedException {
    FlashGeometry geometry =
        new FlashGeometry(
            (int) fields.integer("flash_size"),
            (int) fields.integer("sector_size"),
            (int) fields.integer("align"));
    return isPresent(fields, "flash") ? geometry.with(Programming.CLEARS_BITS) : geometry;
  }

  private Decryption decryption(CborFields encryption) throws MalformedException {
    CborItem key = encryption.required(new CborText("key"));
    String pem = CborFields.of(keys.get(key).orElseThrow(), "key").text("private");
    return new Decryption.With(
        DecryptionKey.read(vectors.file(pem).toUtf8()),
        switch (encryption.text("scheme")) {
          case "ecies-p256" -> EncryptionScheme.ECIES_P256;
          case "ecies-x25519" -> EncryptionScheme.ECIES_X25519;
          case String other -> throw new IllegalStateException("encryption " + other);
        },
        ContentKeySize.AES_128,
        encryption.optionalBool("save_enctlv").orElse(false)
            ? Decryption.Kept.TLV
            : Decryption.Kept.CONTENT_KEY);
  }

  private BootPolicy policy(CborFields fields) throws MalformedException {
    BootPolicy policy = BootPolicy.of(trust(fields));
    if (fields.optionalBool("validate_primary").equals(Optional.of(false))) {
      policy = policy.with(PrimaryCheck.MAGIC_ONLY);
    }
    if (fields.optionalBool("hw_counter").equals(Optional.of(true))) {
      policy = policy.with(Rollback.COUNTER_IN_DEVICE);
    }
    if (fields.optionalBool("minimal_scramble").equals(Optional.of(true))) {
      policy = policy.with(Scramble.HEADER_AND_TRAILER);
    }
    if (fields.optionalBool("bootstrap").equals(Optional.of(true))) {
      policy = policy.with(Bootstrap.FROM_SECONDARY);
    }
    if (isPresent(fields, "encryption")) {
      CborItem encryption = fields.required(new CborText("encryption"));
      policy = policy.with(decryption(CborFields.of(encryption, "encryption")));
    }
    return switch (fields.optionalText("downgrade_prevention").orElse("none")) {
      case "none" -> policy;
      case "version" -> policy.with(Downgrade.REFUSED_BY_VERSION);
      case "counter" -> policy.with(Downgrade.REFUSED_BY_COUNTER);
      case String other -> throw new IllegalStateException("downgrade prevention " + other);
    };
  }

  private Trust trust(CborFields fields) throws MalformedException {
    String word = fields.text("signature");
    if (word.equals("none")) {
      return new Trust.HashOnly();
    }
    KeyType kind = KeyType.named(word).orElseThrow(() -> new IllegalStateException(word));
    List<VerifyingKey> trusted = new ArrayList<>();
    for (CborItem name : fields.list("keys")) {
      String file = CborFields.of(keys.get(name).orElseThrow(), "key").text("public");
      trusted.add(KeyFile.readPublic(vectors.file(file).toUtf8()));
    }
    return new Trust.Signatures(kind, trusted);
  }

  static FlashArea area(List<CborItem> startAndSize) throws MalformedException {
    return new FlashArea(integer(startAndSize.get(0)), integer(startAndSize.get(1)));
  }

  static int integer(CborItem item) throws MalformedException {
    return (int) CborFields.expect(item, CborInt.class, "number").toLong();
  }

  static String text(CborItem item) throws MalformedException {
    return CborFields.expect(item, CborText.class, "text").value();
  }

  static CborMap map(CborFields fields, String key) throws MalformedException {
    return fields.required(new CborText(key), CborMap.class);
  }

  static Optional<CborMap> optionalMap(CborFields fields, String key) throws MalformedException {
    return fields.optional(new CborText(key), CborMap.class);
  }

  static List<CborItem> listOrEmpty(CborFields fields, String key) throws MalformedException {
    return fields
        .optional(new CborText(key), CborList.class)
        .map(CborList::items)
        .orElse(List.of());
  }

  List<String> imageNames() throws MalformedException {
    List<String> names = new ArrayList<>();
    for (CborItem name : images.entries().keySet()) {
      names.add(text(name));
    }
    return names;
  }

  /// The first device that trusts the key that signed the image, or hashes alone where none did.
  Optional<Device> trusting(String image) throws MalformedException {
    CborFields fields =
        CborFields.of(images.get(image).orElseThrow(() -> new IllegalStateException(image)), image);
    boolean isSigned = isPresent(fields, "key");
    for (Device device : devices.values()) {
      if (isSigned
          ? device.fields().list("keys").contains(new CborText(fields.text("key")))
          : device.fields().text("signature").equals("none")) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  Bytes image(String name) throws MalformedException {
    Bytes known = imageBytes.get(name);
    if (known != null) {
      return known;
    }
    CborFields fields =
        CborFields.of(images.get(name).orElseThrow(() -> new IllegalStateException(name)), name);
    List<Bytes> parts = new ArrayList<>();
    for (CborItem piece : fields.list("pieces")) {
      parts.add(piece(CborFields.of(piece, "piece")));
    }
    Bytes bytes = Bytes.concat(parts.toArray(Bytes[]::new));
    if (bytes.size() != fields.integer("size")
        || !bytes.sha256().toHex().equals(fields.text("sha256"))) {
      throw new IllegalStateException("image " + name + " is not what it should be");
    }
    imageBytes.put(name, bytes);
    return bytes;
  }

  Bytes piece(CborFields piece) throws MalformedException {
    if (piece.optionalText("hex").isPresent()) {
      return Bytes.ofHex(piece.text("hex"));
    }
    if (piece.optionalText("fill").isPresent()) {
      return Bytes.filled((int) piece.integer("len"), Bytes.ofHex(piece.text("fill")).at(0));
    }
    if (piece.optionalText("gen").isPresent()) {
      return generated(piece.text("gen"), (int) piece.integer("len"));
    }
    if (piece.optionalText("file").isPresent()) {
      return vectors.file(piece.text("file"));
    }
    return image(piece.text("image"));
  }

  private static Bytes generated(String seed, int length) {
    List<Bytes> parts = new ArrayList<>();
    for (int i = 0; i * 32 < length; i++) {
      parts.add(Bytes.ofUtf8(seed + ":" + i).sha256());
    }
    return Bytes.concat(parts.toArray(Bytes[]::new)).first(length);
  }

  void lay(Flash flash, List<CborItem> pieces) throws MalformedException {
    for (CborItem item : pieces) {
      CborFields piece = CborFields.of(item, "piece");
      flash.lay((int) piece.integer("at"), piece(piece));
    }
  }

  /// A device as a vector begins with it; the start is checked where its hash is given.
  Flash start(BootConfig config, CborFields vector) throws MalformedException {
    Flash flash = new Flash(config.flash());
    lay(flash, vector.list("start"));
    Optional<Long> counter = vector.optionalInteger("counter");
    if (counter.isPresent()) {
      flash.restore(
          new FlashSnapshot(flash.snapshot().content(), new SecurityCounter(counter.get())));
    }
    Optional<String> sha = vector.optionalText("start_sha");
    if (sha.isPresent() && !sha.get().equals(sha(flash))) {
      throw new IllegalStateException(vector.optionalText("name") + " starts otherwise");
    }
    return flash;
  }

  static String sha(Flash flash) {
    return flash.sha256().toHex().substring(0, 32);
  }

  static String sha16(Flash flash) {
    return sha(flash).substring(0, 16);
  }
}
