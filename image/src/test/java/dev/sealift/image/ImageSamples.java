// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Images of every shape for the properties.
final class ImageSamples {
  private ImageSamples() {}

  static Arbitrary<Image> images() {
    return Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
        .flatMap(
            order ->
                Combinators.combine(
                        header(),
                        bytes(64),
                        bytes(200),
                        area(order).optional(),
                        area(order),
                        bytes(40))
                    .as(
                        (header, fill, payload, protectedArea, area, rest) ->
                            image(order, header, fill, payload, protectedArea, area, rest)));
  }

  /// A header of these fields whose sizes fit the parts.
  static Image image(
      ByteOrder order,
      ImageHeader fields,
      Bytes fill,
      Bytes payload,
      Optional<TlvArea> protectedArea,
      TlvArea unprotectedArea,
      Bytes rest) {
    ImageHeader header =
        new ImageHeader(
            order,
            fields.loadAddress(),
            ImageHeader.SIZE + fill.size(),
            protectedArea.map(TlvArea::size).orElse(0),
            payload.size(),
            fields.flags(),
            fields.version(),
            fields.reserved());
    return new Image(header, fill, payload, protectedArea, unprotectedArea, rest);
  }

  private static Arbitrary<ImageHeader> header() {
    Arbitrary<Long> u32 = Arbitraries.longs().between(0, 0xffff_ffffL);
    Arbitrary<ImageVersion> version =
        Combinators.combine(
                Arbitraries.integers().between(0, 255),
                Arbitraries.integers().between(0, 255),
                Arbitraries.integers().between(0, 65535),
                u32)
            .as(ImageVersion::new);
    return Combinators.combine(u32, u32, version, u32)
        .as(
            (load, flags, v, reserved) ->
                new ImageHeader(ByteOrder.LITTLE_ENDIAN, load, 32, 0, 0, flags, v, reserved));
  }

  private static Arbitrary<TlvArea> area(ByteOrder order) {
    Arbitrary<Integer> type =
        Arbitraries.oneOf(
            Arbitraries.of(TlvType.values()).map(TlvType::code),
            Arbitraries.integers().between(0, Tlv.TYPE_MAX));
    Arbitrary<Tlv> tlv =
        Combinators.combine(type, bytes(70))
            .as((stored, value) -> Tlv.ofStored(stored, value, order));
    return tlv.list().ofMaxSize(6).map(List::copyOf).map(TlvArea::new);
  }

  static Arbitrary<Bytes> bytes(int sizeMax) {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(sizeMax).map(Bytes::of);
  }
}
