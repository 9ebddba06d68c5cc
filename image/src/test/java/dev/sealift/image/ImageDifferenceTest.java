// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImageDifferenceTest {
  private static Image image(Bytes payload, ImageVersion version) throws SigningException {
    return ImageSigner.hashOnly(
        payload,
        SignOptions.of(
            version,
            new SignOptions.HeaderRoom(32, SignOptions.Source.PREPENDED),
            SlotLayout.swap(0x8000, 8)));
  }

  private static List<String> places(Image left, Image right) {
    return ImageDifference.between(left, right).stream().map(ImageDifference::where).toList();
  }

  @Test
  void the_same_image_has_no_difference() throws SigningException {
    Image image = image(Bytes.filled(100, 1), ImageVersion.of(1, 0, 0));
    assertThat(ImageDifference.between(image, image)).isEmpty();
  }

  @Test
  void a_version_and_a_longer_payload_are_told_with_the_hash() throws SigningException {
    assertThat(
            places(
                image(Bytes.filled(100, 1), ImageVersion.of(1, 0, 0)),
                image(Bytes.filled(120, 1), ImageVersion.of(1, 1, 0))))
        .containsExactly("version", "payload size", "payload from 0x64", "unprotected SHA256");
  }

  @Test
  void near_changes_are_one_range_and_far_ones_two() throws SigningException {
    byte[] changed = Bytes.filled(200, 1).toArray();
    changed[10] = 9;
    changed[20] = 9;
    changed[100] = 9;
    assertThat(
            places(
                image(Bytes.filled(200, 1), ImageVersion.of(1, 0, 0)),
                image(Bytes.of(changed), ImageVersion.of(1, 0, 0))))
        .containsExactly("payload 0xa to 0x14", "payload 0x64 to 0x64", "unprotected SHA256");
  }

  @Property(tries = 200)
  void any_changed_byte_of_the_payload_is_told(
      @ForAll @IntRange(max = 1999) int at, @ForAll @IntRange(min = 1, max = 255) int by)
      throws SigningException {
    byte[] changed = Bytes.filled(2000, 7).toArray();
    changed[at] ^= (byte) by;
    assertThat(
            places(
                image(Bytes.filled(2000, 7), ImageVersion.of(1, 0, 0)),
                image(Bytes.of(changed), ImageVersion.of(1, 0, 0))))
        .contains("payload 0x%x to 0x%x".formatted(at, at));
  }

  @Test
  void many_ranges_are_counted() throws SigningException {
    byte[] changed = Bytes.filled(4000, 7).toArray();
    for (int at = 0; at < changed.length; at += 100) {
      changed[at] = 8;
    }
    List<ImageDifference> all =
        ImageDifference.between(
            image(Bytes.filled(4000, 7), ImageVersion.of(1, 0, 0)),
            image(Bytes.of(changed), ImageVersion.of(1, 0, 0)));
    assertThat(all).hasSize(ImageDifference.RANGES_MAX + 2);
    assertThat(all.get(ImageDifference.RANGES_MAX).left()).isEqualTo("24 more ranges");
  }
}
