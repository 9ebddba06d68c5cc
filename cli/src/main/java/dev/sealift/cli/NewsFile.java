// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.TomlTable;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is news, as its keeper writes it down. Read whole or refused whole.
///
/// ```
/// deny = ["3354126db1e35a32"]          keys that are no longer trusted
/// [[class]]
/// release = "app-1.1.0.sealift"        the latest of its class, beside this file
/// floor = "1:1"                        nothing lower may be installed
/// [[class]]                            the same without the file
/// name = "acme.example/sensor-2"
/// latest = "1:5"
/// digest = "5bd0…"                     of its manifest, at least 16 hex digits
/// floor = "1:3"
/// ```
record NewsFile(SortedMap<Bytes, Beacon.Standing> classes, List<KeyId> denied) {
  NewsFile {
    classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
    denied = List.copyOf(denied);
  }

  static NewsFile read(Path file) {
    try {
      return read(file, TomlTable.read(Files.readText(file)));
    } catch (MalformedException e) {
      throw Failure.refused("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static NewsFile read(Path file, TomlTable table) throws MalformedException {
    SortedMap<Bytes, Beacon.Standing> classes = new TreeMap<>();
    for (TomlTable each : table.tables("class")) {
      Standings.Of one = standing(file, each);
      if (classes.putIfAbsent(one.tag(), one.standing()) != null) {
        throw each.fault("floor", "the class %s is there twice".formatted(one.tag().toHex()));
      }
    }
    List<KeyId> denied = new ArrayList<>();
    for (String id : table.texts("deny")) {
      denied.add(Standings.keyId("deny in " + file, id));
    }
    table.nothingElse();
    if (classes.size() > Beacon.CLASSES_MAX || denied.size() > Beacon.DENIED_MAX) {
      throw Failure.refused(
          "%s: %d classes and %d keys, a beacon has room for %d and %d"
              .formatted(
                  file, classes.size(), denied.size(), Beacon.CLASSES_MAX, Beacon.DENIED_MAX));
    }
    return new NewsFile(classes, denied);
  }

  private static Standings.Of standing(Path file, TomlTable table) throws MalformedException {
    SequenceNumber floor = Sequences.parse(table.pathOf("floor"), table.text("floor"));
    Optional<String> release = table.optionalText("release");
    Standings.Of standing;
    if (release.isPresent()) {
      standing = Standings.latest(file.resolveSibling(release.get()), Optional.of(floor));
    } else {
      standing =
          Standings.of(
              table.pathOf("floor"),
              Standings.tag(table.pathOf("name"), table.text("name")),
              floor,
              Sequences.parse(table.pathOf("latest"), table.text("latest")),
              Standings.digest(table.pathOf("digest"), table.text("digest")));
    }
    table.nothingElse();
    return standing;
  }
}
