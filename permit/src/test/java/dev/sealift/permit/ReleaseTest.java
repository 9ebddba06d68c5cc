// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.ComponentId;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitVersion;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseTest {
  private static final World WORLD = new World();

  @Test
  void a_release_comes_back_from_its_manifest() {
    Release release =
        new Release(
            WORLD.vendor,
            WORLD.deviceClass,
            new SequenceNumber(0xffff_ffffL, 0xffff_ffffL),
            SuitVersion.of(2, 0, 0, -1, 3),
            List.of(
                new Release.Part(
                    Place.ofImage(255),
                    Release.SIZE_MAX,
                    SuitDigest.of(Bytes.ofHex("01")),
                    new SuitDigest(SuitDigest.Algorithm.SHA_384, Bytes.filled(48, 2)),
                    Release.SECURITY_COUNTER_MAX,
                    SuitDigest.of(Bytes.ofHex("03")))));
    assertThat(ManifestProfile.match(release.manifest()))
        .isEqualTo(new ManifestProfile.Match.Fits(release));
    assertThat(ManifestProfile.match(WORLD.release().manifest()))
        .isEqualTo(new ManifestProfile.Match.Fits(WORLD.release()));
  }

  @Test
  void a_release_of_many_parts_comes_back_from_its_manifest() {
    List<Release.Part> parts = new ArrayList<>();
    for (int i = 0; i < Release.PARTS_MAX; i++) {
      Place place = i < 2 ? Place.ofSlot(0, i) : Place.ofImage(i);
      parts.add(WORLD.part(place, World.image(5_000 + i), i));
      Release release = WORLD.releaseOf(parts.toArray(new Release.Part[0]));
      assertThat(ManifestProfile.match(release.manifest()))
          .isEqualTo(new ManifestProfile.Match.Fits(release));
    }
  }

  @Test
  void a_release_that_makes_no_sense_cannot_be_written_down() {
    Release.Part zero = WORLD.part(Place.ofImage(0), 3);
    Release.Part slot = WORLD.part(Place.ofSlot(0, 1), 3);
    assertThatIllegalArgumentException().isThrownBy(WORLD::releaseOf);
    assertThatIllegalArgumentException().isThrownBy(() -> WORLD.releaseOf(zero, zero));
    assertThatIllegalArgumentException().isThrownBy(() -> WORLD.releaseOf(slot, slot));
    // Any slot and one slot: which of them is it for?
    assertThatIllegalArgumentException().isThrownBy(() -> WORLD.releaseOf(zero, slot));
    Release.Part[] many =
        java.util.stream.IntStream.rangeClosed(0, Release.PARTS_MAX)
            .mapToObj(image -> WORLD.part(Place.ofImage(image), 3))
            .toArray(Release.Part[]::new);
    assertThatIllegalArgumentException().isThrownBy(() -> WORLD.releaseOf(many));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.ofImage(256));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.ofImage(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.ofSlot(0, 256));
    assertThatIllegalArgumentException().isThrownBy(() -> WORLD.part(Place.ofImage(0), -1));
  }

  @Test
  void places_are_named_by_one_byte_or_two() {
    for (Place place : List.of(Place.ofImage(0), Place.ofImage(255), Place.ofSlot(3, 255))) {
      assertThat(Place.of(ComponentId.of(place.segment()))).contains(place);
    }
    assertThat(Place.ofSlot(1, 0).segment()).isEqualTo(Bytes.ofInts(1, 0));
    assertThat(Place.of(ComponentId.of())).isEmpty();
    assertThat(Place.of(ComponentId.of(Bytes.EMPTY))).isEmpty();
    assertThat(Place.of(ComponentId.of(Bytes.ofInts(0, 0, 0)))).isEmpty();
    assertThat(Place.ofImage(0)).isLessThan(Place.ofSlot(0, 0)).isLessThan(Place.ofImage(1));
  }

  @Test
  void ids_are_the_ones_every_tool_makes() {
    assertThat(VendorId.ofDomain("arm.com"))
        .hasToString("fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe")
        .isEqualTo(VendorId.parse("fa6b4a53d5ad5fdfbe9de663e4d41ffe"));
    VendorId vendor = VendorId.ofDomain("example.com");
    assertThat(ClassId.of(vendor, "lamp")).isNotEqualTo(ClassId.of(vendor, "kettle"));
    assertThat(DeviceId.of(vendor, "0001").bytes().size()).isEqualTo(16);
    assertThatIllegalArgumentException().isThrownBy(() -> new ClassId(Bytes.ofHex("00")));
  }

  @Test
  void sequences_are_ordered_by_epoch_first() {
    SequenceNumber low = new SequenceNumber(1, 0xffff_ffffL);
    SequenceNumber high = new SequenceNumber(2, 0);
    assertThat(low).isLessThan(high);
    assertThat(SequenceNumber.of(low.value())).isEqualTo(low);
    assertThat(SequenceNumber.of(BigInteger.TWO.pow(63)))
        .isEqualTo(new SequenceNumber(1L << 31, 0))
        .isGreaterThan(high);
    assertThatIllegalArgumentException().isThrownBy(() -> new SequenceNumber(1L << 32, 0));
  }

  @Test
  void refusals_have_a_number_a_word_and_a_sentence_each() {
    assertThat(Refusal.values()).hasSize(30);
    assertThat(java.util.Arrays.stream(Refusal.values()).map(Refusal::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[a-z]+(-[a-z]+)*"));
    for (int number = 1; number <= 30; number++) {
      Refusal refusal = Refusal.ofNumber(number).orElseThrow();
      assertThat(refusal.number()).isEqualTo(number);
      assertThat(refusal.sentence("what was found")).endsWith(": what was found");
      assertThat(refusal.threats()).isNotEmpty().allMatch(threat -> threat.matches("T\\d\\d"));
    }
    assertThat(Refusal.ofNumber(31)).isEmpty();
  }
}
