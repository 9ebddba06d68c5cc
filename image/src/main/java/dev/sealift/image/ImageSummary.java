// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.encryption.DecryptionKey;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an image says of itself, for a person as lines and for a machine as a map without byte
/// strings (hex stands for them). Nothing of it is checked, but with a device's keys an encrypted
/// payload is opened and its digest named.
public record ImageSummary(Image image, List<DecryptionKey> keys) {
  private static final int VALUE_SHOWN_MAX = 32;

  public ImageSummary {
    keys = List.copyOf(keys);
  }

  public CborMap toMap() {
    ImageHeader header = image.header();
    CborMap.Builder map =
        CborMap.builder()
            .put("version", header.version().toString())
            .put("byte-order", byteOrder())
            .put("header-size", header.headerSize())
            .put("payload-size", header.imageSize())
            .put("load-address", header.loadAddress())
            .put("flags", header.flags())
            .put(
                "flag-names",
                new CborList(
                    header.flagSet().stream()
                        .<CborItem>map(flag -> new CborText(flag.name()))
                        .toList()))
            .put("size", image.size())
            .put("hash-region-size", image.hashRegionSize());
    image.hash().ifPresent(hash -> map.put("hash", hash.toHex()));
    encryption().ifPresent(how -> map.put("encryption", how));
    decryptedMap().ifPresent(decrypted -> map.put("decrypted", decrypted));
    image.securityCounter().ifPresent(counter -> map.put("security-counter", counter.value()));
    image.sequence().ifPresent(sequence -> map.put("sequence", sequence));
    return map.put("tlvs", new CborList(image.entries().stream().map(this::toMap).toList()))
        .put("rest", rest())
        .build();
  }

  private CborItem toMap(Image.Entry entry) {
    return CborMap.builder()
        .put("area", entry.area().word())
        .put("type", entry.tlv().type())
        .put("name", entry.tlv().name())
        .put("offset", entry.offset())
        .put("length", entry.tlv().value().size())
        .put("value", entry.tlv().value().toHex())
        .build();
  }

  private String byteOrder() {
    return image.order() == ByteOrder.BIG_ENDIAN ? "big" : "little";
  }

  private CborMap rest() {
    CborMap.Builder map = CborMap.builder().put("size", image.rest().size());
    switch (SlotRest.of(image)) {
      case SlotRest.Nothing _ -> map.put("kind", "nothing");
      case SlotRest.Erased(var value) -> map.put("kind", "erased").put("value", value);
      case SlotRest.Trailer(var alignMax, var imageOk) ->
          map.put("kind", "trailer")
              .put("max-align", alignMax)
              .put("image-ok", imageOk == SlotRest.ImageOk.SET);
      case SlotRest.Foreign(var reason, var sentence, _) ->
          map.put("kind", reason.code()).put("problem", sentence);
    }
    return map.build();
  }

  public List<String> lines() {
    ImageHeader header = image.header();
    List<String> lines = new ArrayList<>();
    lines.add("version       " + header.version());
    lines.add("header        %d bytes, %s endian".formatted(header.headerSize(), byteOrder()));
    lines.add("payload       %d bytes".formatted(header.imageSize()));
    if (header.loadAddress() != 0) {
      lines.add("load address  0x%08x".formatted(header.loadAddress()));
    }
    lines.add("flags         0x%08x%s".formatted(header.flags(), flagNames()));
    image.hash().ifPresent(hash -> lines.add("hash          " + hash.toHex()));
    encryption().ifPresent(how -> lines.add("encryption    " + how));
    decryptedLine().ifPresent(line -> lines.add("decrypted     " + line));
    for (Image.Entry entry : image.entries()) {
      lines.add(
          "tlv           %6d  %-11s  %-12s %4d  %s"
              .formatted(
                  entry.offset(),
                  entry.area().word(),
                  entry.tlv().name(),
                  entry.tlv().value().size(),
                  shown(entry.tlv())));
    }
    lines.add("image         %d bytes".formatted(image.size()));
    lines.add(
        switch (SlotRest.of(image)) {
          case SlotRest.Nothing _ -> "behind it     nothing";
          case SlotRest.Erased(var value) ->
              "behind it     %d bytes of 0x%02x".formatted(image.rest().size(), value);
          case SlotRest.Trailer(var alignMax, var imageOk) ->
              "behind it     slot trailer, alignment %d, image ok %s"
                  .formatted(alignMax, imageOk == SlotRest.ImageOk.SET ? "set" : "not set");
          case SlotRest.Foreign(_, var sentence, _) -> "behind it     " + sentence;
        });
    return lines;
  }

