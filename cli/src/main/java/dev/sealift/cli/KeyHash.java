// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.key.VerifyingKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Tells the hash by which images and bootloaders name a key.
@Command(
    name = "hash",
    description = "Print the hash by which images and bootloaders name a key.",
    footer = {"", "Example: sealift key hash image.pub.pem"})
final class KeyHash extends Verb {
  @Mixin private KeyLookup lookup = new KeyLookup();

  @Parameters(paramLabel = "KEY", description = "FILE (PEM) or pkcs11:URI")
  private @Nullable String key;

  KeyHash(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    String hash =
        switch (lookup.find(Given.required(key), console())) {
          case KeyLookup.Found.Signing(_, _, var half) ->
              half.forImages()
                  .map(VerifyingKey::hash)
                  .orElseThrow(() -> noHash(half.type()))
                  .toHex();
          case KeyLookup.Found.Encrypting(_, var sealing) ->
              throw noHash(sealing.type().toString());
        };
    return Outcome.done(hash, CborMap.builder().put("hash", hash).build());
  }

  private static Failure noHash(String type) {
    return Failure.refused("no image names a key of type %s by its hash".formatted(type));
  }
}
