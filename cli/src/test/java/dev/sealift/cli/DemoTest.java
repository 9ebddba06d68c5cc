// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo checks its own claims; here it runs with a small firmware, and what the README shows of
/// it is held against what it says.
class DemoTest {
  private static final Pattern CHANGING =
      Pattern.compile("[0-9.]+ [kM]?B(/s)?|[0-9a-f]{16,}|[0-9][0-9a-f.:]*|\\d+");

  @TempDir private Path folder;

  @Test
  void the_story_goes_as_told_and_the_readme_shows_it() throws Exception {
    byte[] firmware = new byte[20_000];
    new SplittableRandom(1).nextBytes(firmware);
    Path file = folder.resolve("tiny.bin");
    Files.write(file, firmware);
    Typed typed = Typed.type("demo", "--firmware", file.toString());
    assertThat(typed.exit()).as(typed.out() + typed.err()).isZero();
    assertThat(typed.out()).contains("What you have seen").contains("R20").contains("3.1.4.159");
    assertThat(typed.err()).contains("R18").contains("R3,").contains("R4,").contains("R12,");
    List<String> said =
        (typed.out() + "\n" + typed.err()).lines().map(DemoTest::withoutWhatChanges).toList();
    assertThat(transcript())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(said).contains(withoutWhatChanges(line)));
  }

  @Test
  void machines_get_nothing_but_json() throws Exception {
    byte[] firmware = new byte[5000];
    Path file = folder.resolve("tiny.bin");
    Files.write(file, firmware);
    Typed typed = Typed.type("demo", "--json", "--firmware", file.toString());
    assertThat(typed.exit()).as(typed.out() + typed.err()).isZero();
    for (String line : typed.out().lines().toList()) {
      assertThat(dev.sealift.bytes.cbor.Json.read(line)).as(line).isNotNull();
    }
  }

  /// The lines of the README's transcript; a gap is marked with three dots.
  private static List<String> transcript() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("sealift.root"), "README.md"));
    int start = readme.indexOf("<!-- transcript -->");
    int end = readme.indexOf("<!-- end of transcript -->");
    assertThat(start).isPositive();
    assertThat(end).isGreaterThan(start);
    return readme
        .substring(start, end)
        .lines()
        .skip(1)
        .map(line -> line.startsWith("    ") ? line.substring(4) : line)
        .filter(line -> !line.isBlank() && !line.strip().equals("..."))
        .toList();
  }

  /// Digests, sizes, ports and rates differ from run to run.
  private static String withoutWhatChanges(String line) {
    return CHANGING.matcher(line.strip()).replaceAll("N");
  }
}
