// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.permit.CaseList.Case;
import java.util.List;

/// Bundles that are good and bundles with one thing wrong, each with what a device must say and
/// what it must have learnt.
final class PermitCases {
  private PermitCases() {}

  static List<Case> of(World world) {
    CaseList cases = new CaseList(world);
    FormCases.add(cases);
    SignatureCases.add(cases);
    ReleaseCases.add(cases);
    ApprovalCases.add(cases);
    NewsCases.add(cases);
    RootCases.add(cases);
    DelegationCases.add(cases);
    everything(cases);
    return cases.cases();
  }

  /// T65: one of every part, and each of them left out in turn.
  private static void everything(CaseList cases) {
    Everything everything = Everything.of(cases.world);
    cases
        .brought("one-of-every-part", everything.bundle())
        .to(everything.facts())
        .knowing(everything.state())
        .learns(_ -> everything.after())
        .installs();
    everything
        .stripped(cases.world)
        .forEach(
            (part, stripped) ->
                cases
                    .brought("one-of-every-part-but-the-" + part, stripped.bundle())
                    .to(everything.facts())
                    .knowing(everything.state())
                    .learns(_ -> stripped.after())
                    .refuses(stripped.missed()));
  }
}
