// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.BootPolicy.TlvRule;
import dev.sealift.boot.BootPolicy.Unpacking;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
import dev.sealift.image.Unpacked;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The bootloader's judgement of the image in a slot, with MCUboot's own leniencies: any header
/// size passes if hash and signature cover what it says, and so does an image of no bytes.
final class SlotCheck {
  /// Everything else must be in the protected area: what no hash covers may only be what hash,
  /// signature and decryption themselves need.
  private static final Set<Integer> ALLOWED_OUTSIDE =
      Stream.of(
              TlvType.KEYHASH,
              TlvType.PUBKEY,
              TlvType.SHA256,
              TlvType.SHA384,
              TlvType.SHA512,
              TlvType.RSA2048,
              TlvType.ECDSA_SIG,
              TlvType.RSA3072,
              TlvType.ED25519,
              TlvType.ENC_RSA2048,
              TlvType.ENC_KW,
              TlvType.ENC_EC256)
          .map(TlvType::code)
          .collect(Collectors.toUnmodifiableSet());

  private static final ContentKeys NO_KEYS = new ContentKeys(new Decryption.None());

  private final SlotPair slots;
  private final BootConfig config;
  private final ContentKeys keys;

  SlotCheck(SlotPair slots, ContentKeys keys) {
    this.slots = slots;
    this.config = slots.config();
    this.keys = keys;
  }

  /// Whether there is nothing to look at.
  Optional<ImageRefusal> absence(SlotImage image) {
    if (image.headerIsErased()) {
      return Optional.of(ImageRefusal.NO_IMAGE);
    }
    return image.isNonBootable() ? Optional.of(ImageRefusal.NOT_BOOTABLE) : Optional.empty();
  }

  /// Empty when the image may be started or swapped in.
  Optional<ImageRefusal> refusal(SlotImage image) {
    return absence(image).or(() -> headerRefusal(image)).or(() -> contentRefusal(image));
  }

  /// What the header alone says against the image.
  Optional<ImageRefusal> headerRefusal(SlotImage image) {
    if (image.header().isEmpty()) {
      return Optional.of(ImageRefusal.MAGIC_WRONG);
    }
    ImageHeader header = image.header().get();
    if (header.tlvOffset() + header.protectedSize() >= image.area().area().size()) {
      return Optional.of(ImageRefusal.SIZES_WRONG);
    }
    return encryptionRefusal(header).or(() -> compressionRefusal(header));
  }

  private Optional<ImageRefusal> encryptionRefusal(ImageHeader header) {
    boolean canDecrypt =
        switch (config.policy().decryption()) {
          case Decryption.None _ -> false;
          case Decryption.With _ ->
              !(config.mode() instanceof Mode.DirectXip) && ContentKeySize.of(header).isPresent();
        };
    return header.isEncrypted() && !canDecrypt
        ? Optional.of(ImageRefusal.ENCRYPTED)
        : Optional.empty();
  }

  private Optional<ImageRefusal> compressionRefusal(ImageHeader header) {
    boolean isPacked = header.isCompressed() || header.has(ImageFlag.COMPRESSED_ARM_THUMB);
    return isPacked && config.policy().unpacking() == Unpacking.REFUSED
        ? Optional.of(ImageRefusal.COMPRESSED)
        : Optional.empty();
  }

