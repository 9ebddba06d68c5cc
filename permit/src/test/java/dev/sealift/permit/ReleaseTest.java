// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitVersion;
import java.math.BigInteger;
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
            255,
            Release.SIZE_MAX,
            SuitDigest.of(Bytes.ofHex("01")),
            new SuitDigest(SuitDigest.Algorithm.SHA_384, Bytes.filled(48, 2)),
            Release.SECURITY_COUNTER_MAX,
            SuitDigest.of(Bytes.ofHex("03")));
    assertThat(ManifestProfile.match(release.manifest()))
        .isEqualTo(new ManifestProfile.Match.Fits(release));
    assertThat(ManifestProfile.match(WORLD.release().manifest()))
        .isEqualTo(new ManifestProfile.Match.Fits(WORLD.release()));
  }

  /// What travels over slow air is small, and stays so.
  @Test
  void permits_are_small() throws MalformedException {
    Release release =
        Release.of(
            World.image(412_345),
            new Release.ImageFacts(
                SuitDigest.of(Bytes.ofUtf8("hash")), 42, SuitVersion.of(1, 8, 2)),
            new Release.Target(WORLD.vendor, WORLD.deviceClass, 0, new SequenceNumber(1, 42)));
    int manifest = release.manifest().encode().size();
    Bundle one = Bundle.of(release).signedBy(WORLD.releaseKeys.get(0));
    Bundle two = one.signedBy(WORLD.releaseKeys.get(1));
    System.out.printf(
        "sizes: manifest %d, envelope with 1 / 2 signatures %d / %d, bundle %d, table %d, "
            + "root of 7 keys %d%n",
        manifest,
        one.envelope().size(),
        two.envelope().size(),
        two.encode().size(),
        release.tableSize(),
        WORLD.root.encode().size());
    assertThat(manifest).isLessThanOrEqualTo(300);
    assertThat(two.encode().size()).isLessThanOrEqualTo(560);
    assertThat(release.tableSize()).isEqualTo(1616);
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
