// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Adds signatures to a root.
@Command(
    name = "sign",
    description = "Add your signature to a root, in the file itself.",
    footer = {"", "Example: sealift trust root sign root-2.cbor --after root.cbor --key root.pem"})
final class TrustRootSign extends Verb {
  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--after",
      paramLabel = "FILE",
      description = "the root before it, whose root keys have to sign too")
  private @Nullable Path after;

  @Parameters(paramLabel = "FILE", description = "a root, signed or not")
  private @Nullable Path file;

  TrustRootSign(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path target = Given.required(file);
    Signed<Root> root = Roots.readSigned(target);
    Optional<Root> before = Optional.ofNullable(after).map(Roots::read);
    before.ifPresent(old -> TrustRootRotate.requireNext(target, root.content(), old));
    Signed<Root> signed =
        keys.sign(console(), root, (so, signer) -> Roots.sign(so, signer, before));
    Roots.write(target, signed);
    List<String> lines = new ArrayList<>();
    lines.add("signed %s, root version %d".formatted(target, root.content().version()));
    Roots.signatureLines(signed, before).forEach(line -> lines.add("  " + line));
    return Outcome.done(lines, Roots.json(signed, before));
  }
}
