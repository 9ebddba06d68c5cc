// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The rows of the threat model that can be run, in its order. What each does stands with those of
/// its kind: [ContentAttacks], [TrustAttacks], [FreshnessAttacks], [LinkAttacks], [SharingAttacks].
public final class Attacks {
  public static final List<Attack> ALL =
      Stream.of(
              ContentAttacks.ALL,
              TrustAttacks.ALL,
              FreshnessAttacks.ALL,
              LinkAttacks.ALL,
              SharingAttacks.ALL)
          .flatMap(List::stream)
          .sorted(Comparator.comparing(Attack::id))
          .toList();

  /// What is still missing of the rows that need only devices and their peers.
  public static final List<NotYet> NOT_YET =
      List.of(
          new NotYet("T14", "no release is a delta yet, so none has a precursor (R24)"),
          new NotYet(
              "T42", "needs a radio whose pairing can be attacked; the permit does not rely on it"),
          new NotYet(
              "T43", "needs a radio whose pairing can be attacked; the permit does not rely on it"),
          new NotYet("T54", "an agent and serial recovery cannot be built into one device"));

  /// Refusals that no row can provoke yet, and why.
  public static final List<NotYet> REFUSALS_NOT_YET =
      List.of(
          new NotYet("R24", "no release is a delta yet"),
          new NotYet("R27", "nothing is fetched from a URI yet"));

  private Attacks() {}

  /// The rows with this name: one by its id, such as T01a, or all of a threat, such as T01. Nothing
  /// for a name that is none.
  public static List<Attack> named(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    return ALL.stream()
        .filter(
            attack ->
                attack.threat().equals(wanted)
                    || attack.id().toUpperCase(Locale.ROOT).equals(wanted))
        .toList();
  }
}
