// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.ApprovalPlan;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Root;
import dev.sealift.permit.Session;
import dev.sealift.permit.Signed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Signed things of ours in lines for people, and the same for machines. Who has signed is what the
/// signatures say; whether they hold is for whoever knows the keys.
final class TrustWords {
  private TrustWords() {}

  static List<String> lines(Signed<Certificate> signed) {
    Certificate certificate = signed.content();
    List<String> lines = new ArrayList<>();
    lines.add("certificate %d for key %s".formatted(certificate.serial(), certificate.key().id()));
    lines.add("role      " + certificate.role());
    lines.add("for       " + Scopes.words(certificate.scope()));
    lines.add("until     beacon " + certificate.lastBeacon());
    lines.addAll(signers(signed));
    return lines;
  }

  static CborMap json(Signed<Certificate> signed) {
    Certificate certificate = signed.content();
    return CborMap.builder()
        .put("kind", "certificate")
        .put("role", certificate.role().toString())
        .put("key", certificate.key().id().toString())
        .put("scope", Scopes.words(certificate.scope()))
        .put("last_beacon", certificate.lastBeacon())
        .put("serial", certificate.serial())
        .put("signers", signersJson(signed))
        .build();
  }

  static List<String> beaconLines(Signed<Beacon> signed) {
    Beacon beacon = signed.content();
    List<String> lines = new ArrayList<>();
    lines.add("beacon %d of %s".formatted(beacon.number(), ReleaseSummary.time(beacon.time())));
    lines.add(
        "news      for %s, until %s"
            .formatted(
                Times.words(Duration.ofSeconds(beacon.lifetime())),
                ReleaseSummary.time(beacon.end())));
    beacon.nonce().ifPresent(nonce -> lines.add("answers   nonce " + nonce.toHex()));
    beacon
        .classes()
        .forEach(
            (tag, standing) ->
                lines.add(
                    "class     %s: floor %s, latest %s (manifest %s…)"
                        .formatted(
                            tag.toHex(),
                            standing.floor(),
                            standing.latest(),
                            standing.digestPrefix().toHex())));
    beacon.denied().forEach(id -> lines.add("denied    key " + id));
    lines.add("root      version %d is in force".formatted(beacon.rootVersion()));
    lines.addAll(signers(signed));
    return lines;
  }

  static CborMap beaconJson(Signed<Beacon> signed) {
    Beacon beacon = signed.content();
    CborMap.Builder classes = CborMap.builder();
    beacon
        .classes()
        .forEach(
            (tag, standing) ->
                classes.put(
                    tag.toHex(),
                    CborMap.builder()
                        .put("floor", standing.floor().toString())
                        .put("latest", standing.latest().toString())
                        .put("digest_prefix", standing.digestPrefix().toHex())
                        .build()));
    CborMap.Builder map =
        CborMap.builder()
            .put("kind", "beacon")
            .put("number", beacon.number())
            .put("time", beacon.time())
            .put("lifetime", beacon.lifetime())
            .put("classes", classes.build())
            .put("root", beacon.rootVersion())
            .put("denied", texts(beacon.denied()));
    beacon.nonce().ifPresent(nonce -> map.put("nonce", nonce.toHex()));
    return map.put("signers", signersJson(signed)).build();
  }

  static List<String> sessionLines(Signed<Session> signed) {
    Session session = signed.content();
    List<String> lines = new ArrayList<>();
    lines.add("session permit for device " + session.device());
    lines.add("actions   " + actions(session));
    lines.add("for       " + Times.words(Duration.ofSeconds(session.seconds())));
    lines.add("nonce     " + session.nonce().toHex());
    session
        .manifest()
        .ifPresent(digest -> lines.add("release   manifest " + digest.value().toHex()));
    lines.addAll(signers(signed));
    return lines;
  }

  static CborMap sessionJson(Signed<Session> signed) {
    Session session = signed.content();
    CborMap.Builder map =
        CborMap.builder()
            .put("kind", "session")
            .put("device", session.device().toString())
            .put("nonce", session.nonce().toHex())
            .put("actions", texts(session.actions().stream().sorted().toList()))
            .put("seconds", session.seconds());
    session.manifest().ifPresent(digest -> map.put("manifest", digest.value().toHex()));
    return map.put("signers", signersJson(signed)).build();
  }

  private static String actions(Session session) {
    return String.join(
        ", ",
        session.actions().stream()
            .sorted()
            .map(action -> action.toString().toLowerCase(Locale.ROOT))
            .toList());
  }

  static List<String> planLines(ApprovalPlan plan) {
    Endorsement first = plan.stages().getFirst().content();
    List<String> lines = new ArrayList<>();
    lines.add("approval plan of %d stage%s".formatted(plan.stages().size(), s(plan)));
    lines.add("release   manifest " + shortHex(first.manifest().value()));
    lines.add("for       deployment " + first.deployment());
    lines.add("from      " + first.notBefore().map(ReleaseSummary::time).orElse("now on"));
    lines.add("until     " + first.notAfter().map(ReleaseSummary::time).orElse("no end"));
    lines.add("may run   " + first.activation());
    return lines;
  }

  private static String s(ApprovalPlan plan) {
    return plan.stages().size() == 1 ? "" : "s";
  }

  static CborMap planJson(
      ApprovalPlan plan, Optional<Root> root, List<Signed<Certificate>> certificates) {
    List<CborItem> stages = new ArrayList<>();
    for (Signed<Endorsement> stage : plan.stages()) {
      stages.add(stageJson(stage, root, certificates));
    }
    Endorsement first = plan.stages().getFirst().content();
    return CborMap.builder()
        .put("kind", "plan")
        .put("manifest_digest", first.manifest().value().toHex())
        .put("deployment", first.deployment().toString())
        .put("stages", new CborList(stages))
        .build();
  }

  private static CborMap stageJson(
      Signed<Endorsement> stage, Optional<Root> root, List<Signed<Certificate>> certificates) {
    Endorsement said = stage.content();
    CborMap.Builder map =
        CborMap.builder()
            .put("targets", said.targets().toString())
            .put("serial", said.serial())
            .put("activation", said.activation().toString());
    said.notBefore().ifPresent(time -> map.put("not_before", time));
    said.notAfter().ifPresent(time -> map.put("not_after", time));
    root.ifPresent(
        known ->
            map.put("approvers", ReleaseApprove.approvers(stage, known, certificates))
                .put("approvers_wanted", ReleaseApprove.threshold(said, known)));
    return map.put("signers", signersJson(stage)).build();
  }

  static String shortHex(Bytes digest) {
    return digest.size() > 16 ? digest.first(16).toHex() + "…" : digest.toHex();
  }

  private static List<String> signers(Signed<?> signed) {
    if (signed.keyIds().isEmpty()) {
      return List.of("signed    by nobody");
    }
    return signed.keyIds().stream().map(id -> "signed    by key " + id).toList();
  }

  private static CborList signersJson(Signed<?> signed) {
    return texts(signed.keyIds());
  }

  private static CborList texts(List<?> values) {
    return new CborList(
        values.stream().<CborItem>map(value -> new CborText(value.toString())).toList());
  }
}
