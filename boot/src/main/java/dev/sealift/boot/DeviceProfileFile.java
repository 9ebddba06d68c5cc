// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.BootPolicy.Scramble;
import dev.sealift.boot.BootPolicy.TlvRule;
import dev.sealift.boot.BootPolicy.Unpacking;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The file of a device profile: TOML, written by people, with Zephyr's defaults for whatever it
/// does not say.
///
/// ```
/// name = "lamp"                      # file name, label
/// board = "nrf52840dk/nrf52840"
/// vendor = "acme.example"            # optional: a domain or a UUID, as imgtool's --vid
/// class = "lamp-2"                   # optional: a name or a UUID, as imgtool's --cid
///
/// [flash]
/// size = "1 MiB"
/// sector = "4 KiB"
/// write-unit = 4
/// erased-value = 0xff                # default
/// programming = "only-erased"        # default; or clears-bits
///
/// [timings]                          # microseconds; what is not known is left out
/// erase-us-per-sector = 85000
/// program-us-per-unit = 41
/// read-us-per-kib = 16
///
/// [boot]
/// mode = "swap-offset"               # default without scratch; or swap-scratch, swap-move,
///                                    # overwrite, direct-xip, ram-load, single-slot
/// scratch = { start = 0xf0000, size = "32 KiB" }     # swap-scratch only, and makes it the default
/// extent = "used-sectors"            # overwrite only; or whole-slot
/// retreat = "none"                   # direct-xip and ram-load; or unless-confirmed
/// ram = { start = 0x20000000, size = "256 KiB" }     # ram-load only
/// max-align = 8                      # default: 8, or the write unit if that is larger
/// max-sectors = 118                  # default: the sectors of the largest slot
/// keys = ["image.pub.pem"]           # beside this file; none: only hashes are checked
/// hash = "sha256"                    # or sha384, sha512; default: what goes with the keys
/// signed = "digest"                  # or image: a build for "pure" Ed25519
/// key-name = "hash"                  # or whole: only hashes of keys are in the device
/// primary-check = "whole"            # or magic-only
/// downgrade = "allowed"              # or refused-by-version, refused-by-counter
/// rollback = "unprotected"           # or counter-in-device
/// scramble = "whole-slot"            # or header-and-trailer
/// bootstrap = "off"                  # or from-secondary
/// tlv-rule = "allow-list"            # or anything
/// unpacking = "refused"              # or lzma2
/// identity = "unchecked"             # what an image must name: vendor, class, vendor-and-class
///
/// [boot.decryption]                  # optional
/// key = "device.pem"
/// scheme = "ecies-p256"
/// content-key = "aes-128"            # default; or aes-256
/// kept = "content-key"               # default; or tlv
///
/// [[image]]                          # one for each image, the first is started
/// primary = { start = 0xc000, size = "472 KiB" }
/// secondary = { start = 0x82000, size = "472 KiB" }
///
/// [storage]                          # optional: for the agent's memory
/// start = 0xf8000
/// size = "32 KiB"
///
/// [smp]                              # default: 4 of 384 bytes
/// buffer-size = 2475
/// buffer-count = 4
/// ```
///
/// A file that is read is right: every fault is told with its key, unknown keys too.
public final class DeviceProfileFile {
  private final TomlTable file;
  private final KeyReader keyReader;

  /// Gives the text of a key file that a profile names.
  @FunctionalInterface
  public interface KeyReader {
    String read(String name) throws MalformedException;
  }

  private enum ModeWord {
    SWAP_SCRATCH,
    SWAP_MOVE,
    SWAP_OFFSET,
    OVERWRITE,
    DIRECT_XIP,
    RAM_LOAD,
    SINGLE_SLOT
  }

  private enum IdentityWord {
    UNCHECKED,
    VENDOR,
    CLASS,
    VENDOR_AND_CLASS
  }

  /// Keys of `[boot]` that belong to some modes alone.
  private static final Map<String, List<ModeWord>> KEYS_OF_MODES =
      Map.of(
          "scratch", List.of(ModeWord.SWAP_SCRATCH),
          "extent", List.of(ModeWord.OVERWRITE),
          "retreat", List.of(ModeWord.DIRECT_XIP, ModeWord.RAM_LOAD),
          "ram", List.of(ModeWord.RAM_LOAD));

  private DeviceProfileFile(TomlTable file, KeyReader keyReader) {
    this.file = file;
    this.keyReader = keyReader;
  }

