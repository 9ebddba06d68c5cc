// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A copy of a folder of vectors in which command lines run, and which is gone afterwards.
final class Workbench implements AutoCloseable {
  /// What came of a command line.
  record Run(int exit, Bytes out, String err) {
    /// One sentence, and no trace of Java or Python.
    boolean isOneSentence() {
      return err.endsWith("\n")
          && err.indexOf('\n', err.lastIndexOf("imgtool: ")) == err.length() - 1
          && err.contains("imgtool: ")
          && !err.contains("Exception")
          && !err.contains("\tat ");
    }
  }

  private final Path original;
  private final Path folder;

  Workbench(Path original) {
    this.original = original;
    try {
      this.folder = Files.createTempDirectory("sealift-imgtool");
      try (Stream<Path> files = Files.walk(original)) {
        for (Path file : files.toList()) {
          Path copy = folder.resolve(original.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else {
            Files.copy(file, copy);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Run run(List<String> argv, String typed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            Prompt.lines(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8))),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            folder,
            new SecureRandom());
    int exit = Imgtool.run(argv, io);
    return new Run(exit, Bytes.of(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  Optional<Bytes> file(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file)
          ? Optional.of(Bytes.owning(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void write(String name, Bytes content) {
    try {
      Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As it is in the original folder, or not at all.
  void restore(String name) {
    remove(name);
    Path file = original.resolve(name);
    if (Files.exists(file)) {
      try {
        Files.copy(file, folder.resolve(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// All files but those that every run may leave, to see that a refusal changed nothing.
  List<String> listing() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
