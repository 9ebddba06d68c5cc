// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes an image out of a binary, byte for byte as imgtool would. Everything is put together,
/// signed, the signature checked, and the size held against the slot before anything is handed out.
public final class ImageSigner {
  private ImageSigner() {}

  /// Signs with the key; the answer's `rest` is the padding, when asked for.
  public static Image sign(Bytes binary, SignOptions options, SigningKey key)
      throws SigningException {
    return new Making(binary, options, Optional.of(key)).image();
  }

  /// With a hash but no signature: anybody can make such an image, so devices should refuse it.
  public static Image hashOnly(Bytes binary, SignOptions options) throws SigningException {
    return new Making(binary, options, Optional.empty()).image();
  }

  /// One image in the making.
  private record Making(Bytes binary, SignOptions options, Optional<SigningKey> key) {
    Image image() throws SigningException {
      ByteOrder order = options.order();
      HashAlgorithm hash = hash();
      if (binary.size() > options.slot().size()) {
        throw new SigningException(
            "the input has %d bytes, the slot only %d"
                .formatted(binary.size(), options.slot().size()));
      }
      Parts parts = parts();
      Optional<TlvArea> protectedArea = protectedArea(hash);
      Image unsigned =
          new Image(
              header(parts.payload(), protectedArea),
              parts.fill(),
              parts.payload(),
              protectedArea,
              TlvArea.of(),
              Bytes.EMPTY);
      Bytes region = unsigned.hashRegion();
      Bytes digest = hash.digest(region);
      List<Tlv> tlvs = new ArrayList<>();
      tlvs.add(Tlv.of(hash.tlv(), digest, order));
      if (key.isPresent()) {
        addSignature(tlvs, key.get(), hash, region, digest);
      }
      Image signed = with(unsigned, area(tlvs, "the signature"), Bytes.EMPTY);
      checkFits(signed.size());
      return with(signed, signed.unprotectedArea(), rest(signed.size()));
    }

    private static Image with(Image image, TlvArea unprotectedArea, Bytes rest) {
      return new Image(
          image.header(),
          image.fill(),
          image.payload(),
          image.protectedArea(),
          unprotectedArea,
          rest);
    }

    private HashAlgorithm hash() throws SigningException {
      if (key.isEmpty()) {
        if (options.signedOver() == SignatureScheme.Over.IMAGE) {
          throw new SigningException("a pure signature needs a key");
        }
        return options.hash().orElse(HashAlgorithm.SHA256);
      }
      VerifyingKey publicKey = key.get().publicKey();
      SignatureScheme scheme = SignatureScheme.of(publicKey.type());
      if (options.signedOver() == SignatureScheme.Over.IMAGE) {
        if (scheme != SignatureScheme.ED25519) {
          throw new SigningException(
              "only ed25519 has pure signatures, the key is " + publicKey.type());
        }
        if (!options.hash().orElse(HashAlgorithm.SHA512).equals(HashAlgorithm.SHA512)) {
          throw new SigningException("pure signatures go with SHA-512");
        }
      }
      HashAlgorithm hash = options.hash().orElse(scheme.defaultHash(options.signedOver()));
      if (!scheme.hashes().contains(hash)) {
        throw new SigningException(
            "%s does not go with a key of type %s".formatted(hash, publicKey.type()));
      }
      return hash;
    }

    /// The binary behind its header room, and what fills the room behind the header.
    private record Parts(Bytes fill, Bytes payload) {}

    private Parts parts() throws SigningException {
      int size = options.header().size();
      return switch (options.header().source()) {
        case PREPENDED ->
            new Parts(Bytes.filled(size - ImageHeader.SIZE, options.erasedValue()), binary);
        case RESERVED -> {
          if (binary.size() < size || !binary.first(size).isFilledWith(0)) {
            throw new SigningException(
                ("the first %d bytes of the input must be zeros, reserved for the header;"
                        + " they are not (--pad-header puts a header before it)")
                    .formatted(size));
          }
          yield new Parts(binary.slice(ImageHeader.SIZE, size), binary.from(size));
        }
      };
    }

    private ImageHeader header(Bytes payload, Optional<TlvArea> protectedArea) {
      long address = 0;
      long flags = 0;
      switch (options.placement()) {
        case SignOptions.Placement.InSlot _ -> {}
        case SignOptions.Placement.Ram(var at) -> {
          address = at;
          flags |= ImageFlag.RAM_LOAD.mask();
        }
        case SignOptions.Placement.Rom(var at) -> {
          address = at;
          flags |= ImageFlag.ROM_FIXED.mask();
        }
      }
      flags |=
          switch (options.bootability()) {
            case BOOTABLE -> 0;
            case NON_BOOTABLE -> ImageFlag.NON_BOOTABLE.mask();
          };
      return new ImageHeader(
          options.order(),
          address,
          options.header().size(),
          protectedArea.map(TlvArea::size).orElse(0),
          payload.size(),
          flags,
          options.version(),
          0);
    }

