// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageVersionTest {
  @Property
  void what_is_printed_is_read_again(
      @ForAll @IntRange(max = 255) int major,
      @ForAll @IntRange(max = 255) int minor,
      @ForAll @IntRange(max = 65535) int revision,
      @ForAll @LongRange(max = 4294967295L) long build)
      throws MalformedException {
    ImageVersion version = new ImageVersion(major, minor, revision, build);
    assertThat(ImageVersion.parse(version.toString())).isEqualTo(version);
    assertThat(ImageVersion.parse(version.toShortString())).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.0.0", "1.2, 1.2.0", "1.2.3, 1.2.3", "1.2.3+4, 1.2.3+4", "0, 0.0.0"})
  void missing_parts_are_zero(String text, String meaning) throws MalformedException {
    assertThat(ImageVersion.parse(text).toShortString()).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''        | no version",
        "v1.2.3    | no version",
        "1.2.3.4   | no version",
        "01.2.3    | no version",
        "1.2+3     | no version",
        "-1        | no version",
        "256.0.0   | major version must be 0 to 255, is 256",
        "1.256     | minor version must be 0 to 255, is 256",
        "1.2.65536 | revision must be 0 to 65535, is 65536",
        "1.2.3+4294967296 | build number must be 0 to 4294967295",
        "99999999999999999999 | no version",
      })
  void a_bad_version_says_what_is_wrong(String text, String sentence) {
    assertThatThrownBy(() -> ImageVersion.parse(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void the_order_counts_the_build_number_and_the_other_comparison_does_not() {
    ImageVersion low = new ImageVersion(2, 0, 0, 6);
    ImageVersion high = new ImageVersion(2, 0, 0, 7);
    assertThat(low).isLessThan(high);
    assertThat(low.compareWithoutBuild(high)).isZero();
    assertThat(ImageVersion.of(1, 255, 65535)).isLessThan(ImageVersion.of(2, 0, 0));
    assertThat(ImageVersion.of(1, 1, 65535)).isLessThan(ImageVersion.of(1, 2, 0));
    assertThat(new ImageVersion(1, 1, 1, 4294967295L)).isLessThan(ImageVersion.of(1, 1, 2));
  }
}
