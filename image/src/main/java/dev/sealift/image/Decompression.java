// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.compression.Decompressed;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The image that a compressed one becomes on the device: the same header without the compression
/// flags, the payload decompressed, and the protected TLVs without those that speak of the
/// compression. Its digest and signature are what those TLVs hold.
record Decompression(Image image, HashAlgorithm hash, SignatureScheme.Over over) {
  static final Set<TlvType> OWN_TYPES =
      EnumSet.of(
          TlvType.DECOMP_SIZE, TlvType.DECOMP_SHA, TlvType.DECOMP_SIGNATURE, TlvType.COMP_DEC_SIZE);

  private static final int BLOCK_SIZE = 16;

  /// `image` lies decrypted. One of the signers of the compressed image must have signed the other
  /// as well; where nobody is asked for a signature, the digest must do.
  Image image(List<VerifyingKey> signers) throws ImageFault {
    Image whole = decompressed();
    Bytes region = whole.hashRegion();
    Bytes digest = hash.digest(region);
    Image.Entry named = entry(TlvType.DECOMP_SHA);
    if (!digest.equals(named.tlv().value())) {
      throw bad(named.offset(), "decompressed, it does not have the digest that DECOMP_SHA says");
    }
    if (!signers.isEmpty()) {
      Image.Entry signature = entry(TlvType.DECOMP_SIGNATURE);
      boolean genuine =
          signers.stream()
              .map(key -> SignatureScheme.check(key, region, digest, over, signature.tlv().value()))
              .anyMatch(SignatureCheck.Genuine.class::isInstance);
      if (!genuine) {
        throw bad(
            signature.offset(),
            "the signature of what it is decompressed is not by who signed the image");
      }
    }
    return whole;
  }

  /// As a bootloader writes it: the digest it has and the signature of it stand where those of the
  /// compressed image stood.
  Image installed() throws ImageFault {
    Image whole = decompressed();
    Bytes digest = entry(TlvType.DECOMP_SHA).tlv().value();
    if (!hash.digest(whole.hashRegion()).equals(digest)) {
      throw bad(
          entry(TlvType.DECOMP_SHA).offset(),
          "decompressed, it does not have the digest that DECOMP_SHA says");
    }
    Optional<Bytes> signature =
        image.entries().stream()
            .filter(entry -> entry.tlv().is(TlvType.DECOMP_SIGNATURE))
            .map(entry -> entry.tlv().value())
            .findFirst();
    List<Tlv> tlvs =
        whole.unprotectedArea().tlvs().stream()
            .map(tlv -> HashAlgorithm.ofTlv(tlv.type()).isPresent() ? with(tlv, digest) : tlv)
            .map(
                tlv ->
                    SignatureScheme.isSignature(tlv.type()) && signature.isPresent()
                        ? with(tlv, signature.get())
                        : tlv)
            .toList();
    return new Image(
        whole.header(),
        whole.fill(),
        whole.payload(),
        whole.protectedArea(),
        new TlvArea(tlvs),
        Bytes.EMPTY);
  }

  private static Tlv with(Tlv tlv, Bytes value) {
    return Tlv.of(tlv.type(), value);
  }

  private Image decompressed() throws ImageFault {
    Compression compression =
        Compression.of(image.header())
            .orElseThrow(
                () ->
                    new ImageFault(
                        RefusalReason.COMPRESSED,
                        16,
                        "the image is compressed by LZMA1, which no tool makes"));
    Image.Entry size = entry(TlvType.DECOMP_SIZE);
    long announced = Image.number(size.tlv().value(), image.order());
    return switch (compression.decompress(stream(), announced)) {
      case Decompressed.Whole(var payload) -> around(payload);
      case Decompressed.Broken(var sentence) ->
          throw bad(image.header().headerSize(), "the payload: " + sentence);
    };
  }

  /// Encryption pads the stream with zeros; COMP_DEC_SIZE is there to find its end.
  private Bytes stream() throws ImageFault {
    Bytes payload = image.payload();
    if (!image.header().isEncrypted()) {
      return payload;
    }
    Image.Entry end = entry(TlvType.COMP_DEC_SIZE);
    long size = Image.number(end.tlv().value(), image.order());
    if (size > payload.size()
        || size <= payload.size() - BLOCK_SIZE
        || !payload.from((int) size).isFilledWith(0)) {
      throw bad(
          end.offset(),
          "COMP_DEC_SIZE says %d, the payload has %d bytes".formatted(size, payload.size()));
    }
    return payload.first((int) size);
  }

  private Image around(Bytes payload) {
    ImageHeader header = image.header();
    Optional<TlvArea> area =
        image
            .protectedArea()
            .map(
                all ->
                    all.tlvs().stream()
                        .filter(tlv -> tlv.known().filter(OWN_TYPES::contains).isEmpty())
                        .toList())
            .filter(tlvs -> !tlvs.isEmpty())
            .map(TlvArea::new);
    long compressionFlags = Compression.LZMA2_ARM_THUMB.flags();
    ImageHeader uncompressed =
        new ImageHeader(
            header.order(),
            header.loadAddress(),
            header.headerSize(),
            area.map(TlvArea::size).orElse(0),
            payload.size(),
            header.flags() & ~compressionFlags,
            header.version(),
            header.reserved());
    return new Image(
        uncompressed, image.fill(), payload, area, image.unprotectedArea(), image.rest());
  }

  private Image.Entry entry(TlvType type) throws ImageFault {
    return image.entries().stream()
        .filter(entry -> entry.area() == TlvArea.Kind.PROTECTED && entry.tlv().is(type))
        .findFirst()
        .orElseThrow(
            () ->
                bad(
                    image.hashRegionSize() - image.header().protectedSize(),
                    "%s is missing".formatted(type)));
  }

  private static ImageFault bad(int offset, String sentence) {
    return new ImageFault(RefusalReason.BAD_COMPRESSION, offset, sentence);
  }
}