  private Optional<String> encryption() {
    if (!image.header().isEncrypted()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Decrypted.WrappedKey.of(image).toString());
    } catch (ImageFault fault) {
      return Optional.of(fault.sentence());
    }
  }

  /// The digest of the plaintext, or why there is none.
  private sealed interface Opened {
    record Digest(HashAlgorithm hash, Bytes value, Fit fit) implements Opened {}

    record Closed(String sentence) implements Opened {}
  }

  private enum Fit {
    AS_THE_IMAGE_SAYS,
    NOT_AS_THE_IMAGE_SAYS,
    IN_CLEAR
  }

  private Optional<Opened> opened() {
    if (keys.isEmpty() || !image.header().isEncrypted()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (Decrypted.of(image, keys)) {
          case Decrypted.NotEncrypted _ -> new Opened.Closed("the image is not encrypted");
          case Decrypted.Refused(_, var sentence, _) -> new Opened.Closed(sentence);
          case Decrypted.Opened(var plain) -> digest(plain);
        });
  }

  private Opened digest(Image plain) {
    Optional<Tlv> named =
        image.unprotectedArea().tlvs().stream()
            .filter(tlv -> HashAlgorithm.ofTlv(tlv.type()).isPresent())
            .findFirst();
    if (named.isEmpty()) {
      return new Opened.Closed("the image carries no hash of itself");
    }
    HashAlgorithm hash = HashAlgorithm.ofTlv(named.get().type()).orElseThrow();
    Bytes clear = hash.digest(image.hashRegion());
    if (clear.equals(named.get().value())) {
      return new Opened.Digest(hash, clear, Fit.IN_CLEAR);
    }
    Bytes digest = hash.digest(plain.hashRegion());
    boolean fits = digest.equals(named.get().value());
    return new Opened.Digest(
        hash, digest, fits ? Fit.AS_THE_IMAGE_SAYS : Fit.NOT_AS_THE_IMAGE_SAYS);
  }

  private Optional<CborMap> decryptedMap() {
    return opened()
        .map(
            opened ->
                switch (opened) {
                  case Opened.Digest(_, var value, var fit) ->
                      CborMap.builder()
                          .put("digest", value.toHex())
                          .put("fits", fit != Fit.NOT_AS_THE_IMAGE_SAYS)
                          .put("in-clear", fit == Fit.IN_CLEAR)
                          .build();
                  case Opened.Closed(var sentence) ->
                      CborMap.builder().put("problem", sentence).build();
                });
  }

  private Optional<String> decryptedLine() {
    return opened()
        .map(
            opened ->
                switch (opened) {
                  case Opened.Digest(var hash, var value, var fit) ->
                      "%s %s, %s"
                          .formatted(
                              hash,
                              value.toHex(),
                              switch (fit) {
                                case AS_THE_IMAGE_SAYS -> "as the image says";
                                case NOT_AS_THE_IMAGE_SAYS -> "which is not what the image says";
                                case IN_CLEAR -> "but the payload lies in clear";
                              });
                  case Opened.Closed(var sentence) -> "not: " + sentence;
                });
  }

  private String flagNames() {
    String names =
        image.header().flagSet().stream().map(ImageFlag::name).collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " (" + names + ")";
  }

  private String shown(Tlv tlv) {
    Bytes value = tlv.value();
    boolean number =
        tlv.is(TlvType.SEC_CNT) || tlv.is(TlvType.DECOMP_SIZE) || tlv.is(TlvType.COMP_DEC_SIZE);
    if (number && value.size() == 4) {
      return Long.toString(Image.number(value, image.order()));
    }
    if (tlv.is(TlvType.DEPENDENCY)) {
      try {
        return Dependency.read(value, image.order()).toString();
      } catch (MalformedException _) {
        return value.toString();
      }
    }
    if ((tlv.is(TlvType.UUID_VID) || tlv.is(TlvType.UUID_CID)) && value.size() == 16) {
      return ImageUuid.read(value).toString();
    }
    return value.size() <= VALUE_SHOWN_MAX
        ? value.toHex()
        : value.first(VALUE_SHOWN_MAX).toHex() + "…";
  }
}
