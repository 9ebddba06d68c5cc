// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs one fuzz target with Jazzer in a JVM of its own for a bounded time. A target is a class
/// with a `public static void fuzzerTestOneInput(byte[] data)` that throws when a promise is
/// broken.
public final class Fuzzing {
  private static final Pattern DONE = Pattern.compile("(?m)^#(\\d+)\\s+DONE");

  /// The memory a decoder may use, whatever it is given.
  private static final String HEAP_MAX = "-Xmx512m";

  private Fuzzing() {}

  /// Returns the number of inputs that were tried; throws with Jazzer's findings when one broke a
  /// promise.
  public static long fuzz(Class<?> target, Duration time) {
    try {
      Path work = Files.createTempDirectory("sealift-fuzz");
      Path log = work.resolve("log");
      Process process =
          new ProcessBuilder(
                  List.of(
                      ProcessHandle.current().info().command().orElse("java"),
                      HEAP_MAX,
                      "-XX:+EnableDynamicAgentLoading",
                      "-cp",
                      System.getProperty(
                          "surefire.test.class.path", System.getProperty("java.class.path", "")),
                      "com.code_intelligence.jazzer.Jazzer",
                      "--target_class=" + target.getName(),
                      "--instrumentation_includes=dev.sealift.**",
                      "-max_total_time=" + time.toSeconds(),
                      "-timeout=10",
                      "-rss_limit_mb=2048"))
              .directory(work.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      int exit = process.waitFor();
      String output = Files.readString(log, StandardCharsets.UTF_8);
      Matcher done = DONE.matcher(output);
      if (exit != 0 || !done.find()) {
        throw new AssertionError(
            target.getSimpleName() + " broke a promise, exit " + exit + ":\n" + output);
      }
      long inputs = Long.parseLong(done.group(1));
      System.out.println("fuzzed " + target.getName() + ": " + inputs + " inputs");
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fuzzing " + target.getSimpleName(), e);
    }
  }
}
