// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Judges image files as the bootloader would, and more strictly where it looks away:
///
/// 1. the form: header, sizes, both TLV areas ([Image])
/// 2. flags that mean something together
/// 3. TLVs where they belong, as often and as long as they may be
/// 4. the content key of an encrypted image, and the hash, which is that of the plaintext
/// 5. the signatures: every one by a trusted key must be genuine, and one must be there
/// 6. what a compressed payload becomes: its size, digest and signature
/// 7. what follows the image
/// 8. what the device expects
///
/// Every check refuses with its own reason, and says what it found where it passes; there is no way
/// past one that did not run.
public final class ImageVerifier {
  private static final Set<TlvType> REPEATABLE = EnumSet.of(TlvType.DEPENDENCY);

  private ImageVerifier() {}

  /// `keys` are those of the device, for images that are encrypted; there may be none.
  public static ImageVerdict verify(
      Bytes file, Trust trust, List<DecryptionKey> keys, List<Expectation> expectations) {
    return report(file, trust, keys, expectations).verdict();
  }

  /// The same with what every check found, up to the one that refused.
  public static ImageReport report(
      Bytes file, Trust trust, List<DecryptionKey> keys, List<Expectation> expectations) {
    List<ImageReport.Passed> passed = new ArrayList<>();
    try {
      Image image = Image.readOrFault(file);
      VerifiedImage verified = new Check(file, image, passed).run(trust, keys, expectations);
      return new ImageReport(passed, new ImageVerdict.Verified(verified));
    } catch (ImageFault fault) {
      return new ImageReport(
          passed, new ImageVerdict.Refused(fault.reason(), fault.sentence(), fault.offset()));
    }
  }

  /// The checks of one image that is well formed.
  private record Check(Bytes file, Image image, List<ImageReport.Passed> passed) {
    private void passed(String check, String sentence) {
      passed.add(new ImageReport.Passed(check, sentence));
    }

    VerifiedImage run(Trust trust, List<DecryptionKey> keys, List<Expectation> expectations)
        throws ImageFault {
      passed(
          "form",
          "header of %d bytes, payload of %d, %d protected TLVs, %d others%s"
              .formatted(
                  image.header().headerSize(),
                  image.payload().size(),
                  entries(TlvArea.Kind.PROTECTED).size(),
                  entries(TlvArea.Kind.UNPROTECTED).size(),
                  image.order() == ByteOrder.BIG_ENDIAN ? ", big-endian" : ""));
      checkFlags();
      passed(
          "flags",
          image.header().flags() == 0
              ? "none set"
              : image.header().flagSet().stream()
                  .map(ImageFlag::toString)
                  .collect(Collectors.joining(", ")));
      checkUnprotectedTypes();
      checkProtected();
      Image.Entry hashEntry = hashEntry();
      HashAlgorithm hash = HashAlgorithm.ofTlv(hashEntry.tlv().type()).orElseThrow();
      SignatureScheme.Over over = signedOver();
      checkKeyHashSizes(hash);
      passed("TLVs", "each in its area, of its size, as often as it may be there");
      Plain plain = plain(keys, hash, hashEntry.tlv().value());
      Bytes region = plain.image().hashRegion();
      Bytes digest = hash.digest(region);
      if (!digest.equals(hashEntry.tlv().value())) {
        throw new ImageFault(
            RefusalReason.HASH_MISMATCH,
            hashEntry.offset(),
            "the image was changed: its %s is %s, it says %s"
                .formatted(hash, short8(digest), short8(hashEntry.tlv().value())));
      }
      switch (plain.secrecy()) {
        case PLAIN -> {}
        case ENCRYPTED -> passed("content key", "it opens with a key that was given");
        case ENCRYPTED_IN_CLEAR ->
            passed("content key", "the payload lies in clear: for the primary slot only");
      }
      passed("hash", "%s over %d bytes fits".formatted(hash, region.size()));
      List<VerifyingKey> signers =
          switch (trust) {
            case Trust.HashOnly _ -> List.of();
            case Trust.Keys(var trusted) ->
                new Signatures(image, trusted, hash, over, region, digest).signers();
          };
      if (!signers.isEmpty()) {
        passed(
            "signature",
            "%sby %s"
                .formatted(
                    over == SignatureScheme.Over.IMAGE ? "over the image itself, " : "",
                    signers.stream()
                        .map(VerifyingKey::toString)
                        .collect(Collectors.joining(", "))));
      }
      Image running = plain.image();
      if (image.header().isCompressed()) {
        running = new Decompression(plain.image(), hash, over).image(signers);
        passed(
            "compression",
            "%d bytes become %d, as signed"
                .formatted(plain.image().payload().size(), running.payload().size()));
      }
      checkReserved();
      checkRest();
      checkBootable();
      for (Expectation expectation : expectations) {
        check(expectation, running);
      }
      return new VerifiedImage(file, image, plain.secrecy(), running.payload(), digest, signers);
    }

