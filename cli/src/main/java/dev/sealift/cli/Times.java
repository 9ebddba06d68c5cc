// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times and spans of time as people write them; all dates are UTC.
final class Times {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([smhd])");

  private Times() {}

  /// `90s`, `30m`, `12h`, `7d`.
  static Duration span(String what, String text) {
    Matcher span = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (span.matches()) {
      long number = Long.parseLong(span.group(1));
      Duration length =
          switch (span.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (!length.isZero()) {
        return length;
      }
    }
    throw Failure.usage("%s must be like 90s, 30m, 12h or 7d, is '%s'".formatted(what, text));
  }

  /// Seconds since 1970: a date, a date with its time of day, or `+7d` from now.
  static long moment(String what, String text, Instant now) {
    String stripped = text.strip();
    if (stripped.startsWith("+")) {
      return now.plus(span(what, stripped.substring(1))).getEpochSecond();
    }
    try {
      Instant moment =
          stripped.length() <= "2026-11-21".length()
              ? LocalDate.parse(stripped).atStartOfDay().toInstant(ZoneOffset.UTC)
              : Instant.parse(stripped.toUpperCase(Locale.ROOT));
      if (moment.getEpochSecond() >= 0) {
        return moment.getEpochSecond();
      }
    } catch (DateTimeParseException _) {
      // The sentence below says it all.
    }
    throw Failure.usage(
        "%s must be like 2026-12-01, 2026-12-01T08:30:00Z or +7d, is '%s'".formatted(what, text));
  }

  /// In the largest unit that gives a whole number.
  static String words(Duration span) {
    long seconds = span.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + " d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + " h";
    }
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
