// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.key.SealingKey;
import dev.sealift.keys.PublicHalf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says what a key file or a token holds.
@Command(
    name = "show",
    description = "Say what a key is. A private key is never printed.",
    footer = {"", "Example: sealift key show image.pub.pem"})
final class KeyShow extends Verb {
  @Mixin private KeyLookup lookup = new KeyLookup();

  @Parameters(paramLabel = "KEY", description = "FILE (PEM) or pkcs11:URI")
  private @Nullable String key;

  KeyShow(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return switch (lookup.find(Given.required(key), console())) {
      case KeyLookup.Found.Signing(var place, var half, var publicHalf) ->
          shown(place, half, publicHalf);
      case KeyLookup.Found.Encrypting(var place, var sealing) -> shown(place, sealing);
    };
  }

  private static Outcome shown(String place, String half, PublicHalf key) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s key of type %s".formatted(place, half, key.type()));
    CborMap.Builder json =
        CborMap.builder().put("file", place).put("type", key.type()).put("half", half);
    names(key, lines, json);
    lines.add("");
    lines.addAll(key.pem().lines().toList());
    return Outcome.done(lines, json.put("public", key.pem()).build());
  }

  private static Outcome shown(String place, SealingKey key) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: key of type %s, for encryption only".formatted(place, key.type()));
    lines.add("");
    lines.addAll(key.toPem().lines().toList());
    return Outcome.done(
        lines,
        CborMap.builder()
            .put("file", place)
            .put("type", key.type().toString())
            .put("public", key.toPem())
            .build());
  }

  /// How images and permits call the key.
  static void names(PublicHalf key, List<String> lines, CborMap.Builder json) {
    Optional<String> hash = key.forImages().map(image -> image.hash().toHex());
    Optional<String> keyId = key.forPermits().map(permits -> permits.id().toString());
    hash.ifPresent(
        hex -> {
          lines.add("key hash  " + hex + "  (as images name it)");
          json.put("hash", hex);
        });
    keyId.ifPresent(
        id -> {
          lines.add("key id    " + id + "  (as permits name it)");
          json.put("keyId", id);
        });
  }
}
