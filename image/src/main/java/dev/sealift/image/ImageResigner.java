// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Signs an image that is there already with another key, or with one more, without its build:
/// header, payload and protected TLVs stay as they are, but for what in them speaks of the key.
public final class ImageResigner {
  private ImageResigner() {}

  /// What becomes of the signatures that are there.
  public enum Others {
    REPLACED,
    /// They stay before the new one: a bootloader takes the last one by a key it trusts.
    KEPT
  }

  /// `keys` open an encrypted image, whose hash is that of its plaintext; what it is encrypted for
  /// stays. The hash must fit before anything is signed anew.
  public static Image resign(Image image, SigningKey key, Others others, List<DecryptionKey> keys)
      throws SigningException {
    return new Work(image, key, others).done(keys);
  }

  private record Work(Image image, SigningKey key, Others others) {
    Image done(List<DecryptionKey> keys) throws SigningException {
      HashAlgorithm before = hash();
      HashAlgorithm after = hashFor(before);
      Image plain = plain(keys, before);
      Image named = withSigner(plain, before, after);
      Bytes region = named.hashRegion();
      Bytes digest = after.digest(region);
      Bytes signature = signature(region, digest);
      TlvArea area = area(after, digest, signature);
      Image signed =
          new Image(
              named.header(),
              named.fill(),
              image.payload(),
              named.protectedArea(),
              area,
              Bytes.EMPTY);
      return new Image(
          signed.header(),
          signed.fill(),
          signed.payload(),
          signed.protectedArea(),
          area,
          rest(signed.size()));
    }

    private HashAlgorithm hash() throws SigningException {
      List<HashAlgorithm> hashes =
          image.unprotectedArea().tlvs().stream()
              .flatMap(tlv -> HashAlgorithm.ofTlv(tlv.type()).stream())
              .toList();
      if (hashes.size() != 1) {
        throw new SigningException(
            "the image carries %d hashes of itself, expected one".formatted(hashes.size()));
      }
      return hashes.getFirst();
    }

    private SignatureScheme.Over over() {
      return image.unprotectedArea().first(TlvType.SIG_PURE).isPresent()
          ? SignatureScheme.Over.IMAGE
          : SignatureScheme.Over.DIGEST;
    }

    /// The hash that is there, where the key can have it; signatures that stay need it, and so do
    /// the TLVs that speak of it.
    private HashAlgorithm hashFor(HashAlgorithm before) throws SigningException {
      SignatureScheme scheme = SignatureScheme.of(key.publicKey().type());
      if (over() == SignatureScheme.Over.IMAGE && scheme != SignatureScheme.ED25519) {
        throw new SigningException(
            "the image says it is signed itself (pure), which only ed25519 can; the key is "
                + key.publicKey().type());
      }
      if (scheme.hashes().contains(before)) {
        return before;
      }
      boolean fixed =
          others == Others.KEPT
              || image.header().isCompressed()
              || protectedTlv(TlvType.BOOT_RECORD).isPresent();
      if (fixed) {
        throw new SigningException(
            "the image has %s all through, which a key of type %s does not go with"
                .formatted(before, key.publicKey().type()));
      }
      return scheme.defaultHash(over());
    }

    private Optional<Tlv> protectedTlv(TlvType type) {
      return image.protectedArea().flatMap(area -> area.first(type));
    }

    private Image plain(List<DecryptionKey> keys, HashAlgorithm hash) throws SigningException {
      Bytes expected = image.hash().orElseThrow();
      if (hash.digest(image.hashRegion()).equals(expected)) {
        return image;
      }
      return switch (Decrypted.of(image, keys)) {
        case Decrypted.NotEncrypted _ ->
            throw new SigningException("the image was changed: its hash does not fit");
        case Decrypted.Refused(_, var sentence, _) -> throw new SigningException(sentence);
        case Decrypted.Opened(var opened) -> {
          if (!hash.digest(opened.hashRegion()).equals(expected)) {
            throw new SigningException("the image was changed: its hash does not fit");
          }
          yield opened;
        }
      };
    }

    /// The same with this key where the protected TLVs name the signer or hold a signature.
    private Image withSigner(Image plain, HashAlgorithm before, HashAlgorithm after)
        throws SigningException {
      if (plain.protectedArea().isEmpty()) {
        return plain;
      }
      List<Tlv> tlvs = new ArrayList<>();
      for (Tlv tlv : plain.protectedArea().get().tlvs()) {
        if (tlv.is(TlvType.BOOT_RECORD)) {
          tlvs.add(withValue(tlv, bootRecord(tlv.value(), after)));
        } else if (tlv.is(TlvType.DECOMP_SIGNATURE)) {
          tlvs.add(withValue(tlv, signatureOfDecompressed(plain, before)));
        } else {
          tlvs.add(tlv);
        }
      }
      TlvArea area = new TlvArea(tlvs);
      ImageHeader header = plain.header();
      return new Image(
          new ImageHeader(
              header.order(),
              header.loadAddress(),
              header.headerSize(),
              area.size(),
              header.imageSize(),
              header.flags(),
              header.version(),
              header.reserved()),
          plain.fill(),
          plain.payload(),
          Optional.of(area),
          plain.unprotectedArea(),
          Bytes.EMPTY);
    }

