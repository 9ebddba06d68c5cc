// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
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
              TlvType.ENC_EC256,
              TlvType.ENC_X25519)
          .map(TlvType::code)
          .collect(Collectors.toUnmodifiableSet());

  private static final int HASH_SIZE = 32;

  private final DeviceProfile profile;

  SlotCheck(DeviceProfile profile) {
    this.profile = profile;
  }

  /// Empty when the image may be started or swapped in.
  Optional<ImageRefusal> refusal(SlotImage image) {
    if (image.headerIsErased()) {
      return Optional.of(ImageRefusal.NO_IMAGE);
    }
    if (image.isNonBootable()) {
      return Optional.of(ImageRefusal.NOT_BOOTABLE);
    }
    if (image.header().isEmpty()) {
      return Optional.of(ImageRefusal.MAGIC_WRONG);
    }
    ImageHeader header = image.header().get();
    Bytes slot = image.slot();
    return headerRefusal(header, slot.size())
        .or(() -> contentRefusal(header, slot, image.area().flash().securityCounter()));
  }

  private static Optional<ImageRefusal> headerRefusal(ImageHeader header, int slotSize) {
    if (header.tlvOffset() + header.protectedSize() >= slotSize) {
      return Optional.of(ImageRefusal.SIZES_WRONG);
    }
    if (header.isEncrypted()) {
      return Optional.of(ImageRefusal.ENCRYPTED);
    }
    return header.isCompressed() || header.has(ImageFlag.COMPRESSED_ARM_THUMB)
        ? Optional.of(ImageRefusal.COMPRESSED)
        : Optional.empty();
  }

  private Optional<ImageRefusal> contentRefusal(
      ImageHeader header, Bytes slot, SecurityCounter stored) {
    TlvWalk walk = TlvWalk.of(slot, header);
    if (walk.end() > profile.imageSizeMax()) {
      return Optional.of(ImageRefusal.TOO_LARGE);
    }
    if (walk.fault().isPresent()) {
      return Optional.of(ImageRefusal.TLVS_MALFORMED);
    }
    int protectedEnd = (int) header.tlvOffset() + header.protectedSize();
    Walker walker = new Walker(slot.first(protectedEnd), stored);
    for (TlvWalk.Entry tlv : walk.entries()) {
      // The real code looks where the value begins, so an empty value at the very end of the
      // protected area counts as outside.
      if (tlv.valueOffset() >= protectedEnd && !ALLOWED_OUTSIDE.contains(tlv.type())) {
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
    private final SecurityCounter stored;
    private Optional<VerifyingKey> key = Optional.empty();
    private Optional<ImageRefusal> hashRefusal = Optional.of(ImageRefusal.HASH_MISSING);
    private Optional<ImageRefusal> signatureRefusal =
        switch (profile.policy().trust()) {
          case Trust.HashOnly _ -> Optional.empty();
          case Trust.Signatures _ -> Optional.of(ImageRefusal.SIGNATURE_MISSING);
        };
    private Optional<ImageRefusal> counterRefusal =
        switch (profile.policy().rollback()) {
          case UNPROTECTED -> Optional.empty();
          case COUNTER_IN_DEVICE -> Optional.of(ImageRefusal.COUNTER_MISSING);
        };

    Walker(Bytes covered, SecurityCounter stored) {
      this.covered = covered;
      this.hash = covered.sha256();
      this.stored = stored;
    }

    /// What ends the walk at once.
    Optional<ImageRefusal> meet(TlvWalk.Entry tlv, Bytes value) {
      if (tlv.is(TlvType.SHA256)) {
        hashRefusal = value.equals(hash) ? Optional.empty() : Optional.of(ImageRefusal.HASH_WRONG);
        return hashRefusal;
      }
      if (tlv.is(TlvType.SEC_CNT) && profile.policy().rollback() == Rollback.COUNTER_IN_DEVICE) {
        counterRefusal = counterRefusal(value);
        return counterRefusal;
      }
      return switch (profile.policy().trust()) {
        case Trust.HashOnly _ -> Optional.empty();
        case Trust.Signatures trust -> meetSignature(tlv, value, trust);
      };
    }

    Optional<ImageRefusal> end() {
      return hashRefusal.or(() -> signatureRefusal).or(() -> counterRefusal);
    }

    private Optional<ImageRefusal> counterRefusal(Bytes value) {
      Optional<SecurityCounter> counter = SlotImage.counter(value);
      if (counter.isEmpty()) {
        return Optional.of(ImageRefusal.COUNTER_MISSING);
      }
      return counter.get().compareTo(stored) < 0
          ? Optional.of(ImageRefusal.COUNTER_TOO_LOW)
          : Optional.empty();
    }

    private Optional<ImageRefusal> meetSignature(
        TlvWalk.Entry tlv, Bytes value, Trust.Signatures trust) {
      if (tlv.is(TlvType.KEYHASH)) {
        if (value.size() > HASH_SIZE) {
          return Optional.of(ImageRefusal.KEY_HASH_WRONG);
        }
        // Only as much as there is is compared: an empty hash selects the first key.
        key = trust.keys().stream().filter(known -> known.hash().startsWith(value)).findFirst();
        return Optional.empty();
      }
      SignatureTlv signature = new SignatureTlv(trust.kind());
      if (tlv.is(signature.type()) && key.isPresent()) {
        if (!signature.canHave(value.size())) {
          return Optional.of(ImageRefusal.SIGNATURE_WRONG);
        }
        signatureRefusal =
            switch (signature.check(key.get(), covered, hash, value)) {
              case SignatureCheck.Genuine _ -> Optional.empty();
              case SignatureCheck.Wrong _ -> Optional.of(ImageRefusal.SIGNATURE_WRONG);
            };
        key = Optional.empty();
      }
      return Optional.empty();
    }
  }
}
