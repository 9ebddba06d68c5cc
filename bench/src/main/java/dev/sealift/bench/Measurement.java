// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.bytes.cbor.CborFloat;
import dev.sealift.bytes.cbor.CborMap;
import java.time.Duration;
import java.util.Locale;

/// What a subject took, and what its yardstick took in the same run.
public record Measurement(Subject subject, Figures work, Figures yardstick) {
  /// Whether the subject is as fast as it should be, where there is an opinion.
  public enum Verdict {
    MET,
    MISSED,
    NO_AIM
  }

  /// How many yardsticks the subject takes, by the medians.
  public double ratio() {
    return (double) work.median().toNanos() / Math.max(1, yardstick.median().toNanos());
  }

  public Verdict verdict() {
    return subject
        .aim()
        .map(aim -> work.median().compareTo(aim) <= 0 ? Verdict.MET : Verdict.MISSED)
        .orElse(Verdict.NO_AIM);
  }

  /// The heading above [#line].
  public static String heading() {
    return "%-14s %10s %10s %10s %7s  %s"
        .formatted("subject", "median", "p90", "yardstick", "ratio", "aim");
  }

  public String line() {
    String aim =
        subject
            .aim()
            .map(time -> "%d ms, %s".formatted(time.toMillis(), word(verdict())))
            .orElse("none");
    return "%-14s %10s %10s %10s %7s  %s"
        .formatted(
            subject.name(),
            milliseconds(work.median()),
            milliseconds(work.p90()),
            milliseconds(yardstick.median()),
            "%.2f".formatted(ratio()),
            aim);
  }

  public CborMap map() {
    CborMap.Builder json =
        CborMap.builder()
            .put("subject", subject.name())
            .put("what", subject.what())
            .put("median_ns", work.median().toNanos())
            .put("p90_ns", work.p90().toNanos())
            .put("samples", work.samples())
            .put("yardstick", subject.yardstick().what())
            .put("yardstick_median_ns", yardstick.median().toNanos())
            .put("yardstick_p90_ns", yardstick.p90().toNanos())
            .put("ratio", new CborFloat(Math.round(ratio() * 1000) / 1000.0))
            .put("verdict", word(verdict()));
    subject.aim().ifPresent(aim -> json.put("aim_ns", aim.toNanos()));
    return json.build();
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String milliseconds(Duration time) {
    return "%.3f ms".formatted(time.toNanos() / 1e6);
  }
}
