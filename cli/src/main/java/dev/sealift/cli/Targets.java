// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Option;

/// One device that a command speaks to, or several at once, each on a link of its own.
final class Targets {
  /// So many at once; the others wait for their turn.
  private static final int AT_ONCE_MAX = 16;

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      required = true,
      description = To.FORMS + "; again for several at once")
  private List<String> targets = new ArrayList<>();

  /// What is done with one of them.
  @FunctionalInterface
  interface Talk {
    /// `prefix` begins each line that is said on the way.
    Outcome with(SmpClient client, String prefix) throws IOException;
  }

  /// With one device its outcome. With several each outcome is told as it comes, and the last word
  /// counts them; the exit code is that of the gravest.
  Outcome talk(Console console, Talk talk) {
    List<Target> all = parsed();
    if (all.size() == 1) {
      return one(all.getFirst(), "  ", talk);
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(AT_ONCE_MAX, Thread.ofVirtual().factory())) {
      List<Future<Exit>> ends = new ArrayList<>();
      for (Target target : all) {
        ends.add(pool.submit(told(console, target, talk)));
      }
      return together(ends, all.size());
    }
  }

  private List<Target> parsed() {
    LinkedHashSet<Target> distinct = new LinkedHashSet<>();
    for (String text : targets) {
      try {
        if (!distinct.add(Target.parse(text))) {
          throw Failure.usage("--to: %s is named twice".formatted(text));
        }
      } catch (MalformedException e) {
        throw Failure.usage("--to: " + e.getMessage());
      }
    }
    return List.copyOf(distinct);
  }

  private static Outcome one(Target target, String prefix, Talk talk) {
    try (SmpClient client = new SmpClient(target.open(), System::nanoTime)) {
      return talk.with(client, prefix);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e)).hint("is the device on, and is the target right?");
    }
  }

  private static Callable<Exit> told(Console console, Target target, Talk talk) {
    return () -> {
      try {
        Outcome outcome = one(target, target + ": ", talk);
        console.end(outcome);
        return outcome.exit();
      } catch (Failure failure) {
        console.fail(
            failure.exit(), String.valueOf(failure.getMessage()), failure.hint().orElse(""));
        return failure.exit();
      }
    };
  }

  private static Outcome together(List<Future<Exit>> ends, int count) {
    Exit gravest = Exit.DONE;
    int done = 0;
    for (Future<Exit> end : ends) {
      Exit exit = exit(end);
      done += exit == Exit.DONE ? 1 : 0;
      gravest = gravest.graver(exit);
    }
    return new Outcome(
        gravest,
        List.of("%d of %d devices as wanted".formatted(done, count)),
        CborMap.builder().put("done", done).put("of", count).build());
  }

  private static Exit exit(Future<Exit> end) {
    try {
      return end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.world("interrupted while devices were being updated");
    } catch (ExecutionException e) {
      throw new IllegalStateException("one of the devices", e.getCause());
    }
  }
}