  private Optional<ImageRefusal> contentRefusal(SlotImage image) {
    ImageHeader header = image.header().orElseThrow();
    boolean isSealed = header.isEncrypted() && image.slot() == Slot.SECONDARY;
    if (isSealed) {
      Optional<ImageRefusal> refusal = keys.load(image);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    Optional<ImageRefusal> refusal =
        bytesRefusal(image.content(), header, image.slot(), isSealed ? keys : NO_KEYS);
    return refusal.isEmpty() && header.isCompressed() ? unpackedRefusal(image) : refusal;
  }

  private Optional<ImageRefusal> bytesRefusal(
      Bytes slot, ImageHeader header, Slot place, ContentKeys opening) {
    TlvWalk walk = TlvWalk.of(slot, header);
    if (walk.end() > config.imageSizeMax(slots.image(), place)) {
      return Optional.of(ImageRefusal.TOO_LARGE);
    }
    if (walk.fault().isPresent()) {
      return Optional.of(ImageRefusal.TLVS_MALFORMED);
    }
    int protectedEnd = (int) header.tlvOffset() + header.protectedSize();
    if (protectedEnd > slot.size()) {
      return Optional.of(ImageRefusal.TLVS_MALFORMED);
    }
    Bytes region = slot.first(protectedEnd);
    Bytes covered =
        opening
            .of(Slot.SECONDARY)
            .map(key -> new Copier.Cipher(key, header).apply(region, 0))
            .orElse(region);
    return tlvRefusal(slot, protectedEnd, walk, new Walker(covered));
  }

  /// What a compressed image becomes must be as good as the image itself, by reading.
  private Optional<ImageRefusal> unpackedRefusal(SlotImage image) {
    return switch (image.unpacked(keys)) {
      case Unpacked.Refused _ -> Optional.of(ImageRefusal.UNPACKED_WRONG);
      case Unpacked.Whole(Image whole) ->
          bytesRefusal(whole.write(), whole.header(), Slot.PRIMARY, NO_KEYS);
    };
  }

  /// Makes sure that nobody looks at this image again.
  void scramble(SlotImage image) {
    switch (config.policy().scramble()) {
      case WHOLE_SLOT -> image.area().eraseAll();
      case HEADER_AND_TRAILER -> {
        image.area().eraseSector(image.base() / config.flash().sectorSize());
        slots.trailer(image.slot()).erase();
      }
    }
  }

  /// The device remembers the highest counter of an image that is there to stay.
  void raise(SecurityCounter value) {
    Flash flash = slots.flash();
    if (value.compareTo(flash.securityCounter()) > 0) {
      flash.raiseSecurityCounter(value);
    }
  }

  private Optional<ImageRefusal> tlvRefusal(
      Bytes slot, int protectedEnd, TlvWalk walk, Walker walker) {
    for (TlvWalk.Entry tlv : walk.entries()) {
      // The real code looks where the value begins, so an empty value at the very end of the
      // protected area counts as outside.
      if (tlv.valueOffset() >= protectedEnd
          && config.policy().tlvRule() == TlvRule.ALLOW_LIST
          && !walker.isAllowedOutside(tlv)) {
        return Optional.of(ImageRefusal.TLV_NOT_ALLOWED);
      }
      Optional<ImageRefusal> refusal = walker.meet(tlv, tlv.value(slot));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return walker.end();
  }

  /// One pass over the entries in their order, as the order decides: a key hash selects the key for
  /// the signature behind it, and the last signature under a trusted key has the last word.
  private final class Walker {
    private final Bytes covered;
    private final Bytes hash;
    private Optional<VerifyingKey> key = Optional.empty();
    private Optional<ImageRefusal> hashRefusal =
        isPure() ? Optional.empty() : Optional.of(ImageRefusal.HASH_MISSING);

    /// What says in a pure build that the signature is over the image.
    private Optional<ImageRefusal> pureRefusal =
        isPure() ? Optional.of(ImageRefusal.NOT_PURE) : Optional.empty();
    private Optional<ImageRefusal> signatureRefusal =
        switch (config.policy().trust()) {
          case Trust.HashOnly _ -> Optional.empty();
          case Trust.Signatures _ -> Optional.of(ImageRefusal.SIGNATURE_MISSING);
        };
    private Optional<ImageRefusal> vendorRefusal =
        config.policy().vendor().map(_ -> ImageRefusal.WRONG_VENDOR);
    private Optional<ImageRefusal> classRefusal =
        config.policy().imageClass().map(_ -> ImageRefusal.WRONG_CLASS);
    private Optional<ImageRefusal> counterRefusal =
        switch (config.policy().rollback()) {
          case UNPROTECTED -> Optional.empty();
          case COUNTER_IN_DEVICE -> Optional.of(ImageRefusal.COUNTER_MISSING);
        };

    boolean isAllowedOutside(TlvWalk.Entry tlv) {
      return ALLOWED_OUTSIDE.contains(tlv.type())
          || tlv.is(x25519())
          || (isPure() && tlv.is(TlvType.SIG_PURE));
    }

    /// A build knows one form of these keys.
    private TlvType x25519() {
      return config.policy().decryption() instanceof Decryption.With with
              && with.scheme() == EncryptionScheme.ECIES_X25519_SHA512
          ? TlvType.ENC_X25519_SHA512
          : TlvType.ENC_X25519;
    }

    private boolean isPure() {
      return config.policy().trust() instanceof Trust.Signatures trust
          && trust.over() == SignatureScheme.Over.IMAGE;
    }

    Walker(Bytes covered) {
      this.covered = covered;
      this.hash = config.policy().trust().hash().digest(covered);
    }

    /// What ends the walk at once.
    Optional<ImageRefusal> meet(TlvWalk.Entry tlv, Bytes value) {
      if (tlv.is(config.policy().trust().hash().tlv()) && !isPure()) {
        hashRefusal = value.equals(hash) ? Optional.empty() : Optional.of(ImageRefusal.HASH_WRONG);
        return hashRefusal;
      }
      if (tlv.is(TlvType.SIG_PURE) && isPure()) {
        pureRefusal =
            value.equals(Bytes.of((byte) 1))
                ? Optional.empty()
                : Optional.of(ImageRefusal.NOT_PURE);
        return pureRefusal;
      }
      if (tlv.is(TlvType.SEC_CNT) && config.policy().rollback() == Rollback.COUNTER_IN_DEVICE) {
        counterRefusal = counterRefusal(value);
        return counterRefusal;
      }
      if (tlv.is(TlvType.UUID_VID) && config.policy().vendor().isPresent()) {
        vendorRefusal = unlessEqual(value, config.policy().vendor(), ImageRefusal.WRONG_VENDOR);
        return vendorRefusal;
      }
      if (tlv.is(TlvType.UUID_CID) && config.policy().imageClass().isPresent()) {
        classRefusal = unlessEqual(value, config.policy().imageClass(), ImageRefusal.WRONG_CLASS);
        return classRefusal;
      }
      return switch (config.policy().trust()) {
        case Trust.HashOnly _ -> Optional.empty();
        case Trust.Signatures trust -> meetSignature(tlv, value, trust);
      };
    }

    private static Optional<ImageRefusal> unlessEqual(
        Bytes value, Optional<Bytes> wanted, ImageRefusal refusal) {
      return wanted.filter(value::equals).isPresent() ? Optional.empty() : Optional.of(refusal);
    }

    Optional<ImageRefusal> end() {
      return hashRefusal
          .or(() -> pureRefusal)
          .or(() -> signatureRefusal)
          .or(() -> counterRefusal)
          .or(() -> vendorRefusal)
          .or(() -> classRefusal);
    }

    private Optional<ImageRefusal> counterRefusal(Bytes value) {
      Optional<SecurityCounter> counter = SlotImage.counter(value);
      if (counter.isEmpty()) {
        return Optional.of(ImageRefusal.COUNTER_MISSING);
      }
      return counter.get().compareTo(slots.flash().securityCounter()) < 0
          ? Optional.of(ImageRefusal.COUNTER_TOO_LOW)
          : Optional.empty();
    }

    private Optional<ImageRefusal> meetSignature(
        TlvWalk.Entry tlv, Bytes value, Trust.Signatures trust) {
      SignatureTlv signature = new SignatureTlv(trust.kind());
      switch (trust.keyName()) {
        case HASH -> {
          if (tlv.is(TlvType.KEYHASH)) {
            if (value.size() > trust.hash().size()) {
              return Optional.of(ImageRefusal.KEY_HASH_WRONG);
            }
            // Only as much as there is is compared: an empty hash selects the first key.
            key = SignatureScheme.bootloaderChoice(trust.keys(), value, trust.hash());
            return Optional.empty();
          }
        }
        case WHOLE -> {
          if (tlv.is(TlvType.PUBKEY)) {
            if (value.size() > signature.keySizeMax()) {
              return Optional.of(ImageRefusal.KEY_TOO_LONG);
            }
            key = trust.keys().stream().filter(k -> k.embedded().equals(value)).findFirst();
            return Optional.empty();
          }
        }
      }
      if (tlv.is(signature.type()) && key.isPresent()) {
        if (!signature.canHave(value.size())) {
          return Optional.of(ImageRefusal.SIGNATURE_WRONG);
        }
        signatureRefusal =
            switch (signature.check(key.get(), covered, isPure() ? covered : hash, value)) {
              case SignatureCheck.Genuine _ -> Optional.empty();
              case SignatureCheck.Wrong _ -> Optional.of(ImageRefusal.SIGNATURE_WRONG);
            };
        key = Optional.empty();
      }
      return Optional.empty();
    }
  }
}