    private void checkFlags() throws ImageFault {
      ImageHeader header = image.header();
      long unknown = ImageFlag.unknown(header.flags());
      if (unknown != 0) {
        throw flags("flag bits %08x mean nothing".formatted(unknown));
      }
      refuseBoth(ImageFlag.ENCRYPTED_AES128, ImageFlag.ENCRYPTED_AES256);
      refuseBoth(ImageFlag.COMPRESSED_LZMA1, ImageFlag.COMPRESSED_LZMA2);
      refuseBoth(ImageFlag.RAM_LOAD, ImageFlag.ROM_FIXED);
      if (header.has(ImageFlag.COMPRESSED_ARM_THUMB) && !header.isCompressed()) {
        throw flags("the ARM thumb filter is for compressed images, this is none");
      }
      if (!header.isEncrypted() && !Decrypted.WrappedKey.entries(image).isEmpty()) {
        throw flags("the image carries an encryption key, but says it is not encrypted");
      }
      if (header.isCompressed()) {
        for (TlvType type : new TlvType[] {TlvType.DECOMP_SIZE, TlvType.DECOMP_SHA}) {
          if (image.protectedArea().flatMap(area -> area.first(type)).isEmpty()) {
            throw flags("the image says it is compressed, but %s is missing".formatted(type));
          }
        }
      }
    }

    private void refuseBoth(ImageFlag one, ImageFlag other) throws ImageFault {
      if (image.header().has(one) && image.header().has(other)) {
        throw flags("flags %s and %s exclude each other".formatted(one, other));
      }
    }

    private static ImageFault flags(String sentence) {
      return new ImageFault(RefusalReason.BAD_FLAGS, 16, sentence);
    }

    /// Nothing signs the unprotected area: whatever could change what a device does must not be
    /// there.
    private void checkUnprotectedTypes() throws ImageFault {
      for (Image.Entry entry : entries(TlvArea.Kind.UNPROTECTED)) {
        boolean allowed =
            entry.tlv().known().filter(t -> t.area() == TlvArea.Kind.UNPROTECTED).isPresent();
        if (!allowed) {
          throw new ImageFault(
              RefusalReason.UNPROTECTED_TLV_NOT_ALLOWED,
              entry.offset(),
              "%s stands in the unprotected area, where anybody can put it"
                  .formatted(entry.tlv().name()));
        }
      }
    }

    private void checkProtected() throws ImageFault {
      Set<TlvType> seen = new HashSet<>();
      List<Image.Entry> entries = entries(TlvArea.Kind.PROTECTED);
      for (Image.Entry entry : entries) {
        Optional<TlvType> known = entry.tlv().known();
        if (known.isPresent()) {
          checkProtected(entry, known.get());
          if (!seen.add(known.get()) && !REPEATABLE.contains(known.get())) {
            throw duplicate(entry);
          }
        }
      }
      if (!entries.isEmpty() && entries.getLast().tlv().value().isEmpty()) {
        throw new ImageFault(
            RefusalReason.BAD_TLV,
            entries.getLast().offset(),
            "%s is the last protected TLV and has no value: MCUboot takes it for an unprotected one"
                .formatted(entries.getLast().tlv().name()));
      }
    }

    private static void checkProtected(Image.Entry entry, TlvType type) throws ImageFault {
      if (type.area() == TlvArea.Kind.UNPROTECTED) {
        throw badTlv(entry, "%s stands in the protected area".formatted(type));
      }
      switch (type) {
        case SEC_CNT, DECOMP_SIZE, COMP_DEC_SIZE -> checkSize(entry, 4);
        case DEPENDENCY -> checkSize(entry, Dependency.SIZE);
        case UUID_VID, UUID_CID -> checkSize(entry, 16);
        default -> {}
      }
    }

