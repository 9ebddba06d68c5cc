// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A program of this machine that a test would like to have. Where it is missing the test is passed
/// over with one printed line; with `-Dsealift.insist=true`, as CI has it, that is a failure.
public record Tool(Path program) {
  /// `debianPackage` is where to get it.
  public static Optional<Tool> find(String program, String debianPackage) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return Optional.of(new Tool(candidate));
      }
    }
    return missing(program, debianPackage);
  }

  static <T> Optional<T> missing(String what, String debianPackage) {
    String sentence = "%s is not there (Debian: apt install %s)".formatted(what, debianPackage);
    if (Boolean.getBoolean("sealift.insist")) {
      throw new IllegalStateException(sentence + ", and -Dsealift.insist=true wants it");
    }
    System.out.println("skipped: " + sentence);
    return Optional.empty();
  }
}
