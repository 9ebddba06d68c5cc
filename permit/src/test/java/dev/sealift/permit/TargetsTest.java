// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.permit.Targets.All;
import dev.sealift.permit.Targets.Listed;
import dev.sealift.permit.Targets.Sample;
import dev.sealift.permit.Targets.Serials;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final VendorId VENDOR = VendorId.ofDomain("example.com");
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final List<DeviceId> FLEET =
      IntStream.range(0, 10_000).mapToObj(i -> DeviceId.of(VENDOR, "serial " + i)).toList();

  private static long hit(Targets targets) {
    return FLEET.stream().filter(device -> targets.include(device, NONE)).count();
  }

  /// 10,000 devices: one in a hundred is 100 with a deviation of 10; five of those are allowed.
  @Test
  void a_sample_hits_its_fraction_of_the_fleet() {
    for (String salt : List.of("a", "second", "0123456789abcdef")) {
      for (int percent : new int[] {1, 5, 10, 25, 50, 75, 99}) {
        double deviation = Math.sqrt(10_000 * percent / 100.0 * (1 - percent / 100.0));
        assertThat((double) hit(sample(salt, Fraction.percent(percent))))
            .as("%s, %d %%", salt, percent)
            .isBetween(percent * 100 - 5 * deviation, percent * 100 + 5 * deviation);
      }
    }
  }

  @Test
  void nothing_of_a_fleet_is_nobody_and_all_of_it_everybody() {
    assertThat(hit(sample("a", Fraction.NONE))).isZero();
    assertThat(hit(sample("a", Fraction.WHOLE))).isEqualTo(10_000);
    assertThat(hit(sample("a", new Fraction(Fraction.TERM_MAX, Fraction.TERM_MAX))))
        .isEqualTo(10_000);
    assertThat(hit(new All())).isEqualTo(10_000);
  }

  /// Nobody who is in is left out later.
  @Property(tries = 200)
  void a_larger_fraction_contains_every_smaller_one(
      @ForAll @IntRange(max = 10_000) int one,
      @ForAll @IntRange(max = 10_000) int two,
      @ForAll @IntRange(max = 9_999) int device) {
    Sample small = sample("salt", new Fraction(Math.min(one, two), 10_000));
    Sample large = sample("salt", new Fraction(Math.max(one, two), 10_000));
    DeviceId id = FLEET.get(device);
    assertThat(!small.include(id, NONE) || large.include(id, NONE)).isTrue();
  }

  @Test
  void another_salt_draws_others() {
    Sample one = sample("one", Fraction.percent(10));
    Sample two = sample("two", Fraction.percent(10));
    long both =
        FLEET.stream()
            .filter(device -> one.include(device, NONE) && two.include(device, NONE))
            .count();
    assertThat(both).isBetween(50L, 150L);
  }

  /// The draw of a device as trust.md states it, and the fractions right below and above it.
  @Test
  void a_device_is_in_exactly_when_its_draw_is_below_the_fraction() {
    Bytes salt = Bytes.ofUtf8("salt");
    for (DeviceId device : FLEET.subList(0, 200)) {
      BigInteger draw = new BigInteger(1, salt.plus(device.bytes()).sha256().first(8).toArray());
      long below =
          draw.multiply(BigInteger.valueOf(Fraction.TERM_MAX)).shiftRight(64).longValueExact();
      assertThat(new Sample(salt, new Fraction(below, Fraction.TERM_MAX)).include(device, NONE))
          .isFalse();
      assertThat(new Sample(salt, new Fraction(below + 1, Fraction.TERM_MAX)).include(device, NONE))
          .isTrue();
    }
  }

  @Test
  void a_list_names_devices_by_half_their_id() {
    Listed listed = Listed.of(FLEET.subList(0, 32));
    assertThat(hit(listed)).isEqualTo(32);
    assertThat(listed.include(FLEET.get(31), NONE)).isTrue();
    assertThat(listed.include(FLEET.get(32), NONE)).isFalse();
    assertThat(listed.fraction()).isEqualTo(Fraction.NONE);
    assertThat(listed).hasToString("32 listed devices");
    assertThat(Listed.of(FLEET.subList(0, 1))).hasToString("1 listed device");
  }

  @Test
  void serial_numbers_have_both_borders_and_mean_nobody_without_one() {
    Serials serials = new Serials(10, 20);
    DeviceId device = FLEET.getFirst();
    assertThat(serials.include(device, OptionalLong.of(9))).isFalse();
    assertThat(serials.include(device, OptionalLong.of(10))).isTrue();
    assertThat(serials.include(device, OptionalLong.of(20))).isTrue();
    assertThat(serials.include(device, OptionalLong.of(21))).isFalse();
    assertThat(serials.include(device, NONE)).isFalse();
    assertThat(new Serials(0, 0).include(device, OptionalLong.of(0))).isTrue();
    assertThat(new Serials(5, Long.MAX_VALUE).include(device, OptionalLong.of(Long.MAX_VALUE)))
        .isTrue();
    assertThat(serials.fraction()).isEqualTo(Fraction.WHOLE);
  }

  @Test
  void targets_come_back() throws MalformedException {
    for (Targets targets :
        List.of(
            new All(),
            Listed.of(FLEET.subList(0, 1)),
            Listed.of(FLEET.subList(0, Targets.LISTED_MAX)),
            sample("0123456789abcdef", new Fraction(1, Fraction.TERM_MAX)),
            sample("a", Fraction.NONE),
            new Serials(0, Long.MAX_VALUE))) {
      assertThat(Targets.fromCbor(targets.toCbor())).isEqualTo(targets);
      assertThat(targets.toString()).isNotBlank();
    }
  }

  @Test
  void bytes_that_are_no_targets_are_refused() {
    CborInt zero = CborInt.of(0);
    CborInt one = CborInt.of(1);
    CborInt two = CborInt.of(2);
    CborInt three = CborInt.of(3);
    CborBytes salt = new CborBytes(Bytes.ofInts(1));
    CborBytes device = new CborBytes(Bytes.filled(8, 1));
    List<CborItem> wrong =
        List.of(
            zero,
            CborList.of(),
            CborList.of(zero, zero),
            CborList.of(CborInt.of(4)),
            CborList.of(CborInt.of(-1)),
            CborList.of(new CborInt(BigInteger.TWO.pow(64).subtract(BigInteger.ONE))),
            CborList.of(salt),
            CborList.of(one),
            CborList.of(one, CborList.of()),
            CborList.of(one, device),
            CborList.of(one, CborList.of(new CborBytes(Bytes.filled(7, 1)))),
            CborList.of(one, CborList.of(one)),
            CborList.of(one, new CborList(Collections.nCopies(Targets.LISTED_MAX + 1, device))),
            CborList.of(two, salt, one),
            CborList.of(two, new CborBytes(Bytes.EMPTY), one, two),
            CborList.of(two, new CborBytes(Bytes.filled(17, 1)), one, two),
            CborList.of(two, salt, one, zero),
            CborList.of(two, salt, two, one),
            CborList.of(two, salt, CborInt.of(-1), two),
            CborList.of(two, salt, one, CborInt.of(1L << 32)),
            CborList.of(three, one),
            CborList.of(three, two, one),
            CborList.of(three, CborInt.of(-1), one),
            CborList.of(three, one, new CborInt(BigInteger.TWO.pow(63))));
    for (CborItem item : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .as("%s", item)
          .isThrownBy(() -> Targets.fromCbor(item));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Serials(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Listed(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> sample("", Fraction.WHOLE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Fraction(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Fraction(0, 0));
  }

  private static Sample sample(String salt, Fraction fraction) {
    return new Sample(Bytes.ofUtf8(salt), fraction);
  }
}
