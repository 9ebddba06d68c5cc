// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/// Roots of trust.
@Command(
    name = "root",
    description = "Make, sign, change and show the root of trust that is put into devices.",
    subcommands = {
      TrustRootMake.class,
      TrustRootSign.class,
      TrustRootRotate.class,
      TrustRootShow.class
    })
final class TrustRoot extends Noun {
  /// What a root says and who has signed it, behind a headline.
  static Outcome shown(
      String headline, Signed<Root> root, Optional<Root> before, Map<KeyId, String> names) {
    List<String> lines = new ArrayList<>();
    lines.add(headline);
    Roots.lines(root.content(), names).forEach(line -> lines.add("  " + line));
    if (Roots.isSigned(root) || before.isPresent()) {
      Roots.signatureLines(root, before).forEach(line -> lines.add("  " + line));
    }
    return Outcome.done(lines, Roots.json(root, before));
  }
}