    private static Tlv withValue(Tlv tlv, Bytes value) {
      return new Tlv(tlv.type(), tlv.form(), value);
    }

    /// A record names its signer under 5; all else, and the order, stays.
    private Bytes bootRecord(Bytes record, HashAlgorithm hash) throws SigningException {
      CborItem signer = new CborBytes(hash.digest(key.publicKey().embedded()));
      CborItem label = CborInt.of(5);
      try {
        if (!(Cbor.lenient(record) instanceof CborMap map) || !map.entries().containsKey(label)) {
          throw new SigningException("the boot record names no signer");
        }
        CborMap.Builder renamed = CborMap.builder();
        map.entries()
            .forEach((name, item) -> renamed.put(name, name.equals(label) ? signer : item));
        return Cbor.encode(renamed.build());
      } catch (MalformedException e) {
        throw new SigningException("the boot record cannot be read: " + e.getMessage());
      }
    }

    private Bytes signatureOfDecompressed(Image plain, HashAlgorithm hash) throws SigningException {
      try {
        Image whole = new Decompression(plain, hash, over()).image(List.of());
        Image named = withSigner(whole, hash, hash);
        if (!named.hashRegion().equals(whole.hashRegion())) {
          throw new SigningException(
              "the compressed image has a boot record, which names the key inside and out:"
                  + " make it again from its binary");
        }
        Bytes region = whole.hashRegion();
        return signature(region, hash.digest(region));
      } catch (ImageFault fault) {
        throw new SigningException("the image does not decompress: " + fault.sentence());
      }
    }

    private Bytes signature(Bytes region, Bytes digest) throws SigningException {
      return ImageSigner.checkedSignature(key, region, digest, over());
    }

    private TlvArea area(HashAlgorithm hash, Bytes digest, Bytes signature)
        throws SigningException {
      VerifyingKey publicKey = key.publicKey();
      boolean inFull = image.unprotectedArea().first(TlvType.PUBKEY).isPresent();
      Tlv.TypeForm form =
          image.unprotectedArea().tlvs().stream()
              .filter(tlv -> HashAlgorithm.ofTlv(tlv.type()).isPresent())
              .map(Tlv::form)
              .findFirst()
              .orElseThrow();
      List<Tlv> tlvs = new ArrayList<>();
      tlvs.add(Tlv.of(hash.tlv(), digest, form));
      List<Tlv> behind = new ArrayList<>();
      for (Tlv tlv : image.unprotectedArea().tlvs()) {
        boolean ofSigner =
            tlv.is(TlvType.KEYHASH)
                || tlv.is(TlvType.PUBKEY)
                || SignatureScheme.isSignature(tlv.type());
        if (tlv.is(TlvType.SIG_PURE) || (ofSigner && others == Others.KEPT)) {
          tlvs.add(tlv);
        } else if (!ofSigner && HashAlgorithm.ofTlv(tlv.type()).isEmpty()) {
          behind.add(tlv);
        }
      }
      if (others == Others.KEPT && !digest.equals(image.hash().orElseThrow())) {
        throw new SigningException(
            "the image names its signer among what is signed: no second key can sign it");
      }
      tlvs.add(
          inFull
              ? Tlv.of(TlvType.PUBKEY, publicKey.embedded(), form)
              : Tlv.of(TlvType.KEYHASH, hash.digest(publicKey.embedded()), form));
      tlvs.add(Tlv.of(SignatureScheme.of(publicKey.type()).tlv(), signature, form));
      tlvs.addAll(behind);
      int size = TlvArea.HEAD_SIZE + tlvs.stream().mapToInt(Tlv::size).sum();
      if (size > TlvArea.SIZE_MAX) {
        throw new SigningException(
            "no room for one more signature: %d bytes of TLVs".formatted(size));
      }
      return new TlvArea(tlvs);
    }

    /// A padded file stays as long as it was.
    private Bytes rest(int size) throws SigningException {
      Bytes rest = image.rest();
      int more = size - image.size();
      if (rest.isEmpty() || more == 0) {
        return rest;
      }
      return switch (SlotRest.of(image)) {
        case SlotRest.Foreign(_, var sentence, _) -> throw new SigningException(sentence);
        case SlotRest.Nothing _, SlotRest.Erased _, SlotRest.Trailer _ -> {
          int erased = rest.at(0);
          if (more < 0) {
            yield Bytes.filled(-more, erased).plus(rest);
          }
          if (more > rest.size() || !rest.first(more).isFilledWith(erased)) {
            throw new SigningException("the file is full, the signature needs more room");
          }
          yield rest.from(more);
        }
      };
    }
  }
}