  public static DeviceProfile read(String text, KeyReader keyReader) throws MalformedException {
    return new DeviceProfileFile(TomlTable.read(text), keyReader).profile();
  }

  private DeviceProfile profile() throws MalformedException {
    String name = file.text("name");
    String board = file.text("board");
    Optional<UUID> vendor = vendor();
    Optional<UUID> deviceClass = deviceClass(vendor);
    FlashGeometry flash = flash(file.table("flash"));
    FlashTimings timings = timings(file.optionalTable("timings"));
    TomlTable boot = file.table("boot");
    Mode mode = mode(boot);
    BootPolicy policy = policy(boot, vendor, deviceClass);
    List<ImageSlots> images = images(mode);
    Optional<FlashArea> storage =
        file.has("storage") ? Optional.of(file.area("storage")) : Optional.empty();
    requireApartAndWhole(flash, mode, images, storage);
    int maxAlign = maxAlign(boot, flash);
    int maxSectors = boot.number("max-sectors", 1, 0xffff, largestSlot(images, flash));
    requireRoomBesideTrailer(flash, mode, images, policy, maxAlign, maxSectors);
    SmpBuffers smp = smp(file.optionalTable("smp"));
    boot.nothingElse();
    file.nothingElse();
    try {
      return new DeviceProfile(
          name,
          board,
          new BootConfig(mode, flash, images, maxAlign, maxSectors, policy),
          timings,
          storage,
          vendor,
          deviceClass,
          smp);
    } catch (IllegalArgumentException e) {
      // What is left: the name, too many images.
      throw new MalformedException(String.valueOf(e.getMessage()), 0, e);
    }
  }

  private Optional<UUID> vendor() throws MalformedException {
    Optional<String> text = file.optionalText("vendor");
    return text.isEmpty() ? Optional.empty() : Optional.of(ImageUuid.vendor(text.get()));
  }

  private Optional<UUID> deviceClass(Optional<UUID> vendor) throws MalformedException {
    Optional<String> text = file.optionalText("class");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (ImageUuid.isRaw(text.get())) {
      return Optional.of(UUID.fromString(text.get()));
    }
    if (vendor.isEmpty()) {
      throw file.fault("class", "a class by name needs the vendor it is a class of");
    }
    return Optional.of(ImageUuid.deviceClass(vendor.get(), text.get()));
  }

  private FlashGeometry flash(TomlTable table) throws MalformedException {
    int size = table.size("size");
    int sector = table.size("sector");
    int unit = table.number("write-unit", 1, FlashGeometry.WRITE_ALIGN_MAX);
    int erased = table.number("erased-value", 0, 0xff, FlashGeometry.ERASED);
    FlashGeometry.Programming programming =
        table.choice(
            "programming", FlashGeometry.Programming.class, FlashGeometry.Programming.ONLY_ERASED);
    table.nothingElse();
    try {
      return new FlashGeometry(size, sector, unit, erased, programming);
    } catch (IllegalArgumentException e) {
      throw file.fault("flash", String.valueOf(e.getMessage()));
    }
  }

  private static FlashTimings timings(TomlTable table) throws MalformedException {
    FlashTimings timings =
        new FlashTimings(
            table.micros("erase-us-per-sector"),
            table.micros("program-us-per-unit"),
            table.micros("read-us-per-kib"));
    table.nothingElse();
    return timings;
  }

  private static Mode mode(TomlTable boot) throws MalformedException {
    ModeWord word =
        boot.choice(
            "mode",
            ModeWord.class,
            boot.has("scratch") ? ModeWord.SWAP_SCRATCH : ModeWord.SWAP_OFFSET);
    for (Map.Entry<String, List<ModeWord>> entry : KEYS_OF_MODES.entrySet()) {
      if (!entry.getValue().contains(word) && boot.has(entry.getKey())) {
        throw boot.fault(entry.getKey(), "has no meaning in the mode " + TomlTable.word(word));
      }
    }
    return switch (word) {
      case SWAP_SCRATCH -> new Mode.SwapScratch(boot.area("scratch"));
      case SWAP_MOVE -> new Mode.SwapMove();
      case SWAP_OFFSET -> new Mode.SwapOffset();
      case OVERWRITE ->
          new Mode.Overwrite(boot.choice("extent", Extent.class, Extent.USED_SECTORS));
      case DIRECT_XIP -> new Mode.DirectXip(boot.choice("retreat", Retreat.class, Retreat.NONE));
      case RAM_LOAD ->
          new Mode.RamLoad(boot.choice("retreat", Retreat.class, Retreat.NONE), boot.area("ram"));
      case SINGLE_SLOT -> new Mode.SingleSlot();
    };
  }

