// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How far a transfer has come, with its rate and the time left: one living line on a terminal, a
/// plain line every tenth elsewhere and where several run at once.
final class Progress {
  private static final long NANOS = 1_000_000_000L;
  private static final long REDRAW_NANOS = NANOS / 10;
  private static final int BAR_MAX = 30;

  private final Console console;
  private final String what;
  private final Company company;
  private final LongSupplier nanos;
  private final long start;
  private long drawn;
  private long startBytes = -1;
  private int tenths = -1;

  /// Whether it has the terminal to itself.
  enum Company {
    ALONE,
    AMONG_OTHERS
  }

  Progress(Console console, String what, Company company, LongSupplier nanos) {
    this.console = console;
    this.company = company;
    this.what = what;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.drawn = start - REDRAW_NANOS;
  }

  void at(long bytes, long total) {
    long now = nanos.getAsLong();
    if (startBytes < 0) {
      // A resumed transfer does not count what an earlier one carried.
      startBytes = bytes;
    }
    if (company == Company.ALONE && console.terminal().isInteractive()) {
      int columns = console.terminal().columns();
      if (bytes == total) {
        console.say(line(bytes, total, now - start, columns));
      } else if (now - drawn >= REDRAW_NANOS) {
        drawn = now;
        console.live(line(bytes, total, now - start, columns));
      }
    } else {
      int reached = total == 0 ? 10 : (int) (bytes * 10 / total);
      if (bytes > 0 && reached > tenths) {
        tenths = reached;
        console.say(line(bytes, total, now - start, 0));
      }
    }
  }

  private String line(long bytes, long total, long elapsed, int columns) {
    long percent = total == 0 ? 100 : bytes * 100 / total;
    double seconds = Math.max(1, elapsed) / (double) NANOS;
    double rate = (bytes - startBytes) / seconds;
    String figures =
        String.format(
            Locale.ROOT,
            "%3d%% %s of %s  %s/s%s",
            percent,
            size(bytes),
            size(total),
            size((long) rate),
            left(total - bytes, rate));
    String text = what + " " + figures;
    int bar = Math.min(BAR_MAX, columns - text.length() - 4);
    if (bar < 5) {
      return text;
    }
    int full = (int) (bar * percent / 100);
    return what + " [" + "#".repeat(full) + "-".repeat(bar - full) + "] " + figures;
  }

  private static String left(long bytes, double rate) {
    if (bytes == 0) {
      return "";
    }
    if (rate < 1) {
      return "  waiting";
    }
    Duration left = Duration.ofSeconds((long) Math.ceil(bytes / rate));
    return left.toMinutes() > 0
        ? "  %d min %d s left".formatted(left.toMinutes(), left.toSecondsPart())
        : "  %d s left".formatted(left.toSeconds());
  }

  /// Bytes in the unit that keeps the number short; kB is 1000 bytes.
  static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1000.0)
        : String.format(Locale.ROOT, "%.2f MB", bytes / 1_000_000.0);
  }
}
