// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tells the public half of a key.
@Command(
    name = "public",
    description = "Print the public half of a key as PEM, or write it to a file.",
    footer = {
      "",
      "Example: sealift key public alice.pem -o alice.pub.pem",
      "         sealift key public -o hsm.pub.pem \\",
      "           'pkcs11:token=T;object=K?module-path=/usr/lib/softhsm/libsofthsm2.so'"
    })
final class KeyPublic extends Verb {
  @Mixin private KeyLookup lookup = new KeyLookup();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "where it goes; printed if not said")
  private @Nullable Path output;

  @Parameters(paramLabel = "KEY", description = "FILE (PEM) or pkcs11:URI")
  private @Nullable String key;

  KeyPublic(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    String pem = lookup.find(Given.required(key), console()).pem();
    CborMap.Builder json = CborMap.builder().put("public", pem);
    if (output == null) {
      return Outcome.done(pem.lines().toList(), json.build());
    }
    Files.write(output, Bytes.ofUtf8(pem));
    return Outcome.done(
        List.of("wrote " + output + ", a public key"), json.put("file", output.toString()).build());
  }
}
