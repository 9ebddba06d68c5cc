// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a device says, made fit for a terminal: nothing in it moves the cursor, hides, rewrites or
/// asks the terminal for anything. Colours may stay where somebody sees them.
final class DeviceWords {
  /// What becomes of colours.
  enum Colours {
    KEPT,
    DROPPED
  }

  private static final String RESET = "\u001b[m";

  /// What begins with an escape: a sequence with parameters, a string up to its end, or two and
  /// more characters; and an escape that begins none of them.
  private static final Pattern ESCAPE =
      Pattern.compile(
          "(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]?"
              + "|(?:\u001b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])"
              + "[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\\\|\u009c)?"
              + "|\u001b[ -/]*[0-~]?");

  /// Bright, underlined, the sixteen colours, and back to plain. Not hidden, not blinking.
  private static final Pattern COLOUR =
      Pattern.compile(
          "\u001b\\[(?:(?:0?[0-4]|2[2-4]|[34][0-79]|9[0-7]|10[0-7])?"
              + "(?:;(?:0?[0-4]|2[2-4]|[34][0-79]|9[0-7]|10[0-7])?)*)m");

  private DeviceWords() {}

  /// One line.
  static String line(String text) {
    return lines(text, Colours.DROPPED).replace('\n', ' ').replace('\t', ' ').strip();
  }

  /// Any number of lines.
  static String lines(String text, Colours colours) {
    StringBuilder clean = new StringBuilder();
    Matcher escape = ESCAPE.matcher(text);
    int from = 0;
    boolean isColoured = false;
    while (escape.find()) {
      addPlain(clean, text.substring(from, escape.start()));
      if (colours == Colours.KEPT && COLOUR.matcher(escape.group()).matches()) {
        clean.append(escape.group());
        isColoured = true;
      }
      from = escape.end();
    }
    addPlain(clean, text.substring(from));
    return isColoured && clean.lastIndexOf(RESET) != clean.length() - RESET.length()
        ? clean.append(RESET).toString()
        : clean.toString();
  }

  private static void addPlain(StringBuilder clean, String text) {
    text.replace("\r\n", "\n")
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                // A carriage return alone would write over what stands there.
                case '\n', '\r', '\u2028', '\u2029' -> clean.append('\n');
                case '\t' -> clean.append('\t');
                default -> {
                  if (isShown(point)) {
                    clean.appendCodePoint(point);
                  }
                }
              }
            });
  }

  private static boolean isShown(int point) {
    return !Character.isISOControl(point)
        && Character.getType(point) != Character.FORMAT
        && Character.getType(point) != Character.SURROGATE;
  }
}
