// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the root that comes after another one.
@Command(
    name = "rotate",
    description = "Make the next root: new keys, another policy. What is not given stays.",
    sortOptions = false,
    footer = {
      "",
      "A device takes the next root when enough root keys of both have signed it;",
      "'release attach --root-update' brings it there.",
      "",
      "Example: sealift trust root rotate root.cbor --release carol.pub.pem",
      "           --release bob.pub.pem --key root.pem -o root-2.cbor"
    })
final class TrustRootRotate extends Verb {
  @Mixin private RootOptions options = new RootOptions();

  @Option(
      names = "--without",
      paramLabel = "ROLE",
      description = "leave out a role and its keys; may be repeated")
  private List<String> without = new ArrayList<>();

  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the next root goes")
  private @Nullable Path output;

  @Parameters(paramLabel = "OLD", description = "the root before it")
  private @Nullable Path file;

  TrustRootRotate(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Root before = Roots.read(Given.required(file));
    Set<Role> dropped = EnumSet.noneOf(Role.class);
    without.forEach(name -> dropped.add(RootOptions.role("--without", name)));
    Root next = options.next(before, dropped, Instant.now());
    Signed<Root> signed =
        keys.signIfGiven(
            console(),
            Signed.unsigned(next),
            (so, signer) -> Roots.sign(so, signer, Optional.of(before)));
    Path target = Given.required(output);
    Roots.write(target, signed);
    boolean complete = Roots.isComplete(signed, next) && Roots.isComplete(signed, before);
    return TrustRoot.shown(
        complete
            ? "wrote %s: devices take it with 'release attach --root-update'".formatted(target)
            : "wrote %s: not signed by all yet, 'trust root sign --after %s' adds signatures"
                .formatted(target, file),
        signed,
        Optional.of(before),
        options.names());
  }

  /// Roots follow one another without a gap (T30).
  static void requireNext(Path file, Root next, Root before) {
    if (next.version() != before.version() + 1 || next.epoch() < before.epoch()) {
      throw Failure.refused(
          "%s is version %d of epoch %d and cannot come after version %d of epoch %d"
              .formatted(file, next.version(), next.epoch(), before.version(), before.epoch()));
    }
  }
}