  private BootPolicy policy(TomlTable boot, Optional<UUID> vendor, Optional<UUID> deviceClass)
      throws MalformedException {
    IdentityWord identity = boot.choice("identity", IdentityWord.class, IdentityWord.UNCHECKED);
    BootPolicy zephyr = BootPolicy.of(trust(boot));
    return new BootPolicy(
        zephyr.trust(),
        boot.choice("primary-check", PrimaryCheck.class, zephyr.primaryCheck()),
        boot.choice("downgrade", Downgrade.class, zephyr.downgrade()),
        boot.choice("rollback", Rollback.class, zephyr.rollback()),
        boot.choice("scramble", Scramble.class, zephyr.scramble()),
        boot.choice("bootstrap", Bootstrap.class, zephyr.bootstrap()),
        boot.choice("tlv-rule", TlvRule.class, zephyr.tlvRule()),
        decryption(boot),
        boot.choice("unpacking", Unpacking.class, zephyr.unpacking()),
        identity == IdentityWord.VENDOR || identity == IdentityWord.VENDOR_AND_CLASS
            ? Optional.of(demanded(boot, "vendor", vendor))
            : Optional.empty(),
        identity == IdentityWord.CLASS || identity == IdentityWord.VENDOR_AND_CLASS
            ? Optional.of(demanded(boot, "class", deviceClass))
            : Optional.empty());
  }

  private static Bytes demanded(TomlTable boot, String what, Optional<UUID> id)
      throws MalformedException {
    return ImageUuid.write(
        id.orElseThrow(
            () -> boot.fault("identity", "demands the %s, and none is given".formatted(what))));
  }

  private Trust trust(TomlTable boot) throws MalformedException {
    List<VerifyingKey> keys = new ArrayList<>();
    for (String name : boot.texts("keys")) {
      VerifyingKey key;
      try {
        key = KeyFile.readPublic(keyReader.read(name));
      } catch (MalformedException e) {
        throw boot.fault("keys", name + ": " + e.getMessage());
      }
      if (!keys.isEmpty() && keys.getFirst().type() != key.type()) {
        throw boot.fault(
            "keys",
            "a bootloader knows one kind of key: %s is %s, the first is %s"
                .formatted(name, key.type(), keys.getFirst().type()));
      }
      keys.add(key);
    }
    if (keys.isEmpty()) {
      for (String key : List.of("signed", "key-name")) {
        if (boot.has(key)) {
          throw boot.fault(key, "is about signatures, and there are no keys");
        }
      }
      return new Trust.HashOnly(boot.choice("hash", HashAlgorithm.class, HashAlgorithm.SHA256));
    }
    KeyType kind = keys.getFirst().type();
    SignatureScheme.Over over =
        boot.choice("signed", SignatureScheme.Over.class, SignatureScheme.Over.DIGEST);
    HashAlgorithm hash =
        boot.choice("hash", HashAlgorithm.class, SignatureScheme.of(kind).defaultHash(over));
    Trust.KeyName keyName = boot.choice("key-name", Trust.KeyName.class, Trust.KeyName.HASH);
    try {
      return new Trust.Signatures(kind, keys, hash, over, keyName);
    } catch (IllegalArgumentException e) {
      throw boot.fault(boot.has("hash") ? "hash" : "signed", String.valueOf(e.getMessage()));
    }
  }

  private Decryption decryption(TomlTable boot) throws MalformedException {
    if (!boot.has("decryption")) {
      return new Decryption.None();
    }
    TomlTable table = boot.table("decryption");
    String name = table.text("key");
    EncryptionScheme scheme = table.choice("scheme", EncryptionScheme.class);
    ContentKeySize size = table.choice("content-key", ContentKeySize.class, ContentKeySize.AES_128);
    Decryption.Kept kept = table.choice("kept", Decryption.Kept.class, Decryption.Kept.CONTENT_KEY);
    table.nothingElse();
    try {
      return new Decryption.With(DecryptionKey.read(keyReader.read(name)), scheme, size, kept);
    } catch (MalformedException e) {
      throw table.fault("key", name + ": " + e.getMessage());
    }
  }

