// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes the first root of trust.
@Command(
    name = "make",
    description = "Make the root of trust that is put into devices: keys, roles, thresholds.",
    sortOptions = false,
    footer = {
      "",
      "Example: sealift trust root make --root-key root.pub.pem",
      "           --release alice.pub.pem --release bob.pub.pem -o root.cbor"
    })
final class TrustRootMake extends Verb {
  @Mixin private RootOptions options = new RootOptions();

  @Option(
      names = "--version",
      paramLabel = "N",
      defaultValue = "1",
      description = "version of the root, default 1; 'trust root rotate' counts on by itself")
  private String version = "";

  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the root goes")
  private @Nullable Path output;

  TrustRootMake(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Root root =
        options.first(Numbers.parse("--version", version, 1, Integer.MAX_VALUE), Instant.now());
    Signed<Root> signed =
        keys.signIfGiven(
            console(),
            Signed.unsigned(root),
            (so, signer) -> Roots.sign(so, signer, Optional.empty()));
    Path target = Given.required(output);
    Roots.write(target, signed);
    Outcome shown =
        TrustRoot.shown(
            "wrote %s: put it into every device, it holds public keys only".formatted(target),
            signed,
            Optional.empty(),
            options.names());
    if (Roots.isSigned(signed)) {
      return shown;
    }
    List<String> lines = new ArrayList<>(shown.lines());
    lines.add("  signed    by nobody, which is enough for new devices");
    return Outcome.done(lines, shown.json());
  }
}
