// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GivenTest {
  private static final Command COMMAND =
      new Command(
          "try",
          "for tests",
          List.of(
              Option.text("TEXT", "a text", "--text", "-t"),
              Option.number("a number", "--number", "-n"),
              Option.count("a count", "--count", "-M"),
              Option.oneOf(List.of("one", "two"), "a word", "--word", "-w"),
              Option.pair("TAG", "VALUE", "two values", "--pair"),
              Option.flag("a flag", "--flag", "-f"),
              Option.flag("another", "--clear", "-c")),
          List.of("INFILE"),
          (_, _) -> {});

  private static Given read(String... words) throws RefusedException {
    return Given.read(COMMAND, List.of(words));
  }

  private static String refusal(String... words) {
    try {
      read(words);
    } catch (RefusedException e) {
      assertThat(e.exit()).isEqualTo(2);
      return e.sentence();
    }
    throw new AssertionError("it was taken");
  }

  @Test
  void values_stand_apart_or_behind_a_sign_or_directly() throws RefusedException {
    assertThat(read("--text", "a", "in").text("--text")).contains("a");
    assertThat(read("--text=a", "in").text("--text")).contains("a");
    assertThat(read("--text=", "in").text("--text")).contains("");
    assertThat(read("--text=a=b", "in").text("--text")).contains("a=b");
    assertThat(read("-t", "a", "in").text("--text")).contains("a");
    assertThat(read("-ta", "in").text("--text")).contains("a");
    assertThat(read("-t=a", "in").text("--text")).contains("=a");
  }

  @Test
  void flags_are_bundled_and_the_last_may_take_a_value() throws RefusedException {
    Given given = read("-fcn0x10", "in");
    assertThat(given.has("--flag")).isTrue();
    assertThat(given.has("--clear")).isTrue();
    assertThat(given.number("--number")).contains(BigInteger.valueOf(16));
  }

  @Test
  void a_value_may_look_like_an_option() throws RefusedException {
    assertThat(read("-n", "-5", "in").number("--number")).contains(BigInteger.valueOf(-5));
    assertThat(read("--text", "--flag", "in").text("--text")).contains("--flag");
    assertThat(read("--pair", "-f", "--text", "in").pairs("--pair"))
        .containsExactly(List.of("-f", "--text"));
  }

  @Test
  void behind_two_dashes_all_are_operands() throws RefusedException {
    assertThat(read("-f", "--", "--text").operand(0)).isEqualTo("--text");
    assertThat(read("-").operand(0)).isEqualTo("-");
  }

  @Test
  void the_last_of_two_counts_and_pairs_gather() throws RefusedException {
    assertThat(read("-t", "a", "--text=b", "in").text("--text")).contains("b");
    assertThat(read("--pair", "1", "a", "--pair=2", "b", "in").pairs("--pair"))
        .containsExactly(List.of("1", "a"), List.of("2", "b"));
  }

  @Test
  void what_makes_no_sense_is_refused_with_a_sentence() {
    assertThat(refusal("--frob", "in")).contains("--frob");
    assertThat(refusal("--tex", "a", "in")).contains("--tex");
    assertThat(refusal("-x", "in")).contains("-x");
    assertThat(refusal("--flag=yes", "in")).contains("takes no value");
    assertThat(refusal("in", "--text")).contains("needs a value");
    assertThat(refusal("in", "--pair", "1")).contains("needs two values");
    assertThat(refusal("-w", "three", "in")).contains("one, two");
    assertThat(refusal("-w", "ONE", "in")).contains("one, two");
    assertThat(refusal("-n", "010", "in")).contains("leading zeros");
    assertThat(refusal("-M", "0x10", "in")).contains("decimal");
    assertThat(refusal()).contains("INFILE");
    assertThat(refusal("a", "b")).contains("b");
  }

  @Test
  void help_is_shown_whatever_else_is_missing() throws RefusedException {
    assertThat(read("--help").asksForHelp()).isTrue();
    assertThat(read("-fh").asksForHelp()).isTrue();
    assertThat(COMMAND.help("try")).contains("-t, --text TEXT", "INFILE", "--help");
  }

  @Test
  void numbers_are_those_of_python() {
    assertThat(Numbers.based("0x1F")).contains(BigInteger.valueOf(31));
    assertThat(Numbers.based("0X1f")).contains(BigInteger.valueOf(31));
    assertThat(Numbers.based("0o17")).contains(BigInteger.valueOf(15));
    assertThat(Numbers.based("0b101")).contains(BigInteger.valueOf(5));
    assertThat(Numbers.based("0")).contains(BigInteger.ZERO);
    assertThat(Numbers.based("00")).contains(BigInteger.ZERO);
    assertThat(Numbers.based("-1")).contains(BigInteger.ONE.negate());
    assertThat(Numbers.based("+1_000 ")).contains(BigInteger.valueOf(1000));
    for (String no : List.of("", "010", "1ff", "0x", "0x1g", "1__0", "_1", "1_", "--1", "1.0")) {
      assertThat(Numbers.based(no)).as(no).isEmpty();
    }
    assertThat(Numbers.decimal("010")).contains(BigInteger.TEN);
    assertThat(Numbers.decimal("0x10")).isEmpty();
  }

  @Property
  void every_number_is_read_in_every_notation(@ForAll long number) {
    BigInteger value = BigInteger.valueOf(number);
    String sign = number < 0 ? "-" : "";
    BigInteger size = value.abs();
    assertThat(Numbers.based(value.toString())).contains(value);
    assertThat(Numbers.decimal(value.toString())).contains(value);
    assertThat(Numbers.based(sign + "0x" + size.toString(16))).contains(value);
    assertThat(Numbers.based(sign + "0o" + size.toString(8))).contains(value);
    assertThat(Numbers.based(sign + "0b" + size.toString(2))).contains(value);
  }

  /// Options in any order and notation say the same, whatever their values look like.
  @Property
  void what_is_written_in_any_way_is_read_the_same(
      @ForAll("values") String text,
      @ForAll("values") String tag,
      @ForAll("values") String value,
      @ForAll int shape)
      throws RefusedException {
    List<List<String>> pieces = new ArrayList<>();
    pieces.add(
        switch (Math.floorMod(shape, 3)) {
          case 0 -> List.of("--text", text);
          case 1 -> List.of("--text=" + text);
          default -> text.isEmpty() ? List.of("-t", text) : List.of("-t" + text);
        });
    pieces.add(
        Math.floorMod(shape, 2) == 0
            ? List.of("--pair", tag, value)
            : List.of("--pair=" + tag, value));
    pieces.add(List.of("-fc"));
    pieces.add(List.of("in"));
    java.util.Collections.rotate(pieces, Math.floorMod(shape, 7));
    List<String> words = pieces.stream().flatMap(List::stream).toList();
    Given given = Given.read(COMMAND, words);
    assertThat(given.text("--text")).contains(text);
    assertThat(given.pairs("--pair")).containsExactly(List.of(tag, value));
    assertThat(given.has("--flag")).isTrue();
    assertThat(given.operand(0)).isEqualTo("in");
    assertThat(given.text("--word")).isEqualTo(Optional.empty());
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(8),
        Arbitraries.of("", "-", "--", "--text", "-f", "--help", "=", "a=b", "-5"));
  }

  @Property
  void any_words_are_taken_or_refused_with_a_sentence(@ForAll("words") List<String> words) {
    try {
      Given.read(COMMAND, words);
    } catch (RefusedException e) {
      assertThat(e.sentence()).isNotEmpty();
    }
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "--text", "-t", "--pair", "-f", "-fc", "-n", "0x1", "--", "-", "--word=one", "in"),
            Arbitraries.strings().ofMaxLength(6))
        .list()
        .ofMaxSize(12);
  }

  @Test
  void an_option_that_the_command_does_not_have_is_a_bug() throws RefusedException {
    Given given = read("in");
    assertThatThrownBy(() -> given.has("--nothing")).isInstanceOf(IllegalStateException.class);
  }
}