    private static void checkSize(Image.Entry entry, int size) throws ImageFault {
      if (entry.tlv().value().size() != size) {
        throw badTlv(
            entry,
            "%s has %d bytes, expected %d"
                .formatted(entry.tlv().name(), entry.tlv().value().size(), size));
      }
    }

    private static ImageFault badTlv(Image.Entry entry, String sentence) {
      return new ImageFault(RefusalReason.BAD_TLV, entry.offset(), sentence);
    }

    private static ImageFault duplicate(Image.Entry entry) {
      return new ImageFault(
          RefusalReason.DUPLICATE_TLV,
          entry.offset(),
          "%s is there twice".formatted(entry.tlv().name()));
    }

    private Image.Entry hashEntry() throws ImageFault {
      List<Image.Entry> hashes =
          entries(TlvArea.Kind.UNPROTECTED).stream()
              .filter(entry -> HashAlgorithm.ofTlv(entry.tlv().type()).isPresent())
              .toList();
      if (hashes.isEmpty()) {
        throw new ImageFault(
            RefusalReason.NO_HASH, image.hashRegionSize(), "the image carries no hash of itself");
      }
      for (Image.Entry entry : hashes) {
        checkSize(entry, HashAlgorithm.ofTlv(entry.tlv().type()).orElseThrow().size());
      }
      if (hashes.size() > 1) {
        throw new ImageFault(
            RefusalReason.DUPLICATE_TLV,
            hashes.get(1).offset(),
            "the image carries %d hashes, expected one".formatted(hashes.size()));
      }
      return hashes.getFirst();
    }

    private SignatureScheme.Over signedOver() throws ImageFault {
      List<Image.Entry> pure = entries(TlvArea.Kind.UNPROTECTED, TlvType.SIG_PURE);
      if (pure.isEmpty()) {
        return SignatureScheme.Over.DIGEST;
      }
      if (pure.size() > 1) {
        throw duplicate(pure.get(1));
      }
      if (!pure.getFirst().tlv().value().equals(Bytes.of((byte) 1))) {
        throw badTlv(pure.getFirst(), "SIG_PURE must be one byte of value 1");
      }
      return SignatureScheme.Over.IMAGE;
    }

    /// The bootloader compares as many bytes as there are: a short one would choose any key.
    private void checkKeyHashSizes(HashAlgorithm hash) throws ImageFault {
      for (Image.Entry entry : entries(TlvArea.Kind.UNPROTECTED, TlvType.KEYHASH)) {
        checkSize(entry, hash.size());
      }
    }

    /// The image with its payload as the hash covers it.
    private record Plain(Image image, VerifiedImage.Secrecy secrecy) {}

    /// A payload that fits the hash as it lies there is plaintext, whatever the flags say. Its
    /// content key must be in order all the same, as far as it can be told.
    private Plain plain(List<DecryptionKey> keys, HashAlgorithm hash, Bytes expected)
        throws ImageFault {
      if (!image.header().isEncrypted()) {
        return new Plain(image, VerifiedImage.Secrecy.PLAIN);
      }
      boolean clear = hash.digest(file.first(image.hashRegionSize())).equals(expected);
      if (clear && Decrypted.WrappedKey.entries(image).isEmpty()) {
        throw flags("the image says it is encrypted, but is plain and carries no key");
      }
      return switch (Decrypted.of(image, keys)) {
        case Decrypted.NotEncrypted _ -> throw new IllegalStateException("it said it was");
        case Decrypted.Opened(var opened) ->
            clear
                ? new Plain(image, VerifiedImage.Secrecy.ENCRYPTED_IN_CLEAR)
                : new Plain(opened, VerifiedImage.Secrecy.ENCRYPTED);
        case Decrypted.Refused(var reason, var sentence, var offset) -> {
          if (clear && reason == RefusalReason.ENCRYPTED) {
            yield new Plain(image, VerifiedImage.Secrecy.ENCRYPTED_IN_CLEAR);
          }
          throw new ImageFault(reason, offset, sentence);
        }
      };
    }

    private void checkReserved() throws ImageFault {
      if (image.header().reserved() != 0) {
        throw new ImageFault(
            RefusalReason.BAD_HEADER,
            28,
            "the reserved word of the header is %08x, expected 0"
                .formatted(image.header().reserved()));
      }
    }

