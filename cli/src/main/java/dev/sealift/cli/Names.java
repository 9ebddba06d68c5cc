// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// What people call the holders of keys.
final class Names {
  @Option(
      names = "--name",
      paramLabel = "NAME=FILE",
      description = "what people call the holder of a public key; may be repeated")
  private Map<String, Path> named = new HashMap<>();

  Map<KeyId, String> byKey() {
    Map<KeyId, String> names = new HashMap<>();
    named.forEach((name, file) -> names.put(CoseKeys.readPublic(file).id(), name));
    return names;
  }
}
