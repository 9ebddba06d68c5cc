// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ImageTest {
  @Provide
  Arbitrary<Image> images() {
    return ImageSamples.images();
  }

  @Provide
  Arbitrary<Bytes> noise() {
    return ImageSamples.bytes(100);
  }

  @Property
  void what_is_written_is_read_as_the_same_image(@ForAll("images") Image image)
      throws MalformedException {
    Bytes file = image.write();
    assertThat(Image.read(file)).isEqualTo(image);
    assertThat(file.size()).isEqualTo(image.size() + image.rest().size());
    assertThat(file.first(image.hashRegionSize())).isEqualTo(image.hashRegion());
    assertThat(ImageHeader.read(file.first(32))).isEqualTo(image.header());
  }

  @Property
  void every_cut_of_an_image_is_refused_with_a_sentence(@ForAll("images") Image image) {
    Bytes file = image.write();
    for (int size = 0; size < image.size(); size += 7) {
      Bytes cut = file.first(size);
      assertThatThrownBy(() -> Image.read(cut))
          .isInstanceOf(MalformedException.class)
          .message()
          .hasSizeGreaterThan(10);
    }
  }

  @Property
  void the_bootloaders_walk_meets_the_same_tlvs(@ForAll("images") Image image) {
    TlvWalk walk = TlvWalk.of(image.write(), image.header());
    assertThat(walk.fault()).isEmpty();
    assertThat(walk.end()).isEqualTo(image.size());
    assertThat(walk.entries())
        .containsExactlyElementsOf(
            image.entries().stream()
                .map(
                    e ->
                        new TlvWalk.Entry(
                            e.area(), e.tlv().storedType(), e.offset(), e.tlv().value().size()))
                .toList());
    for (int i = 0; i < walk.entries().size(); i++) {
      assertThat(walk.entries().get(i).value(image.write()))
          .isEqualTo(image.entries().get(i).tlv().value());
    }
  }

  @Property
  void a_walk_over_noise_ends(@ForAll("images") Image image, @ForAll("noise") Bytes noise) {
    TlvWalk walk = TlvWalk.of(image.write().first(32).plus(noise), image.header());
    assertThat(walk.entries().size()).isLessThanOrEqualTo(noise.size());
  }

  private static Image sample(Tlv... protectedTlvs) {
    ImageHeader fields =
        new ImageHeader(ByteOrder.LITTLE_ENDIAN, 0, 32, 0, 0, 0, ImageVersion.of(1, 2, 3), 0);
    return ImageSamples.image(
        ByteOrder.LITTLE_ENDIAN,
        fields,
        Bytes.filled(32, 0xff),
        Bytes.filled(100, 7),
        protectedTlvs.length == 0 ? Optional.empty() : Optional.of(TlvArea.of(protectedTlvs)),
        TlvArea.of(Tlv.of(0x10, Bytes.filled(32, 1))),
        Bytes.EMPTY);
  }

  @Test
  void the_values_others_ask_for_come_from_the_protected_area_alone() {
    Tlv counter = Tlv.of(0x50, Bytes.ofHex("ffffffff"));
    Tlv sequence = Tlv.of(0xa0, Bytes.ofHex("0201000000000000"));
    Image image = sample(counter, sequence);
    assertThat(image.securityCounter()).contains(new SecurityCounter(0xffff_ffffL));
    assertThat(image.sequence()).hasValue(258);
    assertThat(image.hash()).contains(Bytes.filled(32, 1));
    Image unprotected =
        new Image(
            sample().header(),
            image.fill(),
            image.payload(),
            Optional.empty(),
            TlvArea.of(counter, sequence),
            Bytes.EMPTY);
    assertThat(unprotected.securityCounter()).isEmpty();
    assertThat(unprotected.sequence()).isEmpty();
    assertThat(unprotected.hash()).isEmpty();
  }

  @Test
  void a_vendor_value_of_another_size_is_no_sequence() {
    assertThat(sample(Tlv.of(0xa0, Bytes.ofHex("01"))).sequence()).isEmpty();
    assertThat(sample(Tlv.of(0xa0, Bytes.ofHex("ffffffffffffffff"))).sequence()).isEmpty();
  }

  @Test
  void sizes_that_contradict_the_parts_cannot_be_written_down() {
    Image image = sample();
    assertThatThrownBy(
            () ->
                new Image(
                    image.header(),
                    Bytes.EMPTY,
                    image.payload(),
                    Optional.empty(),
                    image.unprotectedArea(),
                    Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header says");
  }

  private static Bytes changed(int offset, int... values) {
    Bytes file = sample(Tlv.of(0x50, Bytes.ofHex("05000000"))).write();
    return Bytes.concat(
        file.first(offset), Bytes.ofInts(values), file.from(offset + values.length));
  }

  @Test
  void what_is_no_image_is_refused_with_a_sentence() {
    refused(Bytes.EMPTY, "0 bytes are no image");
    refused(Bytes.filled(64, 0xff), "erased flash");
    refused(Bytes.ofUtf8(":10000000"), "Intel HEX");
    refused(Bytes.ofHex("7f454c46").plus(Bytes.filled(100, 0)), "ELF file");
    refused(changed(0, 0x3c), "obsolete first format");
    refused(changed(8, 8, 0), "header says it has 8 bytes, it always has at least 32");
    refused(changed(12, 0xff, 0xff, 0xff, 0xff), "pass 32 bits");
    refused(changed(12, 0, 0x10, 0, 0), "payload should have 4096 bytes");
    refused(changed(10, 0, 0), "the header says there is none");
    refused(changed(10, 16, 0), "the header says the protected TLVs have 16 bytes");
    refused(changed(164, 0, 0), "should begin at 164 with magic 6908, found 0000");
    refused(changed(176, 8, 0x69), "should begin at 176 with magic 6907, found 6908");
    refused(changed(178, 2, 0), "says it has 2 bytes, its head alone has 4");
    refused(changed(178, 38, 0), "SHA256 at 180 says it has 32 bytes");
    refused(changed(182, 30, 0), "2 stray bytes");
  }

  private static void refused(Bytes file, String sentence) {
    assertThatThrownBy(() -> Image.read(file))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void big_endian_types_survive_in_either_form() throws MalformedException {
    ImageHeader fields =
        new ImageHeader(ByteOrder.BIG_ENDIAN, 0, 32, 0, 0, 0, ImageVersion.of(1, 0, 0), 0);
    Image image =
        ImageSamples.image(
            ByteOrder.BIG_ENDIAN,
            fields,
            Bytes.EMPTY,
            Bytes.EMPTY,
            Optional.of(TlvArea.of(Tlv.of(0xa0, Bytes.ofHex("01")))),
            TlvArea.of(
                Tlv.of(TlvType.SHA256, Bytes.filled(32, 1), Tlv.TypeForm.BYTE_THEN_ZERO),
                Tlv.of(0x10, Bytes.filled(32, 2))),
            Bytes.EMPTY);
    Bytes types =
        new ByteWriter(ByteOrder.BIG_ENDIAN).u16(0x1000).u16(32).fill(32, 1).u16(0x10).toBytes();
    assertThat(image.write().slice(45, 45 + types.size())).isEqualTo(types);
    assertThat(Image.read(image.write())).isEqualTo(image);
    assertThat(image.unprotectedArea().all(TlvType.SHA256)).hasSize(2);
  }
}