    private void checkRest() throws ImageFault {
      switch (SlotRest.of(image)) {
        case SlotRest.Nothing _ -> passed("rest", "nothing follows the image");
        case SlotRest.Erased _ ->
            passed("rest", "%d bytes of erased flash follow".formatted(image.rest().size()));
        case SlotRest.Trailer(_, var ok) ->
            passed(
                "rest",
                switch (ok) {
                  case SET -> "a trailer that confirms the image";
                  case UNSET -> "a trailer that asks for a trial";
                });
        case SlotRest.Foreign(var reason, var sentence, var offset) ->
            throw new ImageFault(reason, image.size() + offset, sentence);
      }
    }

    private void checkBootable() throws ImageFault {
      if (image.header().has(ImageFlag.NON_BOOTABLE)) {
        throw new ImageFault(
            RefusalReason.NON_BOOTABLE, 16, "the image says it is not to be booted");
      }
    }

    private void check(Expectation expectation, Image running) throws ImageFault {
      switch (expectation) {
        case Expectation.FitsSlot(var slot) -> {
          checkFits(slot, running);
          passed(
              "size",
              "%d of %d bytes that the slot takes"
                  .formatted(image.size(), slot.imageSizeMax(image)));
        }
        case Expectation.VersionAtLeast(var installed) -> {
          if (image.version().compareWithoutBuild(installed) < 0) {
            throw new ImageFault(
                RefusalReason.DOWNGRADE_VERSION,
                20,
                "version %s is older than %s, which is installed"
                    .formatted(image.version(), installed));
          }
          passed("version", "%s, installed is %s".formatted(image.version(), installed));
        }
        case Expectation.CounterAtLeast(var stored) -> {
          checkCounter(stored);
          passed(
              "counter",
              "%s, the device has seen %s"
                  .formatted(image.securityCounter().orElseThrow(), stored));
        }
        case Expectation.ImagesPresent present -> {
          checkDependencies(present);
          passed(
              "dependencies",
              "%d, all met".formatted(entries(TlvArea.Kind.PROTECTED, TlvType.DEPENDENCY).size()));
        }
        case Expectation.VendorIs(var vendor) -> {
          checkUuid(TlvType.UUID_VID, vendor, "vendor");
          passed("vendor", vendor.toString());
        }
        case Expectation.DeviceClassIs(var deviceClass) -> {
          checkUuid(TlvType.UUID_CID, deviceClass, "class");
          passed("class", deviceClass.toString());
        }
        case Expectation.RunsAt(var address) -> {
          if (image.header().has(ImageFlag.ROM_FIXED) && image.header().loadAddress() != address) {
            throw wrongAddress(
                4,
                "the image runs only at 0x%08x, the slot is at 0x%08x"
                    .formatted(image.header().loadAddress(), address));
          }
          passed("address", "it runs at 0x%08x".formatted(address));
        }
        case Expectation.LoadsWithin(var ram) -> {
          checkLoad(ram);
          passed("RAM", "%d bytes at 0x%08x".formatted(image.size(), image.header().loadAddress()));
        }
        case Expectation.ResetsWithin(var flash) -> {
          checkReset(flash, running.payload());
          passed("reset vector", "it points into the slot at 0x%08x".formatted(flash.start()));
        }
        case Expectation.ContentKeyIs(var size) -> {
          if (image.header().isEncrypted() && !image.header().has(size.flag())) {
            throw new ImageFault(
                RefusalReason.ENC_KEY,
                16,
                "the device opens content keys of %d bits, the image has one of another size"
                    .formatted(size.bits()));
          }
          passed(
              "content key size",
              image.header().isEncrypted() ? size.bits() + " bits" : "not encrypted");
        }
      }
    }

    /// What it becomes must fit as well: it runs from a slot of the same size.
    private void checkFits(SlotLayout slot, Image running) throws ImageFault {
      long room = slot.imageSizeMax(image);
      if (image.size() > room) {
        throw new ImageFault(
            RefusalReason.TOO_BIG,
            12,
            "the image has %d bytes, the slot of %d takes %d (%s)"
                .formatted(image.size(), slot.size(), Math.max(0, room), slot.mode().word()));
      }
      if (running.size() > room) {
        throw new ImageFault(
            RefusalReason.TOO_BIG,
            12,
            "the image has %d bytes decompressed, the slot of %d takes %d (%s)"
                .formatted(running.size(), slot.size(), Math.max(0, room), slot.mode().word()));
      }
      if (file.size() > slot.size()) {
        throw new ImageFault(
            RefusalReason.TOO_BIG,
            12,
            "the file has %d bytes, the slot %d".formatted(file.size(), slot.size()));
      }
    }