  private List<ImageSlots> images(Mode mode) throws MalformedException {
    List<ImageSlots> images = new ArrayList<>();
    for (TomlTable image : file.tables("image")) {
      FlashArea primary = image.area("primary");
      if (mode instanceof Mode.SingleSlot) {
        if (image.has("secondary")) {
          throw image.fault("secondary", "a device with a single slot has none");
        }
        images.add(new ImageSlots(primary, Optional.empty()));
      } else {
        FlashArea secondary = image.area("secondary");
        if (primary.overlaps(secondary)) {
          throw image.fault("secondary", "overlaps " + image.pathOf("primary"));
        }
        images.add(new ImageSlots(primary, secondary));
      }
      image.nothingElse();
    }
    return images;
  }

  private void requireApartAndWhole(
      FlashGeometry flash, Mode mode, List<ImageSlots> images, Optional<FlashArea> storage)
      throws MalformedException {
    Map<String, FlashArea> areas = slots(images);
    if (mode instanceof Mode.SwapScratch(FlashArea scratch)) {
      areas.put("boot.scratch", scratch);
    }
    storage.ifPresent(area -> areas.put("storage", area));
    Map<String, FlashArea> before = new LinkedHashMap<>();
    for (Map.Entry<String, FlashArea> entry : areas.entrySet()) {
      FlashArea area = entry.getValue();
      if (area.start() % flash.sectorSize() != 0 || area.size() % flash.sectorSize() != 0) {
        throw file.fault(
            entry.getKey(),
            "not in whole sectors of %d bytes: 0x%x to 0x%x"
                .formatted(flash.sectorSize(), area.start(), area.end()));
      }
      if (area.end() > flash.size()) {
        throw file.fault(
            entry.getKey(), "ends at 0x%x, the flash at 0x%x".formatted(area.end(), flash.size()));
      }
      for (Map.Entry<String, FlashArea> other : before.entrySet()) {
        if (area.overlaps(other.getValue())) {
          throw file.fault(entry.getKey(), "overlaps " + other.getKey());
        }
      }
      before.put(entry.getKey(), area);
    }
  }

  private static Map<String, FlashArea> slots(List<ImageSlots> images) {
    Map<String, FlashArea> slots = new LinkedHashMap<>();
    for (int i = 0; i < images.size(); i++) {
      String image = "image[%d].".formatted(i);
      slots.put(image + "primary", images.get(i).primary());
      images.get(i).secondary().ifPresent(area -> slots.put(image + "secondary", area));
    }
    return slots;
  }

  /// As Zephyr computes it: what its CMake files call the minimum of sectors.
  private static int largestSlot(List<ImageSlots> images, FlashGeometry flash) {
    return slots(images).values().stream()
        .mapToInt(area -> area.size() / flash.sectorSize())
        .max()
        .orElseThrow();
  }

  private static int maxAlign(TomlTable boot, FlashGeometry flash) throws MalformedException {
    int align =
        boot.number("max-align", 8, 32, Math.max(BootConfig.MAX_ALIGN_DEFAULT, flash.writeAlign()));
    if (Integer.bitCount(align) != 1 || align < flash.writeAlign()) {
      throw boot.fault(
          "max-align",
          "must be 8, 16 or 32 and no less than the write unit of %d, is %d"
              .formatted(flash.writeAlign(), align));
    }
    return align;
  }

  private void requireRoomBesideTrailer(
      FlashGeometry flash,
      Mode mode,
      List<ImageSlots> images,
      BootPolicy policy,
      int maxAlign,
      int maxSectors)
      throws MalformedException {
    int trailer = TrailerLayout.trailerSize(mode, flash, maxAlign, maxSectors, policy);
    for (Map.Entry<String, FlashArea> slot : slots(images).entrySet()) {
      if (trailer >= slot.getValue().size()) {
        throw file.fault(
            slot.getKey(),
            "the trailer for %d sectors has %d bytes and fills the slot of %d"
                .formatted(maxSectors, trailer, slot.getValue().size()));
      }
    }
  }

  private SmpBuffers smp(TomlTable table) throws MalformedException {
    int size = table.number("buffer-size", 1, 0xffff, SmpBuffers.ZEPHYR.size());
    int count = table.number("buffer-count", 1, 0xff, SmpBuffers.ZEPHYR.count());
    table.nothingElse();
    try {
      return new SmpBuffers(size, count);
    } catch (IllegalArgumentException e) {
      throw file.fault("smp", String.valueOf(e.getMessage()));
    }
  }
}
