// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.testkit.Fuzzing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class ImgtoolFuzzTest {
  private static final Duration TIME = Duration.ofSeconds(15);

  @Test
  void any_command_line_ends_with_an_exit_code_and_a_sentence() {
    assertThat(Fuzzing.fuzz(CommandLineTarget.class, TIME)).isGreaterThan(100);
  }

  @Test
  void any_file_is_dumped_or_refused() {
    assertThat(Fuzzing.fuzz(DumpTarget.class, TIME)).isGreaterThan(1000);
  }

  @Test
  void any_file_is_verified_or_refused() {
    assertThat(Fuzzing.fuzz(VerifyTarget.class, TIME)).isGreaterThan(100);
  }

  private static String run(Path folder, List<String> argv) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            Prompt.lines(new ByteArrayInputStream("pw\npw\n".getBytes(StandardCharsets.UTF_8))),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            folder,
            new SecureRandom());
    int exit = Imgtool.run(argv, io);
    String said = err.toString(StandardCharsets.UTF_8);
    if (exit < 0 || exit > 2 || (exit != 0 && !said.contains("imgtool: "))) {
      throw new AssertionError("exit " + exit + ", " + said + ", of " + argv);
    }
    return said;
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("sealift-imgtool-fuzz");
      Files.write(folder.resolve("in.bin"), new byte[100]);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Bytes below 64 stand for words of the grammar, all others for themselves. No key is made, as
  /// that takes the time of thousands of other command lines.
  public static final class CommandLineTarget {
    private static final Path FOLDER = folder();
    private static final List<String> WORDS = words();

    private CommandLineTarget() {}

    private static List<String> words() {
      List<String> words = new ArrayList<>();
      for (Option option : SignCommand.sign().options()) {
        words.addAll(option.names());
      }
      words.addAll(List.of("sign", "create", "verify", "dumpinfo", "getpub", "keyinfo", "version"));
      words.addAll(List.of("in.bin", "out.bin", "0x200", "auto", "1.2.3+4", "(1,2.0.0)", "0xa0"));
      return words;
    }

    public static void fuzzerTestOneInput(byte[] data) {
      List<String> argv = new ArrayList<>();
      StringBuilder own = new StringBuilder();
      for (byte one : data) {
        int index = one & 0xff;
        if (index < WORDS.size()) {
          if (!own.isEmpty()) {
            argv.add(own.toString());
            own.setLength(0);
          }
          argv.add(WORDS.get(index));
        } else {
          own.append((char) (index & 0x7f));
        }
      }
      if (!own.isEmpty()) {
        argv.add(own.toString());
      }
      // What the words name must stay in the folder of this run.
      if (argv.stream().noneMatch(word -> word.contains("/") || word.equals("keygen"))) {
        run(FOLDER, argv);
      }
    }
  }

  public static final class DumpTarget {
    private DumpTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        Dump dump = Dump.read(Bytes.of(data));
        if (DumpText.of("a.bin", dump).isEmpty()
            || DumpData.json("a.bin", dump).isEmpty()
            || DumpData.yaml("a.bin", dump).isEmpty()) {
          throw new AssertionError("nothing is shown");
        }
      } catch (MalformedException _) {
        // Refused, as it should be.
      }
    }
  }

  public static final class VerifyTarget {
    private static final Path FOLDER = folder();

    private VerifyTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      Files.write(FOLDER.resolve("image.bin"), data);
      Files.write(FOLDER.resolve("image.hex"), data);
      run(FOLDER, List.of("verify", "image.bin"));
      run(FOLDER, List.of("dumpinfo", "-f", "json", "image.hex"));
      run(FOLDER, List.of("keyinfo", "-k", "image.bin"));
    }
  }
}
