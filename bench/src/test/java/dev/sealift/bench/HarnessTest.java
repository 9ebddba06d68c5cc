// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The harness with a clock in the hand: what it says is what the tasks took.
class HarnessTest {
  private static final Budget TEN_SECONDS =
      new Budget(Duration.ofSeconds(1), Duration.ofSeconds(10), 1, 1000);

  private final HandClock clock = new HandClock(Instant.EPOCH);
  private final Harness harness =
      new Harness(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos());
  private int runs;

  private Measurement measure(Task work, Duration yardstick, Budget budget) {
    return harness.measure(
        new Subject(
            "subject",
            "what it is",
            Optional.of(Duration.ofMillis(12)),
            work,
            new Subject.Yardstick("plain work", taking(_ -> yardstick))),
        budget);
  }

  private Task taking(IntFunction<Duration> time) {
    int[] run = {0};
    return Task.of(
        () -> {
          clock.advance(time.apply(run[0]));
          return run[0]++;
        });
  }

  @Test
  void both_are_timed_and_the_ratio_is_that_of_the_medians() {
    Measurement measured =
        measure(taking(_ -> Duration.ofMillis(12)), Duration.ofMillis(8), TEN_SECONDS);
    assertThat(measured.work().median()).isEqualTo(Duration.ofMillis(12));
    assertThat(measured.yardstick().median()).isEqualTo(Duration.ofMillis(8));
    assertThat(measured.ratio()).isEqualTo(1.5);
    assertThat(measured.verdict()).isEqualTo(Measurement.Verdict.MET);
  }

  @Test
  void an_aim_is_missed_by_a_nanosecond() {
    Measurement measured =
        measure(taking(_ -> Duration.ofMillis(12).plusNanos(1)), Duration.ofMillis(8), TEN_SECONDS);
    assertThat(measured.verdict()).isEqualTo(Measurement.Verdict.MISSED);
    assertThat(measured.line()).contains("12.000 ms", "8.000 ms", "1.50", "12 ms, missed");
  }

  @Test
  void the_time_is_used_and_no_more() {
    Measurement measured =
        measure(taking(_ -> Duration.ofMillis(12)), Duration.ofMillis(8), TEN_SECONDS);
    assertThat(measured.work().samples()).isEqualTo(500);
    assertThat(measured.yardstick().samples()).isEqualTo(500);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(11));
  }

  @Test
  void however_quick_it_is_the_samples_are_bounded() {
    Measurement measured =
        measure(taking(_ -> Duration.ofNanos(1)), Duration.ofMillis(1), TEN_SECONDS);
    assertThat(measured.work().samples()).isEqualTo(1000);
  }

  @Test
  void however_slow_it_is_some_samples_are_taken() {
    Measurement measured =
        measure(
            taking(_ -> Duration.ofMinutes(1)),
            Duration.ofMillis(1),
            new Budget(Duration.ZERO, Duration.ZERO, 3, 3));
    assertThat(measured.work().samples()).isEqualTo(3);
  }

  @Test
  void slow_first_runs_are_warming_up_and_do_not_count() {
    Task work = taking(run -> Duration.ofMillis(run < Budget.WARM_UP_ROUNDS_MIN ? 900 : 12));
    Measurement measured = measure(work, Duration.ofMillis(8), TEN_SECONDS);
    assertThat(measured.work()).isEqualTo(new Figures(ms(12), ms(12), 500));
  }

  @Test
  void preparing_is_done_before_every_run_and_not_counted() {
    Task counted = taking(_ -> Duration.ofMillis(12));
    Task work =
        new Task(
            () -> {
              runs++;
              clock.advance(Duration.ofMillis(30));
            },
            counted.run());
    Measurement measured = measure(work, Duration.ofMillis(8), TEN_SECONDS);
    assertThat(measured.work()).isEqualTo(new Figures(ms(12), ms(12), 200));
    // 20 rounds of 50 ms were warming up.
    assertThat(runs).isEqualTo(220);
  }

  @Test
  void subject_and_yardstick_take_turns() {
    StringBuilder turns = new StringBuilder();
    harness.measure(
        new Subject(
            "subject",
            "what it is",
            Optional.empty(),
            Task.of(() -> turns.append('s')),
            new Subject.Yardstick("plain work", Task.of(() -> turns.append('y')))),
        new Budget(Duration.ZERO, Duration.ZERO, 5, 5));
    assertThat(turns.toString()).isEqualTo("ys".repeat(Budget.WARM_UP_ROUNDS_MIN + 5));
  }

  @Test
  void median_and_p90_are_samples_in_the_middle_and_near_the_end() {
    long[] hundred = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();
    assertThat(Figures.of(hundred))
        .isEqualTo(new Figures(Duration.ofNanos(50), Duration.ofNanos(90), 100));
    long[] three = {9, 1, 5};
    assertThat(Figures.of(three))
        .isEqualTo(new Figures(Duration.ofNanos(5), Duration.ofNanos(9), 3));
    assertThat(Arrays.toString(three)).isEqualTo("[9, 1, 5]");
    assertThatThrownBy(() -> Figures.of(new long[0])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_fails_is_not_measured() {
    Task failing =
        Task.of(
            () -> {
              throw new IllegalStateException("refused");
            });
    assertThatThrownBy(() -> measure(failing, ms(1), TEN_SECONDS)).hasMessage("refused");
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
