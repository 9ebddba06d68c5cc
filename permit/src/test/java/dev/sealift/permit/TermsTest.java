// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.permit.Terms.ConfirmRule;
import dev.sealift.permit.Terms.Crowd;
import dev.sealift.permit.Terms.Freshness;
import dev.sealift.permit.Terms.Freshness.Mode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TermsTest {
  private static final Terms GOOD = Terms.standard(World.NOW, Mode.BOUNDED);

  static Terms time(long time) {
    return Terms.standard(time, Mode.OPEN);
  }

  private static Terms tries(int tries) {
    return new Terms(World.NOW, GOOD.freshness(), List.of(), ConfirmRule.SELF_TEST, tries);
  }

  private static Terms jumps(long seconds, long numbers) {
    return new Terms(
        World.NOW,
        new Freshness(Mode.BOUNDED, seconds, numbers),
        List.of(),
        ConfirmRule.SELF_TEST,
        3);
  }

  @Test
  void terms_that_make_no_sense_are_a_fault() {
    assertThat(GOOD.fault()).isEmpty();
    assertThat(time(0).fault()).isEmpty();
    assertThat(time(-1).fault()).isPresent();
    assertThat(jumps(0, 0).fault()).isEmpty();
    assertThat(jumps(-1, 0).fault()).isPresent();
    assertThat(jumps(0, -1).fault()).isPresent();
    assertThat(tries(1).fault()).isEmpty();
    assertThat(tries(Terms.TRIES_MAX).fault()).isEmpty();
    assertThat(tries(0).fault()).isPresent();
    assertThat(tries(Terms.TRIES_MAX + 1).fault()).isPresent();
    Crowd crowd = new Crowd(Fraction.percent(1), 1);
    assertThat(GOOD.with(Collections.nCopies(Terms.CROWDS_MAX, crowd)).fault()).isEmpty();
    assertThat(GOOD.with(Collections.nCopies(Terms.CROWDS_MAX + 1, crowd)).fault()).isPresent();
    assertThat(GOOD.with(List.of(new Crowd(Fraction.WHOLE, 0))).fault()).isPresent();
  }

  /// T68: the largest number that any crowd below the targets asks for, and never fewer than the
  /// role does.
  @Test
  void the_more_devices_the_more_approvers() {
    Terms terms =
        GOOD.with(
            List.of(
                new Crowd(Fraction.percent(50), 3),
                new Crowd(Fraction.percent(1), 2),
                new Crowd(Fraction.percent(90), 2)));
    assertThat(terms.threshold(Fraction.NONE, 1)).isEqualTo(1);
    assertThat(terms.threshold(Fraction.percent(1), 1)).isEqualTo(1);
    assertThat(terms.threshold(new Fraction(2, 100), 1)).isEqualTo(2);
    assertThat(terms.threshold(Fraction.percent(50), 1)).isEqualTo(2);
    assertThat(terms.threshold(new Fraction(51, 100), 1)).isEqualTo(3);
    assertThat(terms.threshold(Fraction.WHOLE, 1)).isEqualTo(3);
    assertThat(terms.threshold(Fraction.WHOLE, 4)).isEqualTo(4);
    assertThat(GOOD.threshold(Fraction.WHOLE, 1)).isEqualTo(1);
    assertThat(GOOD.with(List.of(new Crowd(Fraction.WHOLE, 9))).threshold(Fraction.WHOLE, 1))
        .isEqualTo(1);
  }

  @Test
  void terms_come_back_from_a_root() throws MalformedException {
    World world = new World();
    for (Terms terms :
        Stream.of(Mode.values())
            .flatMap(
                mode ->
                    Stream.of(
                        Terms.standard(5, mode),
                        Terms.standard(5, mode)
                            .with(ConfirmRule.SELF_TEST_AND_CONTACT)
                            .with(List.of(new Crowd(Fraction.NONE, 2)))))
            .toList()) {
      Root root = RootDraft.of(world.root).terms(terms).root();
      assertThat(Root.decode(root.encode()).terms()).isEqualTo(terms);
    }
  }

  @Test
  void bytes_that_are_no_terms_are_refused() throws MalformedException {
    CborInt zero = CborInt.of(0);
    CborInt one = CborInt.of(1);
    CborInt below = CborInt.of(-1);
    List<Map.Entry<Integer, CborItem>> wrong =
        List.of(
            Map.entry(6, below),
            Map.entry(7, zero),
            Map.entry(7, CborList.of(zero, zero)),
            Map.entry(7, CborList.of(CborInt.of(3), zero, zero)),
            Map.entry(7, CborList.of(zero, below, zero)),
            Map.entry(7, CborList.of(zero, zero, below)),
            Map.entry(8, one),
            Map.entry(8, CborList.of(one)),
            Map.entry(8, CborList.of(CborList.of(one, one))),
            Map.entry(8, CborList.of(CborList.of(one, zero, one))),
            Map.entry(8, CborList.of(CborList.of(CborInt.of(2), one, one))),
            Map.entry(8, CborList.of(CborList.of(below, one, one))),
            Map.entry(8, CborList.of(CborList.of(one, CborInt.of(1L << 32), one))),
            Map.entry(8, CborList.of(CborList.of(one, one, zero))),
            Map.entry(8, CborList.of(CborList.of(one, one, below))),
            Map.entry(9, CborInt.of(2)),
            Map.entry(9, below),
            Map.entry(10, zero),
            Map.entry(10, below),
            Map.entry(10, CborInt.of(101)),
            Map.entry(10, CborInt.of(Long.MAX_VALUE)));
    for (Map.Entry<Integer, CborItem> field : wrong) {
      RootTest.assertRefused(field.getKey(), field.getValue());
    }
  }

  @Test
  void modes_have_names_for_people() {
    assertThat(Mode.named("strict")).contains(Mode.STRICT);
    assertThat(Mode.named("lax")).isEmpty();
    for (Mode mode : Mode.values()) {
      assertThat(Mode.named(mode.toString())).contains(mode);
      assertThat(Mode.ofId(mode.id())).contains(mode);
    }
    assertThat(Mode.ofId(3)).isEmpty();
  }

  @Property
  void fractions_compare_as_numbers_do(
      @ForAll @LongRange(max = Fraction.TERM_MAX) long one,
      @ForAll @LongRange(min = 1, max = Fraction.TERM_MAX) long ofOne,
      @ForAll @LongRange(max = Fraction.TERM_MAX) long two,
      @ForAll @LongRange(min = 1, max = Fraction.TERM_MAX) long ofTwo) {
    Fraction left = new Fraction(Math.min(one, ofOne), ofOne);
    Fraction right = new Fraction(Math.min(two, ofTwo), ofTwo);
    java.math.BigInteger cross =
        java.math.BigInteger.valueOf(left.numerator())
            .multiply(java.math.BigInteger.valueOf(right.denominator()));
    java.math.BigInteger other =
        java.math.BigInteger.valueOf(right.numerator())
            .multiply(java.math.BigInteger.valueOf(left.denominator()));
    assertThat(Integer.signum(left.compareTo(right))).isEqualTo(cross.compareTo(other));
  }
}
