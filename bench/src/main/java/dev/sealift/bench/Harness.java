// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// Times a subject and its yardstick in turns: what disturbs the machine for a while disturbs both,
/// and leaves their ratio alone. Each sample is one run.
public final class Harness {
  private final LongSupplier nanos;
  private final BlackHole blackHole = new BlackHole();

  /// With a clock that counts nanoseconds and never runs back.
  public Harness(LongSupplier nanos) {
    this.nanos = nanos;
  }

  public Measurement measure(Subject subject, Budget budget) {
    Task work = subject.work();
    Task yardstick = subject.yardstick().work();
    long start = nanos.getAsLong();
    for (int round = 0;
        round < Budget.WARM_UP_ROUNDS_MIN || !isOver(start, budget.warmUp());
        round++) {
      time(yardstick);
      time(work);
    }
    long[] ofWork = new long[budget.samplesMax()];
    long[] ofYardstick = new long[budget.samplesMax()];
    start = nanos.getAsLong();
    int samples = 0;
    while (samples < budget.samplesMin()
        || (samples < budget.samplesMax() && !isOver(start, budget.sampling()))) {
      ofYardstick[samples] = time(yardstick);
      ofWork[samples] = time(work);
      samples++;
    }
    return new Measurement(
        subject,
        Figures.of(Arrays.copyOf(ofWork, samples)),
        Figures.of(Arrays.copyOf(ofYardstick, samples)));
  }

  private boolean isOver(long start, Duration time) {
    return nanos.getAsLong() - start >= time.toNanos();
  }

  private long time(Task task) {
    task.prepare().run();
    long start = nanos.getAsLong();
    Object result = task.run().get();
    long end = nanos.getAsLong();
    blackHole.swallow(result);
    return end - start;
  }

  /// Where results go. The compiler must take them for used, or it could leave their making out.
  private static final class BlackHole {
    private volatile int dark;

    void swallow(Object result) {
      dark = System.identityHashCode(result);
    }

    @Override
    public String toString() {
      return "black hole " + dark;
    }
  }
}
