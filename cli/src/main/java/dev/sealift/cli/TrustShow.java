// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.ApprovalPlan;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.Root;
import dev.sealift.permit.Session;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says what a file of trust says, whichever kind it is.
@Command(
    name = "show",
    description = "Show a root, certificate, beacon, session permit or approval plan.",
    footer = {"", "Example: sealift trust show beacon.cbor"})
final class TrustShow extends Verb {
  /// The kinds know each other apart by what stands in their first fields.
  private static final List<Kind> KINDS =
      List.of(
          bytes ->
              TrustRoot.shown(
                  "root of trust", Signed.decode(bytes, Root::decode), Optional.empty(), Map.of()),
          bytes ->
              TrustRoot.shown(
                  "root of trust, not signed",
                  Signed.unsigned(Root.decode(bytes)),
                  Optional.empty(),
                  Map.of()),
          bytes -> certificate(Signed.decode(bytes, Certificate::decode)),
          bytes -> beacon(Signed.decode(bytes, Beacon::decode)),
          bytes -> session(bytes),
          bytes -> plan(ApprovalPlan.decode(bytes)));

  @FunctionalInterface
  private interface Kind {
    Outcome show(Bytes bytes) throws MalformedException;
  }

  @Parameters(paramLabel = "FILE", description = "a file of 'sealift trust' or an approval plan")
  private @Nullable Path file;

  TrustShow(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    Bytes content = Files.read(source);
    for (Kind kind : KINDS) {
      try {
        return kind.show(content);
      } catch (MalformedException _) {
        // It may be another kind.
      }
    }
    throw Failure.refused(
            source + " is no root, certificate, beacon, session permit or approval plan")
        .hint("'sealift release show' shows releases, 'sealift key show' keys");
  }

  private static Outcome certificate(Signed<Certificate> signed) {
    return Outcome.done(TrustWords.lines(signed), TrustWords.json(signed));
  }

  private static Outcome beacon(Signed<Beacon> signed) {
    return Outcome.done(TrustWords.beaconLines(signed), TrustWords.beaconJson(signed));
  }

  private static Outcome session(Bytes bytes) throws MalformedException {
    CborMap message = CborFields.expect(Cbor.strict(bytes), CborMap.class, "session message");
    Signed<Session> signed =
        Signed.decode(CborFields.of(message, "session message").bytes(1), Session::decode);
    return Outcome.done(TrustWords.sessionLines(signed), TrustWords.sessionJson(signed));
  }

  private static Outcome plan(ApprovalPlan plan) {
    return Outcome.done(
        ReleaseApprove.planLines(plan, Optional.empty(), List.of(), 0),
        TrustWords.planJson(plan, Optional.empty(), List.of()));
  }
}
