// SPDX-License-Identifier: Apache-2.0
package dev.sealift.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The rooms of the repository, read from the parent's list of modules.
final class Rooms {
  private static final Pattern MODULE = Pattern.compile("<module>([a-z]+)</module>");

  private Rooms() {}

  static List<Path> all(Path root) throws IOException {
    return MODULE
        .matcher(Files.readString(root.resolve("pom.xml")))
        .results()
        .map(found -> root.resolve(found.group(1)))
        .toList();
  }
}
