// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.FreshContentKey;
import dev.sealift.image.key.GivenSignature;
import dev.sealift.image.key.KeyType;
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
  private static final int BLOCK_SIZE = 16;

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

  /// What a signature is over: `region` is what the digest covers, and `message` what goes into the
  /// signature scheme of the key, which for Ed25519 is the digest unless it is pure.
  public record Message(Bytes region, Bytes digest, HashAlgorithm hash, Bytes message) {}

  /// The first step of signing elsewhere: what the holder of this key must sign, so that the image
  /// can be made of the same binary and options with a [GivenSignature]. Nothing that differs from
  /// one making to the next is in it. Refused for a compressed image, which takes two signatures.
  public static Message message(Bytes binary, SignOptions options, VerifyingKey publicKey)
      throws SigningException {
    return new Making(binary, options, Optional.of(new GivenSignature(publicKey, Bytes.EMPTY)))
        .message(publicKey);
  }

  /// The same for a key of which not even the public half is known: only an image whose content
  /// does not depend on it (no boot record) can be made so.
  public static Message message(Bytes binary, SignOptions options, KeyType type)
      throws SigningException {
    SignatureScheme scheme = SignatureScheme.of(type);
    HashAlgorithm hash = options.hash().orElse(scheme.defaultHash(options.signedOver()));
    if (!scheme.hashes().contains(hash)) {
      throw new SigningException("%s does not go with a key of type %s".formatted(hash, type));
    }
    if (options.protectedData().bootRecord().isPresent()) {
      throw new SigningException(
          "a boot record names the key: give its public half to say what is to be signed");
    }
    Making making =
        new Making(
            binary,
            options.toBuilder()
                .hash(Optional.of(hash))
                .signedOver(SignatureScheme.Over.DIGEST)
                .build(),
            Optional.empty());
    Bytes region = making.region();
    Bytes digest = hash.digest(region);
    return new Message(region, digest, hash, scheme.message(region, digest, options.signedOver()));
  }

  /// A signature that was checked with the public half before anybody sees it.
  static Bytes checkedSignature(
      SigningKey signer, Bytes region, Bytes digest, SignatureScheme.Over over)
      throws SigningException {
    VerifyingKey publicKey = signer.publicKey();
    SignatureScheme scheme = SignatureScheme.of(publicKey.type());
    Bytes signature = signer.sign(scheme.message(region, digest, over));
    return switch (SignatureScheme.check(publicKey, region, digest, over, signature)) {
      case SignatureCheck.Genuine _ -> signature;
      case SignatureCheck.Wrong(var sentence) ->
          throw new SigningException(
              signer instanceof GivenSignature
                  ? "the signature is not one of this image by " + publicKey + ": " + sentence
                  : "the private key does not fit its public half: " + sentence);
    };
  }

  /// One image in the making.
  private record Making(Bytes binary, SignOptions options, Optional<SigningKey> key) {
    Image image() throws SigningException {
      HashAlgorithm hash = hash();
      checkInput();
      Parts parts = parts();
      Optional<FreshContentKey> contentKey = contentKey();
      long secrecyFlag = contentKey.map(fresh -> fresh.key().size().flag().mask()).orElse(0L);
      Stored stored = stored(parts, hash, secrecyFlag);
      Bytes payload = contentKey.isEmpty() ? stored.payload() : padded(stored.payload());
      Image unsigned =
          unsigned(
              parts.fill(),
              payload,
              stored.flags() | secrecyFlag,
              protectedArea(hash, stored.tlvs()));
      Seal seal = seal(unsigned, hash);
      List<Tlv> tlvs = new ArrayList<>(tlvs(hash, seal));
      contentKey.ifPresent(fresh -> tlvs.add(tlv(fresh.scheme().tlv(), fresh.wrapped())));
      Image signed =
          with(unsigned, asItLies(payload, contentKey), area(tlvs, "the signature"), Bytes.EMPTY);
      checkFits(signed);
      return with(signed, signed.payload(), signed.unprotectedArea(), rest(signed.size()));
    }

    Message message(VerifyingKey publicKey) throws SigningException {
      HashAlgorithm hash = hash();
      Bytes region = region();
      Bytes digest = hash.digest(region);
      return new Message(
          region,
          digest,
          hash,
          SignatureScheme.of(publicKey.type()).message(region, digest, options.signedOver()));
    }

    /// What the digest covers, of an image that is not compressed.
    Bytes region() throws SigningException {
      if (options.compression().isPresent()) {
        throw new SigningException(
            "a compressed image takes two signatures: it cannot be signed elsewhere in two steps");
      }
      HashAlgorithm hash = hash();
      checkInput();
      Parts parts = parts();
      Optional<FreshContentKey> contentKey = contentKey();
      long secrecyFlag = contentKey.map(fresh -> fresh.key().size().flag().mask()).orElse(0L);
      Bytes payload = contentKey.isEmpty() ? parts.payload() : padded(parts.payload());
      return unsigned(parts.fill(), payload, secrecyFlag, protectedArea(hash, List.of()))
          .hashRegion();
    }

    private static Image with(Image image, Bytes payload, TlvArea unprotectedArea, Bytes rest) {
      return new Image(
          image.header(), image.fill(), payload, image.protectedArea(), unprotectedArea, rest);
    }

    /// A compressed image may be made of an input that would not fit: the slot it is compressed
    /// for need not be the one it runs in.
    private void checkInput() throws SigningException {
      long sizeMax =
          options.compression().isPresent() ? Compression.SIZE_MAX : options.slot().size();
      if (binary.size() > sizeMax) {
        throw new SigningException(
            options.compression().isPresent()
                ? "the input has %d bytes, at most %d are compressed"
                    .formatted(binary.size(), sizeMax)
                : "the input has %d bytes, the slot only %d".formatted(binary.size(), sizeMax));
      }
    }

    private Optional<FreshContentKey> contentKey() throws SigningException {
      Optional<FreshContentKey> fresh =
          switch (options.secrecy()) {
            case SignOptions.Secrecy.Plain _ -> Optional.empty();
            case SignOptions.Secrecy.Encrypted(var keys) -> Optional.of(keys.next());
            case SignOptions.Secrecy.InClear(var keys) -> Optional.of(keys.next());
          };
      if (fresh.isPresent() && key.isPresent()) {
        checkGoesWith(fresh.get().scheme(), key.get().publicKey().type());
      }
      return fresh;
    }

    /// A bootloader that checks RSA or P-256 is built to open content keys by the same; with
    /// Ed25519 any will do, and key wrap goes with all.
    private static void checkGoesWith(EncryptionScheme scheme, KeyType signer)
        throws SigningException {
      boolean fits =
          switch (signer) {
            case ED25519 -> true;
            case RSA_2048, RSA_3072 ->
                scheme == EncryptionScheme.RSA_OAEP || scheme == EncryptionScheme.AES_KW;
            case ECDSA_P256 ->
                scheme == EncryptionScheme.ECIES_P256 || scheme == EncryptionScheme.AES_KW;
            case ECDSA_P384 -> scheme == EncryptionScheme.AES_KW;
          };
      if (!fits) {
        throw new SigningException(
            "no bootloader opens %s and checks %s: encrypt for a key of the type that signs"
                .formatted(scheme, signer));
      }
    }

    /// The payload before encryption, the flags that say how it is stored, and the protected TLVs
    /// that say what it becomes.
    private record Stored(Bytes payload, long flags, List<Tlv> tlvs) {}

    /// Compressed, where that was asked for and makes the image smaller.
    private Stored stored(Parts parts, HashAlgorithm hash, long secrecyFlag)
        throws SigningException {
      Stored plain = new Stored(parts.payload(), 0, List.of());
      if (options.compression().isEmpty()) {
        return plain;
      }
      Compression compression = options.compression().get();
      Bytes payload = compression.compress(parts.payload(), options.lzma2());
      List<Tlv> tlvs = becomes(parts, hash, secrecyFlag);
      if (secrecyFlag != 0) {
        tlvs.add(number(TlvType.COMP_DEC_SIZE, payload.size()));
      }
      int size = payload.size() + tlvs.stream().mapToInt(Tlv::size).sum();
      return size < plain.payload().size() ? new Stored(payload, compression.flags(), tlvs) : plain;
    }

    /// The TLVs about the image that a compressed one becomes on the device, see [Decompression].
    private List<Tlv> becomes(Parts parts, HashAlgorithm hash, long secrecyFlag)
        throws SigningException {
      Seal seal =
          seal(
              unsigned(parts.fill(), parts.payload(), secrecyFlag, protectedArea(hash, List.of())),
              hash);
      List<Tlv> tlvs = new ArrayList<>();
      tlvs.add(number(TlvType.DECOMP_SIZE, parts.payload().size()));
      tlvs.add(tlv(TlvType.DECOMP_SHA, seal.digest()));
      seal.signature().ifPresent(value -> tlvs.add(tlv(TlvType.DECOMP_SIGNATURE, value)));
      return tlvs;
    }

    private Tlv tlv(TlvType type, Bytes value) {
      return Tlv.of(type, value, options.typeForm());
    }

    private Tlv number(TlvType type, long value) {
      return tlv(type, new ByteWriter(options.order()).u32(value).toBytes());
    }

    /// Header and payload together are whole blocks of the cipher.
    private Bytes padded(Bytes payload) {
      int over = (options.header().size() + payload.size()) % BLOCK_SIZE;
      return over == 0 ? payload : payload.plus(Bytes.filled(BLOCK_SIZE - over, 0));
    }

    private Bytes asItLies(Bytes payload, Optional<FreshContentKey> contentKey) {
      return switch (options.secrecy()) {
        case SignOptions.Secrecy.Plain _, SignOptions.Secrecy.InClear _ -> payload;
        case SignOptions.Secrecy.Encrypted _ -> contentKey.orElseThrow().key().apply(payload, 0);
      };
    }

    private Image unsigned(Bytes fill, Bytes payload, long flags, Optional<TlvArea> protectedArea) {
      return new Image(
          header(payload, flags, protectedArea),
          fill,
          payload,
          protectedArea,
          TlvArea.of(),
          Bytes.EMPTY);
    }

    /// What makes an image trustworthy: its digest, and the signature of who has a key.
    private record Seal(Bytes digest, Optional<Bytes> signature) {}

    private Seal seal(Image unsigned, HashAlgorithm hash) throws SigningException {
      Bytes region = unsigned.hashRegion();
      Bytes digest = hash.digest(region);
      return new Seal(
          digest,
          key.isPresent() ? Optional.of(signature(key.get(), region, digest)) : Optional.empty());
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

    private ImageHeader header(Bytes payload, long others, Optional<TlvArea> protectedArea) {
      long address = 0;
      long flags = others;
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
    private Optional<TlvArea> protectedArea(HashAlgorithm hash, List<Tlv> aboutPayload)
        throws SigningException {
      SignOptions.Protected data = options.protectedData();
      ByteOrder order = options.order();
      List<Tlv> tlvs = new ArrayList<>();
      counter(data.counter()).ifPresent(value -> tlvs.add(number(TlvType.SEC_CNT, value.value())));
      data.bootRecord()
          .ifPresent(type -> tlvs.add(tlv(TlvType.BOOT_RECORD, bootRecord(type, hash))));
      for (Dependency dependency : data.dependencies()) {
        tlvs.add(tlv(TlvType.DEPENDENCY, dependency.write(order)));
      }
      tlvs.addAll(aboutPayload);
      data.vendor().ifPresent(v -> tlvs.add(tlv(TlvType.UUID_VID, ImageUuid.write(v))));
      data.deviceClass().ifPresent(c -> tlvs.add(tlv(TlvType.UUID_CID, ImageUuid.write(c))));
      data.manifest().ifPresent(m -> tlvs.add(tlv(TlvType.MANIFEST, m.write(order))));
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

    private List<Tlv> tlvs(HashAlgorithm hash, Seal seal) {
      List<Tlv> tlvs = new ArrayList<>();
      tlvs.add(tlv(hash.tlv(), seal.digest()));
      if (key.isPresent()) {
        VerifyingKey publicKey = key.get().publicKey();
        if (options.signedOver() == SignatureScheme.Over.IMAGE) {
          tlvs.add(tlv(TlvType.SIG_PURE, Bytes.of((byte) 1)));
        }
        tlvs.add(
            switch (options.keyForm()) {
              case HASH -> tlv(TlvType.KEYHASH, hash.digest(publicKey.embedded()));
              case FULL -> tlv(TlvType.PUBKEY, publicKey.embedded());
            });
        tlvs.add(tlv(SignatureScheme.of(publicKey.type()).tlv(), seal.signature().orElseThrow()));
      }
      return tlvs;
    }

    private Bytes signature(SigningKey signer, Bytes region, Bytes digest) throws SigningException {
      return inForm(
          checkedSignature(signer, region, digest, options.signedOver()),
          signer.publicKey().type());
    }

    private Bytes inForm(Bytes signature, KeyType type) {
      return switch (options.signatureForm()) {
        case AS_LONG_AS_IT_IS -> signature;
        case PADDED -> {
          int missing = SignatureScheme.of(type).paddedSize(signature.size()) - signature.size();
          yield signature.plus(Bytes.filled(missing, 0));
        }
      };
    }

    private void checkFits(Image image) throws SigningException {
      long room = options.slot().imageSizeMax(image);
      if (image.size() > room) {
        throw new SigningException(
            "the image has %d bytes, the slot of %d takes %d (%s): %d too many"
                .formatted(
                    image.size(),
                    options.slot().size(),
                    Math.max(0, room),
                    options.slot().mode().word(),
                    image.size() - room));
      }
    }

    /// The erased rest of the slot with the trailer at its end. An overwrite-only bootloader does
    /// not read image ok.
    private Bytes rest(int size) throws SigningException {
      SlotLayout slot = options.slot();
      if (options.padding() == SignOptions.Padding.NONE) {
        return Bytes.EMPTY;
      }
      if (slot.mode() == SlotLayout.Mode.SWAP_OFFSET
          && options.padding() == SignOptions.Padding.PADDED) {
        throw new SigningException(
            "swap by offset wants a new image in the second sector of its slot, which a file that"
                + " fills the slot cannot have: leave the padding out and write it one sector up");
      }
      Bytes magic = SlotLayout.magic(slot.alignMax(), options.order());
      byte[] rest = Bytes.filled((int) slot.size() - size, options.erasedValue()).toArray();
      magic.copyTo(rest, rest.length - magic.size());
      if (options.padding() == SignOptions.Padding.CONFIRMED
          && slot.mode() != SlotLayout.Mode.OVERWRITE_ONLY) {
        rest[rest.length - SlotLayout.imageOkBeforeEnd(slot.alignMax())] = 1;
      }
      return Bytes.owning(rest);
    }
  }
}
