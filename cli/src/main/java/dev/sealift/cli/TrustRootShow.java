// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a root says.
@Command(
    name = "show",
    description = "Show a root of trust, and who has signed it.",
    footer = {"", "Example: sealift trust root show root.cbor"})
final class TrustRootShow extends Verb {
  @Option(
      names = "--after",
      paramLabel = "FILE",
      description = "the root before it, to say whether its root keys have signed too")
  private @Nullable Path after;

  @Mixin private Names names = new Names();

  @Parameters(paramLabel = "FILE", description = "a root, signed or not")
  private @Nullable Path file;

  TrustRootShow(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    Signed<Root> root = Roots.readSigned(source);
    Optional<Root> before = Optional.ofNullable(after).map(Roots::read);
    before.ifPresent(old -> TrustRootRotate.requireNext(source, root.content(), old));
    return TrustRoot.shown(source.toString(), root, before, names.byKey());
  }
}
