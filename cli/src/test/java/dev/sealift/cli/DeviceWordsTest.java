// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Nothing that a device says is obeyed by a terminal.
class DeviceWordsTest {
  private record Case(String name, String said, String shown) {}

  @Test
  void a_terminal_gets_words_and_colours_and_nothing_else() {
    List<Case> cases =
        List.of(
            new Case("plain", "grün\tja\n", "grün\tja\n"),
            new Case("colour", "\u001b[1;31mno\u001b[m", "\u001b[1;31mno\u001b[m"),
            new Case("colour left on", "\u001b[32mok", "\u001b[32mok\u001b[m"),
            new Case("cursor", "a\u001b[2Jb\u001b[10;10Hc\u001b[8Dd", "abcd"),
            new Case("hidden", "\u001b[8msecret", "secret"),
            new Case("blinking among colours", "\u001b[1;5;31mx", "x"),
            new Case("window title", "a\u001b]0;owned\u0007b", "ab"),
            new Case("title without an end", "a\u001b]0;owned", "a"),
            new Case("clipboard", "\u001b]52;c;cm0gLXJm\u001b\\x", "x"),
            new Case("device control", "\u001bPq#0\u001b\\x", "x"),
            new Case("question to the terminal", "\u001b[6nx\u001b[cx", "xx"),
            new Case("reset of the terminal", "\u001bcx", "x"),
            new Case("eight-bit control", "\u009b2Jx\u0085y", "xy"),
            new Case("eight-bit colour", "\u009b31mx", "x"),
            new Case("writing over", "good\rbad", "good\nbad"),
            new Case("Zephyr's line ends", "a\r\nb", "a\nb"),
            new Case("backspace and bell", "a\b\u0007b\u007f", "ab"),
            new Case("turned writing", "a\u202eb\u2066c", "abc"),
            new Case("line separators", "a\u2028b", "a\nb"),
            new Case("an escape alone", "a\u001b", "a"),
            new Case("half a sequence", "a\u001b[31", "a"),
            new Case("half a character", "a\ud800b", "ab"));
    for (Case one : cases) {
      assertThat(DeviceWords.lines(one.said(), DeviceWords.Colours.KEPT))
          .as(one.name())
          .isEqualTo(one.shown());
    }
    assertThat(DeviceWords.lines("\u001b[31mx\u001b[m", DeviceWords.Colours.DROPPED))
        .isEqualTo("x");
    assertThat(DeviceWords.line(" a\nb\tc\r\n")).isEqualTo("a b c");
  }

  @Property(tries = 2000)
  void whatever_is_said_no_control_character_comes_through(
      @ForAll @Size(max = 60) List<@IntRange(max = 0x2ff) Integer> points) {
    StringBuilder said = new StringBuilder();
    points.forEach(
        point ->
            said.appendCodePoint(
                switch (point % 8) {
                  case 0 -> 0x1b;
                  case 1 -> "[]P;mJ\\0123".charAt(point % 11);
                  default -> point;
                }));
    String shown = DeviceWords.lines(said.toString(), DeviceWords.Colours.KEPT);
    String withoutColours = shown.replaceAll("\u001b\\[[0-9;]*m", "");
    assertThat(withoutColours.chars())
        .allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
    assertThat(DeviceWords.lines(said.toString(), DeviceWords.Colours.DROPPED).chars())
        .allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
  }
}
