// SPDX-License-Identifier: Apache-2.0
package dev.sealift.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// One formatter for all sources. It runs as a test because it needs the compiler of JDK 25 while
/// Maven itself may run on an older one.
class FormatTest {
  private static final Path ROOT = Path.of(System.getProperty("sealift.root"));

  @Test
  void every_source_is_formatted() throws Exception {
    boolean write = "write".equals(System.getProperty("sealift.format"));
    List<Path> differing =
        sources().parallel().filter(source -> differsFromFormatted(source, write)).toList();
    if (write) {
      System.out.println("formatted " + differing.size() + " files");
      return;
    }
    assertThat(differing)
        .as("format them with: mvn -q -pl house test -Dtest=FormatTest -Dsealift.format=write")
        .isEmpty();
  }

  /// The formatter breaks a long `///` line into a comment of another kind, so they stay short.
  @Test
  void no_comment_line_is_longer_than_a_hundred_columns() throws Exception {
    List<String> tooLong =
        sources()
            .flatMap(
                source ->
                    lines(source)
                        .filter(line -> line.length() > 100 && line.strip().startsWith("///"))
                        .map(line -> ROOT.relativize(source) + ": " + line.strip()))
            .toList();
    assertThat(tooLong).as("wrap these by hand before formatting").isEmpty();
  }

  /// Java with the marks of a merge in it does not compile; a document with them is read by people.
  @Test
  void no_document_holds_the_marks_of_a_merge() throws Exception {
    List<Path> marked =
        documents()
            .filter(
                document ->
                    lines(document)
                        .anyMatch(
                            line ->
                                line.startsWith("<".repeat(7)) || line.startsWith(">".repeat(7))))
            .map(ROOT::relativize)
            .toList();
    assertThat(marked).isEmpty();
    assertThat(documents().count()).isGreaterThan(10);
  }

  private static Stream<Path> documents() {
    return Stream.of(".", "docs", "decisions", "changes")
        .map(ROOT::resolve)
        .filter(Files::isDirectory)
        .flatMap(
            folder -> {
              try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Test
  void there_are_sources_to_look_at() throws Exception {
    assertThat(sources().count()).isGreaterThan(20);
  }

  private static Stream<Path> sources() throws IOException {
    return Rooms.all(ROOT).stream()
        .flatMap(room -> Stream.of(room.resolve("src/main/java"), room.resolve("src/test/java")))
        .filter(Files::isDirectory)
        .flatMap(FormatTest::javaFiles);
  }

  private static Stream<String> lines(Path source) {
    try {
      return Files.readAllLines(source).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean differsFromFormatted(Path source, boolean write) {
    try {
      String text = Files.readString(source);
      if (text.lines().anyMatch(line -> line.length() > 100 && line.strip().startsWith("///"))) {
        return true;
      }
      String formatted =
          new Formatter(JavaFormatterOptions.defaultOptions())
              .formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
      boolean differs = !formatted.equals(text);
      if (differs && write) {
        Files.writeString(source, formatted);
      }
      return differs;
    } catch (IOException | FormatterException e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }
}
