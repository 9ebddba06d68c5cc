// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainLineTest {
  private static final long SEED = 7;
  private static final int LINES = 600;

  @Test
  void whatever_is_read_plainly_picocli_reads_the_same() throws IllegalAccessException {
    Random random = new Random(SEED);
    int plain = 0;
    for (int i = 0; i < LINES; i++) {
      String word = List.of("sign", "verify", "show").get(random.nextInt(3));
      String[] args = line(word, random);
      Optional<Verb> read = PlainLine.read(nowhere(), args);
      if (read.isPresent()) {
        plain++;
        assertThat(content(read.get()))
            .describedAs("%s", List.of(args))
            .isEqualTo(content(byPicocli(args)));
      }
    }
    assertThat(plain).isBetween(LINES / 10, LINES * 9 / 10);
  }

  /// Any option of the verb with any likely value, mostly once and mostly whole.
  private static String[] line(String word, Random random) {
    Verb verb =
        switch (word) {
          case "sign" -> new ImageSign(nowhere());
          case "verify" -> new ImageVerify(nowhere());
          default -> new ImageShow(nowhere());
        };
    Options options = new Options();
    verb.declare(options);
    List<String> args = new ArrayList<>(List.of("image", word));
    for (Options.Named option : options.named()) {
      int times = random.nextInt(10) < 3 || option.need() == Options.Need.REQUIRED ? 1 : 0;
      for (int i = 0; i < times + (random.nextInt(40) == 0 ? 1 : 0); i++) {
        String name = option.names().get(random.nextInt(option.names().size()));
        if (option.into() instanceof Options.Into.Flag) {
          args.add(name);
        } else if (name.startsWith("--") && random.nextBoolean()) {
          args.add(name + "=" + value(random));
        } else {
          args.add(name);
          args.add(value(random));
        }
      }
    }
    if (random.nextInt(4) == 0) {
      args.add("--json");
    }
    int operands = options.operands().size() + (random.nextInt(10) == 0 ? 1 : 0);
    for (int i = random.nextInt(8) == 0 ? 1 : 0; i < operands; i++) {
      args.add(2 + random.nextInt(args.size() - 1), "file" + i);
    }
    return args.toArray(String[]::new);
  }

  private static String value(Random random) {
    return List.of("0x20", "1.2.3", "auto", "a b", "", "x=y", "key.pem", "'q'", "\"q\"")
        .get(random.nextInt(9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image",
        "image sign",
        "image sign --help",
        "image sign -v 1.0.0 in out --nonsense",
        "image sign -v 1.0.0 in out more",
        "image sign in out",
        "image sign -v 1.0.0 -v 1.0.1 in out",
        "image sign -v1.0.0 in out",
        "image sign -v 1.0.0 --pad=true in out",
        "image sign -v 1.0.0 --pad --pad in out",
        "image sign -v 1.0.0 in @more",
        "image sign -v 1.0.0 -- in out",
        "image sign -v -1 in out",
        "image sign in out -v",
        "image sign -v 1.0.0 --password-file p in out",
        "image verify --key k",
        "image verify --json --json file",
        "image resign a b",
        "key show k"
      })
  void what_is_unusual_is_left_to_picocli(String line) {
    assertThat(PlainLine.read(nowhere(), line.split(" "))).isEmpty();
  }

  @Test
  void the_form_of_the_answer_is_heard_wherever_it_stands() {
    Console console = nowhere();
    assertThat(PlainLine.read(console, "image", "show", "--json", "file")).isPresent();
    assertThat(console.form()).isEqualTo(Console.Form.JSON);
  }

  private static Verb byPicocli(String... args) {
    List<CommandLine> read =
        WholeLine.commandLine(nowhere(), args).parseArgs(args).asCommandLineList();
    return (Verb) read.getLast().getCommandSpec().userObject();
  }

  /// Every field that says something, those of groups of options included.
  private static Map<String, Object> content(Object owner) throws IllegalAccessException {
    Map<String, Object> content = new TreeMap<>();
    for (Field field : owner.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object value = field.get(owner);
      boolean isGroup = value != null && value.getClass().getName().startsWith("dev.sealift.cli");
      content.put(field.getName(), isGroup ? content(value) : String.valueOf(value));
    }
    return content;
  }

  private static Console nowhere() {
    PrintStream none = new PrintStream(OutputStream.nullOutputStream());
    return new Console(none, none, Terminal.NONE);
  }
}