    private void checkCounter(SecurityCounter stored) throws ImageFault {
      Optional<SecurityCounter> counter = image.securityCounter();
      if (counter.isEmpty()) {
        throw new ImageFault(
            RefusalReason.DOWNGRADE_COUNTER,
            image.hashRegionSize(),
            "the image has no security counter, the device needs one of at least " + stored);
      }
      if (counter.get().compareTo(stored) < 0) {
        throw new ImageFault(
            RefusalReason.DOWNGRADE_COUNTER,
            entries(TlvArea.Kind.PROTECTED, TlvType.SEC_CNT).getFirst().offset(),
            "security counter %s is below %s, which the device has seen"
                .formatted(counter.get(), stored));
      }
    }

    private void checkDependencies(Expectation.ImagesPresent present) throws ImageFault {
      for (Image.Entry entry : entries(TlvArea.Kind.PROTECTED, TlvType.DEPENDENCY)) {
        Dependency dependency = dependency(entry);
        Optional<ImageVersion> there =
            Optional.ofNullable(present.versions().get(dependency.imageNumber()));
        if (there.isEmpty() || there.get().compareWithoutBuild(dependency.minimum()) < 0) {
          throw new ImageFault(
              RefusalReason.DEPENDENCY_UNMET,
              entry.offset(),
              "the image needs %s, the device has %s"
                  .formatted(
                      dependency, there.map(ImageVersion::toShortString).orElse("no such image")));
        }
      }
    }

    private Dependency dependency(Image.Entry entry) throws ImageFault {
      try {
        return Dependency.read(entry.tlv().value(), image.order());
      } catch (MalformedException e) {
        throw badTlv(entry, String.valueOf(e.getMessage()));
      }
    }

    private void checkUuid(TlvType type, UUID wanted, String word) throws ImageFault {
      List<Image.Entry> entries = entries(TlvArea.Kind.PROTECTED, type);
      if (entries.isEmpty()) {
        throw new ImageFault(
            RefusalReason.UUID_MISMATCH,
            image.hashRegionSize(),
            "the image names no %s, the device is of %s".formatted(word, wanted));
      }
      UUID named = ImageUuid.read(entries.getFirst().tlv().value());
      if (!named.equals(wanted)) {
        throw new ImageFault(
            RefusalReason.UUID_MISMATCH,
            entries.getFirst().offset(),
            "the image is for %s %s, the device is of %s".formatted(word, named, wanted));
      }
    }

    private void checkLoad(Expectation.AddressRange ram) throws ImageFault {
      if (!image.header().has(ImageFlag.RAM_LOAD)) {
        throw wrongAddress(16, "the device runs from RAM, the image is not made for it");
      }
      if (!ram.contains(image.header().loadAddress(), image.size())) {
        throw wrongAddress(
            4,
            "the image loads %d bytes at 0x%08x, RAM has %d at 0x%08x"
                .formatted(image.size(), image.header().loadAddress(), ram.size(), ram.start()));
      }
    }

    private void checkReset(Expectation.AddressRange flash, Bytes payload) throws ImageFault {
      int at = image.header().headerSize() + 4;
      if (payload.size() < 8) {
        throw wrongAddress(at, "the payload is too short to have a reset vector");
      }
      long reset = Image.number(payload.slice(4, 8), ByteOrder.LITTLE_ENDIAN);
      if (!flash.contains(reset, 1)) {
        throw wrongAddress(
            at,
            "the reset vector 0x%08x points outside the slot at 0x%08x"
                .formatted(reset, flash.start()));
      }
    }

    private static ImageFault wrongAddress(int offset, String sentence) {
      return new ImageFault(RefusalReason.WRONG_SLOT_ADDRESS, offset, sentence);
    }

    private List<Image.Entry> entries(TlvArea.Kind area) {
      return image.entries().stream().filter(entry -> entry.area() == area).toList();
    }

