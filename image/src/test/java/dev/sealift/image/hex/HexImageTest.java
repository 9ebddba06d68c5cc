// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import org.junit.jupiter.api.Test;

class HexImageTest {
  private static final SignOptions.HeaderRoom PREPENDED =
      new SignOptions.HeaderRoom(0x200, SignOptions.Source.PREPENDED);
  private static final SignOptions.HeaderRoom RESERVED =
      new SignOptions.HeaderRoom(0x200, SignOptions.Source.RESERVED);

  private static Image image(SlotLayout slot, SignOptions.Padding padding) throws SigningException {
    return ImageSigner.hashOnly(
        Bytes.filled(700, 0x5a),
        SignOptions.of(ImageVersion.of(1, 2, 3), PREPENDED, slot).toBuilder()
            .padding(padding)
            .build());
  }

  @Test
  void a_header_before_the_input_moves_the_start_down_but_not_from_zero() {
    assertThat(HexImage.address(0xc200, PREPENDED)).isEqualTo(0xc000);
    assertThat(HexImage.address(0, PREPENDED)).isZero();
    assertThat(HexImage.address(0xc000, RESERVED)).isEqualTo(0xc000);
    assertThatThrownBy(() -> HexImage.address(0x1ff, PREPENDED))
        .hasMessageContaining("no room before it for a header of 512 bytes");
  }

  @Test
  void in_one_piece_it_is_the_binary_again_for_every_alignment()
      throws SigningException, MalformedException {
    for (int align : new int[] {1, 8, 16, 32}) {
      SlotLayout slot = SlotLayout.swap(0x8000, align);
      for (SignOptions.Padding padding : SignOptions.Padding.values()) {
        Image image = image(slot, padding);
        HexFile file = HexImage.of(image, 0xc000, slot, HexImage.Trailer.IMAGE_OK_AND_MAGIC);
        assertThat(file.flat(0xff)).as("%d %s", align, padding).isEqualTo(image.write());
        assertThat(file.address()).isEqualTo(0xc000);
        HexFile magicOnly = HexImage.of(image, 0xc000, slot, HexImage.Trailer.MAGIC);
        assertThat(magicOnly.flat(0xff).equals(image.write()))
            .isEqualTo(padding != SignOptions.Padding.CONFIRMED);
      }
    }
  }

  @Test
  void of_a_trailer_with_wide_cells_each_is_a_segment_of_its_own() throws SigningException {
    SlotLayout slot = SlotLayout.swap(0x8000, 32);
    HexFile file =
        HexImage.of(
            image(slot, SignOptions.Padding.CONFIRMED),
            0,
            slot,
            HexImage.Trailer.IMAGE_OK_AND_MAGIC);
    assertThat(file.segments()).hasSize(3);
    assertThat(file.segments().get(1))
        .isEqualTo(new Segment(0x7fc0, Bytes.ofHex("01").plus(Bytes.filled(31, 0xff))));
    assertThat(file.segments().get(2).address()).isEqualTo(0x7ff0);
  }

  @Test
  void an_image_that_passes_32_bits_is_refused() throws SigningException {
    SlotLayout slot = SlotLayout.swap(0x8000, 8);
    Image image = image(slot, SignOptions.Padding.PADDED);
    assertThatThrownBy(() -> HexImage.of(image, 0xffff_9000L, slot, HexImage.Trailer.MAGIC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bits");
  }
}