    /// In the order of imgtool; our sequence number comes before the other vendor types.
    private Optional<TlvArea> protectedArea(HashAlgorithm hash) throws SigningException {
      SignOptions.Protected data = options.protectedData();
      ByteOrder order = options.order();
      List<Tlv> tlvs = new ArrayList<>();
      counter(data.counter())
          .ifPresent(
              value ->
                  tlvs.add(
                      Tlv.of(
                          TlvType.SEC_CNT,
                          new ByteWriter(order).u32(value.value()).toBytes(),
                          order)));
      data.bootRecord()
          .ifPresent(type -> tlvs.add(Tlv.of(TlvType.BOOT_RECORD, bootRecord(type, hash), order)));
      for (Dependency dependency : data.dependencies()) {
        tlvs.add(Tlv.of(TlvType.DEPENDENCY, dependency.write(order), order));
      }
      data.vendor().ifPresent(v -> tlvs.add(Tlv.of(TlvType.UUID_VID, ImageUuid.write(v), order)));
      data.deviceClass()
          .ifPresent(c -> tlvs.add(Tlv.of(TlvType.UUID_CID, ImageUuid.write(c), order)));
      data.sequence().ifPresent(number -> tlvs.add(Tlv.of(TlvType.SEQUENCE.code(), u64(number))));
      for (Tlv tlv : data.custom()) {
        if (Tlv.formOf(tlv.type(), order) != Tlv.TypeForm.NUMBER) {
          throw new SigningException(
              "in a big-endian image type 0x%04x would be read as %s"
                  .formatted(tlv.type(), TlvType.name(tlv.type() >>> 8)));
        }
        tlvs.add(tlv);
      }
      return tlvs.isEmpty() ? Optional.empty() : Optional.of(area(tlvs, "what is to be protected"));
    }

    private static TlvArea area(List<Tlv> tlvs, String what) throws SigningException {
      int size = TlvArea.HEAD_SIZE + tlvs.stream().mapToInt(Tlv::size).sum();
      if (size > TlvArea.SIZE_MAX) {
        throw new SigningException(
            "%s takes %d bytes, a TLV area has at most 65535".formatted(what, size));
      }
      return new TlvArea(tlvs);
    }

    private Optional<SecurityCounter> counter(SignOptions.Counter counter) {
      ImageVersion version = options.version();
      return switch (counter) {
        case SignOptions.Counter.None _ -> Optional.empty();
        case SignOptions.Counter.Is(var value) -> Optional.of(value);
        case SignOptions.Counter.FromVersion _ ->
            Optional.of(
                new SecurityCounter(
                    ((long) version.major() << 24)
                        + ((long) version.minor() << 16)
                        + version.revision()));
      };
    }

    private static Bytes u64(long number) {
      return new ByteWriter(ByteOrder.LITTLE_ENDIAN)
          .u32(number & 0xffff_ffffL)
          .u32(number >>> 32)
          .toBytes();
    }

    /// Software type, version, signer, hash name; the measurement comes last, as zeros that the
    /// bootloader writes the digest over.
    private Bytes bootRecord(String softwareType, HashAlgorithm hash) {
      ImageVersion version = options.version();
      Bytes signer =
          key.map(k -> hash.digest(k.publicKey().embedded())).orElse(Bytes.filled(32, 0));
      return Cbor.encode(
          CborMap.builder()
              .put(1, new CborText(softwareType))
              .put(
                  4,
                  new CborText(
                      "%d.%d.%d".formatted(version.major(), version.minor(), version.revision())))
              .put(5, signer)
              .put(6, new CborText(hash.name()))
              .put(2, Bytes.filled(hash.size(), 0))
              .build());
    }

    private void addSignature(
        List<Tlv> tlvs, SigningKey signer, HashAlgorithm hash, Bytes region, Bytes digest)
        throws SigningException {
      ByteOrder order = options.order();
      VerifyingKey publicKey = signer.publicKey();
      SignatureScheme scheme = SignatureScheme.of(publicKey.type());
      SignatureScheme.Over over = options.signedOver();
      if (over == SignatureScheme.Over.IMAGE) {
        tlvs.add(Tlv.of(TlvType.SIG_PURE, Bytes.of((byte) 1), order));
      }
      tlvs.add(
          switch (options.keyForm()) {
            case HASH -> Tlv.of(TlvType.KEYHASH, hash.digest(publicKey.embedded()), order);
            case FULL -> Tlv.of(TlvType.PUBKEY, publicKey.embedded(), order);
          });
      Bytes signature = signer.sign(scheme.message(region, digest, over));
      switch (SignatureScheme.check(publicKey, region, digest, over, signature)) {
        case SignatureCheck.Genuine _ -> {}
        case SignatureCheck.Wrong(var sentence) ->
            throw new SigningException("the private key does not fit its public half: " + sentence);
      }
      tlvs.add(Tlv.of(scheme.tlv(), signature, order));
    }

    private void checkFits(int size) throws SigningException {
      SlotLayout slot = options.slot();
      if (size > slot.imageSizeMax()) {
        throw new SigningException(
            "the image has %d bytes and the trailer %d, the slot has %d: %d too many"
                .formatted(size, slot.trailerSize(), slot.size(), size - slot.imageSizeMax()));
      }
    }

    /// The erased rest of the slot with the trailer at its end. An overwrite-only bootloader does
    /// not read image ok.
    private Bytes rest(int size) {
      SlotLayout slot = options.slot();
      if (options.padding() == SignOptions.Padding.NONE) {
        return Bytes.EMPTY;
      }
      Bytes magic = SlotLayout.magic(slot.alignMax(), options.order());
      byte[] rest = Bytes.filled((int) slot.size() - size, options.erasedValue()).toArray();
      magic.copyTo(rest, rest.length - magic.size());
      if (options.padding() == SignOptions.Padding.CONFIRMED
          && slot.trailer() == SlotLayout.Trailer.SWAP) {
        rest[rest.length - SlotLayout.imageOkBeforeEnd(slot.alignMax())] = 1;
      }
      return Bytes.owning(rest);
    }
  }
}