    private List<Image.Entry> entries(TlvArea.Kind area, TlvType type) {
      return entries(area).stream().filter(entry -> entry.tlv().is(type)).toList();
    }
  }

  private static String short8(Bytes digest) {
    return digest.first(8).toHex() + "…";
  }

  /// The walk over KEYHASH (or PUBKEY) and signature pairs: the first chooses the key for the
  /// second. Pairs of keys we do not know are others' business; the bootloader keeps the verdict of
  /// the last signature it checked, we want all of them genuine.
  private record Signatures(
      Image image,
      List<VerifyingKey> trusted,
      HashAlgorithm hash,
      SignatureScheme.Over over,
      Bytes region,
      Bytes digest) {
    List<VerifyingKey> signers() throws ImageFault {
      List<VerifyingKey> genuine = new ArrayList<>();
      List<ImageFault> passedOver = new ArrayList<>();
      Optional<Tlv> named = Optional.empty();
      for (Image.Entry entry : image.entries()) {
        Tlv tlv = entry.tlv();
        if (tlv.is(TlvType.KEYHASH) || tlv.is(TlvType.PUBKEY)) {
          named = Optional.of(tlv);
        } else if (SignatureScheme.isSignature(tlv.type())) {
          Optional<VerifyingKey> key = named.flatMap(this::trustedKey);
          if (key.isEmpty()) {
            passedOver.add(unknownKey(entry, named));
          } else if (!tlv.is(SignatureScheme.of(key.get().type()).tlv())) {
            passedOver.add(otherScheme(entry, key.get()));
          } else {
            checkGenuine(entry, key.get());
            if (genuine.contains(key.get())) {
              throw new ImageFault(
                  RefusalReason.DUPLICATE_TLV,
                  entry.offset(),
                  "key %s signed the image twice".formatted(key.get()));
            }
            genuine.add(key.get());
          }
        }
      }
      if (!genuine.isEmpty()) {
        return genuine;
      }
      if (passedOver.isEmpty()) {
        throw new ImageFault(
            RefusalReason.NO_SIGNATURE, image.hashRegionSize(), "the image is not signed");
      }
      throw passedOver.getLast();
    }

    private Optional<VerifyingKey> trustedKey(Tlv name) {
      return trusted.stream()
          .filter(
              key ->
                  name.is(TlvType.PUBKEY)
                      ? key.embedded().equals(name.value())
                      : hash.digest(key.embedded()).equals(name.value()))
          .findFirst();
    }

    private static ImageFault unknownKey(Image.Entry entry, Optional<Tlv> named) {
      String sentence =
          named
              .map(
                  tlv ->
                      tlv.is(TlvType.PUBKEY)
                          ? "it is signed by the key %s, which is not trusted"
                              .formatted(short8(tlv.value().sha256()))
                          : "it is signed by the key %s, which is not trusted"
                              .formatted(short8(tlv.value())))
              .orElse("no KEYHASH before the signature says by which key it is");
      return new ImageFault(RefusalReason.UNKNOWN_KEY, entry.offset(), sentence);
    }

    private static ImageFault otherScheme(Image.Entry entry, VerifyingKey key) {
      return new ImageFault(
          RefusalReason.NO_SIGNATURE,
          entry.offset(),
          "a signature of type %s cannot be of key %s".formatted(entry.tlv().name(), key));
    }

    private void checkGenuine(Image.Entry entry, VerifyingKey key) throws ImageFault {
      SignatureScheme scheme = SignatureScheme.of(key.type());
      if (!scheme.hashes().contains(hash)) {
        throw new ImageFault(
            RefusalReason.BAD_TLV,
            entry.offset(),
            "%s does not go with a key of type %s".formatted(hash, key.type()));
      }
      if (over == SignatureScheme.Over.IMAGE && scheme != SignatureScheme.ED25519) {
        throw new ImageFault(
            RefusalReason.BAD_TLV,
            entry.offset(),
            "only ed25519 has pure signatures, the key is " + key.type());
      }
      Bytes signature = entry.tlv().value();
      switch (SignatureScheme.check(key, region, digest, over, signature)) {
        case SignatureCheck.Genuine _ -> {}
        case SignatureCheck.Wrong(var sentence) ->
            throw new ImageFault(RefusalReason.BAD_SIGNATURE, entry.offset(), sentence);
      }
    }
  }
}
