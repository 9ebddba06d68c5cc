// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The folder of one set of recorded vectors: the repository's `vectors/SET`, or the folder that
/// the system property `sealift.vectors.SET` names.
public record Vectors(Path folder) {
  public static Vectors of(String set) {
    return find(set)
        .orElseThrow(
            () -> new IllegalStateException("no vectors: folder vectors/" + set + " is missing"));
  }

  /// For sets that may be absent: the caller skips with one line.
  public static Optional<Vectors> find(String set, Path... elsewhere) {
    String named = System.getProperty("sealift.vectors." + set, "");
    if (!named.isEmpty()) {
      Path folder = root().resolve(named);
      if (!Files.isDirectory(folder)) {
        throw new IllegalStateException("sealift.vectors." + set + " is no folder: " + folder);
      }
      return Optional.of(new Vectors(folder));
    }
    if (Files.isDirectory(root().resolve("vectors").resolve(set))) {
      return Optional.of(new Vectors(root().resolve("vectors").resolve(set)));
    }
    for (Path place : elsewhere) {
      if (Files.isDirectory(root().resolve(place))) {
        return Optional.of(new Vectors(root().resolve(place)));
      }
    }
    return Optional.empty();
  }

  /// The top of the repository, given by the build.
  public static Path root() {
    return Path.of(System.getProperty("sealift.root", "."));
  }

  public Bytes file(String name) {
    try {
      return Bytes.owning(Files.readAllBytes(folder.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public CborItem json(String name) {
    try {
      return Json.read(file(name).toUtf8());
    } catch (MalformedException e) {
      throw new IllegalStateException(folder.resolve(name) + ": " + e.getMessage(), e);
    }
  }
}
