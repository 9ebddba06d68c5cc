// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Verdict.Refuse;
import dev.sealift.suit.AuthenticEnvelope;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.SuitRefusal;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The verdict over a bundle as one function of what is known. Cheap checks come first, nothing of
/// the manifest is parsed before enough of the right keys stand for it, and the first refusal
/// ends it. Each step names its refusal and the threats it stops.
public final class PermitCheck {
  private final DeviceFacts facts;
  private final TrustState state;
  private final Root root;
  private final Checks checks;
  private final Quorum quorum;

  private PermitCheck(DeviceFacts facts, TrustState state, Root root, Checks checks) {
    this.facts = facts;
    this.state = state;
    this.root = root;
    this.checks = checks;
    this.quorum = new Quorum(root, checks);
  }

  public static Verdict decide(
      Bytes bundle, DeviceFacts facts, TrustState state, Root root, Checks checks) {
    return new PermitCheck(facts, state, root, checks).decide(bundle);
  }

  /// The steps that cost no signature. A device asks its budget of verifications (R25, T50) only
  /// after they have found nothing.
  public static Optional<Refuse> misfit(
      Bytes bundle, DeviceFacts facts, TrustState state, Root root, Checks checks) {
    return switch (new PermitCheck(facts, state, root, checks).open(bundle)) {
      case Opened.Good _ -> Optional.empty();
      case Opened.Refused(var refuse) -> Optional.of(refuse);
    };
  }

  private sealed interface Opened {
    record Good(SuitEnvelope envelope) implements Opened {}

    record Refused(Refuse refuse) implements Opened {}
  }

  private Verdict decide(Bytes bytes) {
    return switch (open(bytes)) {
      case Opened.Refused(var refuse) -> refuse;
      case Opened.Good(var envelope) -> decide(bytes, envelope);
    };
  }

  private Opened open(Bytes bytes) {
    // R7: a root from before the epoch this device has seen would bring back what was revoked
    // (T30).
    if (checks.make(Check.ROOT_EPOCH) && root.epoch() < state.epoch()) {
      return refused(
          Refusal.R7, "root of epoch %d, known is %d".formatted(root.epoch(), state.epoch()));
    }
    // R1: no more bytes than were announced, and only in their one encoding (T23, T53).
    if (bytes.size() > facts.bundleBytesMax()) {
      return refused(
          Refusal.R1,
          "%d bytes, at most %d are taken".formatted(bytes.size(), facts.bundleBytesMax()));
    }
    return switch (Bundle.judge(bytes)) {
      case Bundle.Judgement.Refused(var refusal, var detail) -> refused(refusal, detail);
      case Bundle.Judgement.Good(var bundle) -> open(bundle);
    };
  }

  private Opened open(Bundle bundle) {
    // R2: a part that is not judged must not be passed over: it may be what forbids (T65).
    if (!bundle.certificates().isEmpty()) {
      return refused(Refusal.R2, "certificates");
    }
    if (!bundle.endorsements().isEmpty()) {
      return refused(Refusal.R2, "endorsements");
    }
    if (bundle.beacon().isPresent()) {
      return refused(Refusal.R2, "a beacon");
    }
    if (!bundle.rootUpdates().isEmpty()) {
      return refused(Refusal.R2, "root updates");
    }
    // R9, R12: nobody has signed the hint, so it may only turn away, before it costs anything
    // (T50).
    Optional<Refuse> hint = bundle.hint().flatMap(this::hint);
    if (hint.isPresent()) {
      return new Opened.Refused(hint.get());
    }
    return switch (SuitEnvelope.decode(bundle.envelope())) {
      case SuitOutcome.Refused<SuitEnvelope>(var refusal) -> new Opened.Refused(refuse(refusal));
      case SuitOutcome.Accepted<SuitEnvelope>(var envelope) ->
          // R2: what travels beside the manifest is part of no release (T22).
          envelope.integrated().isEmpty() && envelope.severed().isEmpty()
              ? new Opened.Good(envelope)
              : refused(Refusal.R2, "the envelope carries more than the manifest");
    };
  }

  private Optional<Refuse> hint(Bundle.Hint hint) {
    if (checks.make(Check.CLASS) && !hint.classTag().equals(facts.deviceClass().tag())) {
      return Optional.of(
          new Refuse(
              Refusal.R9,
              "hint of class %s, this is %s"
                  .formatted(hint.classTag().toHex(), facts.deviceClass().tag().toHex())));
    }
    return checks.make(Check.SEQUENCE) ? tooLow(hint.sequence()) : Optional.empty();
  }

  private Verdict decide(Bytes bundle, SuitEnvelope envelope) {
    SuitDigest digest;
    switch (envelope.digest()) {
      case SuitOutcome.Refused<SuitDigest>(var refusal) -> {
        return refuse(refusal);
      }
      case SuitOutcome.Accepted<SuitDigest>(var stated) -> digest = stated;
    }
    // R2: one algorithm names all manifests, or one manifest could go by two names.
    if (digest.algorithm() != SuitDigest.Algorithm.SHA_256) {
      return new Refuse(Refusal.R2, "manifest digest by " + digest.algorithm());
    }
    // R3: the digest holds and known keys have signed it (T01, T27, T40, T67).
    // R4: so many, of such roles, each key once (T07, T30, T65).
    List<CoseKey> signers;
    if (checks.make(Check.SIGNATURE)) {
      switch (envelope.authenticate(quorum, AlgorithmNames.CURRENT)) {
        case SuitOutcome.Refused<AuthenticEnvelope>(var refusal) -> {
          return refuse(refusal);
        }
        case SuitOutcome.Accepted<AuthenticEnvelope>(var authentic) ->
            signers = authentic.signers();
      }
    } else {
      signers = List.of();
    }
    // R1, R2: only now is the manifest parsed (T53), and it has the one form there is (T08).
    return switch (envelope.inspect()) {
      case SuitOutcome.Refused<SuitManifest>(var refusal) -> refuse(refusal);
      case SuitOutcome.Accepted<SuitManifest>(var manifest) ->
          switch (ManifestProfile.match(manifest)) {
            case ManifestProfile.Match.Differs(var refusal, var detail) ->
                new Refuse(refusal, detail);
            case ManifestProfile.Match.Fits(var release) ->
                decide(
                    new AcceptedPermit(
                        release, digest, bundle, signers.stream().map(CoseKey::id).toList()),
                    signers);
          };
    };
  }

  private Verdict decide(AcceptedPermit permit, List<CoseKey> signers) {
    Release release = permit.release();
    List<Rule> rules =
        List.of(
            // T10: other hardware.
            new Rule(Check.VENDOR, () -> vendor(release)),
            new Rule(Check.CLASS, () -> deviceClass(release)),
            // T08, T31: a key speaks only for what the root gave it.
            new Rule(Check.SCOPE, () -> scope(release, signers)),
            // T19: a number so high that nothing could ever follow.
            new Rule(Check.SEQUENCE_RANGE, () -> range(release, signers)),
            // T16, T36, T39: rollback.
            new Rule(Check.SEQUENCE, () -> sequence(permit)),
            // T20: two releases with one number.
            new Rule(Check.EQUIVOCATION, () -> equivocation(permit)),
            // T16, T69: the bootloader would refuse it after all the work.
            new Rule(Check.SECURITY_COUNTER, () -> securityCounter(release)),
            // T13, T64: another place; T05, T23: more than the place holds.
            new Rule(Check.COMPONENT, () -> component(release)),
            new Rule(Check.SIZE, () -> size(release)));
    for (Rule rule : rules) {
      if (checks.make(rule.check())) {
        Optional<Refuse> refuse = rule.judge().get();
        if (refuse.isPresent()) {
          return refuse.get();
        }
      }
    }
    return new Verdict.Install(permit);
  }

  private record Rule(Check check, Supplier<Optional<Refuse>> judge) {}

  private Optional<Refuse> vendor(Release release) {
    return unless(
        release.vendor().equals(facts.vendor()),
        Refusal.R8,
        "for vendor %s, this is %s".formatted(release.vendor(), facts.vendor()));
  }

  private Optional<Refuse> deviceClass(Release release) {
    return unless(
        release.deviceClass().equals(facts.deviceClass()),
        Refusal.R9,
        "for class %s, this is %s".formatted(release.deviceClass(), facts.deviceClass()));
  }

  /// One clause of the policy is enough, if all its roles may speak for this release.
  private Optional<Refuse> scope(Release release, List<CoseKey> signers) {
    return unless(
        speaks(signers, scope -> covers(scope, release)),
        Refusal.R5,
        "none of the signing roles covers this vendor, class and component");
  }

  private Optional<Refuse> range(Release release, List<CoseKey> signers) {
    SequenceNumber sequence = release.sequence();
    if (sequence.epoch() > root.epoch()) {
      return Optional.of(
          new Refuse(
              Refusal.R14, "sequence %s, the epoch is %d".formatted(sequence, root.epoch())));
    }
    return unless(
        speaks(
            signers, scope -> scope.sequences().map(range -> range.holds(sequence)).orElse(true)),
        Refusal.R14,
        "sequence %s is beyond what the signing roles may give".formatted(sequence));
  }

  private boolean speaks(List<CoseKey> signers, java.util.function.Predicate<Scope> test) {
    List<Set<Role>> clauses = quorum.metClauses(signers);
    // Without a clause that is met there is nobody whose scope could be asked: that refusal was
    // R3's or R4's to make.
    return clauses.isEmpty()
        || clauses.stream()
            .anyMatch(
                clause ->
                    clause.stream()
                        .allMatch(
                            role ->
                                root.grant(role)
                                    .flatMap(Root.Grant::scope)
                                    .map(test::test)
                                    .orElse(true)));
  }

  private static boolean covers(Scope scope, Release release) {
    Bytes slot = Bytes.ofInts(release.component());
    return (scope.vendors().isEmpty() || scope.vendors().contains(release.vendor()))
        && (scope.classes().isEmpty() || scope.classes().contains(release.deviceClass()))
        && (scope.componentPrefixes().isEmpty()
            || scope.componentPrefixes().stream()
                .anyMatch(prefix -> prefix.path().equals(List.of(slot))))
        // A bare signature names no deployment, and the profile fetches from nowhere but the file.
        && scope.deployments().isEmpty()
        && scope.uriPrefixes().isEmpty();
  }

  private Optional<Refuse> sequence(AcceptedPermit permit) {
    SequenceNumber sequence = permit.release().sequence();
    if (sequence.epoch() < root.epoch()) {
      return Optional.of(
          new Refuse(
              Refusal.R12, "sequence %s, the epoch is %d".formatted(sequence, root.epoch())));
    }
    Optional<Refuse> tooLow = tooLow(sequence);
    if (tooLow.isPresent()) {
      return tooLow;
    }
    // What is known is a floor for others; the known release itself may be tried again.
    return state
        .known()
        .filter(known -> sequence.compareTo(known.sequence()) < 0)
        .map(
            known ->
                new Refuse(
                    Refusal.R12, "sequence %s, known is %s".formatted(sequence, known.sequence())));
  }

  private Optional<Refuse> tooLow(SequenceNumber sequence) {
    Optional<SequenceNumber> floor =
        state
            .installed()
            .map(ReleaseMark::sequence)
            .map(installed -> facts.runningSequence().map(installed::max).orElse(installed))
            .or(facts::runningSequence);
    return floor
        .filter(lowest -> sequence.compareTo(lowest) < 0)
        .map(
            lowest ->
                new Refuse(
                    Refusal.R12, "sequence %s, installed is %s".formatted(sequence, lowest)));
  }

  private Optional<Refuse> equivocation(AcceptedPermit permit) {
    for (Optional<ReleaseMark> mark : List.of(state.known(), state.installed())) {
      if (mark.isPresent()
          && mark.get().sequence().equals(permit.release().sequence())
          && !mark.get().manifest().equals(permit.manifestDigest())) {
        return Optional.of(
            new Refuse(
                Refusal.R13,
                "sequence %s belongs to manifest %s, this is %s"
                    .formatted(
                        permit.release().sequence(),
                        mark.get().manifest().value().toHex(),
                        permit.manifestDigest().value().toHex())));
      }
    }
    return Optional.empty();
  }

  private Optional<Refuse> securityCounter(Release release) {
    return unless(
        release.securityCounter() >= facts.securityCounter(),
        Refusal.R15,
        "counter %d, the device is at %d"
            .formatted(release.securityCounter(), facts.securityCounter()));
  }

  private Optional<Refuse> component(Release release) {
    return unless(
        facts.slotBytes(release.component()).isPresent(),
        Refusal.R23,
        "component %d, this device takes %s"
            .formatted(release.component(), facts.slotBytes().keySet()));
  }

  private Optional<Refuse> size(Release release) {
    return facts
        .slotBytes(release.component())
        .filter(slot -> release.size() > slot)
        .map(
            slot ->
                new Refuse(
                    Refusal.R19,
                    "an image of %d bytes, the slot holds %d".formatted(release.size(), slot)));
  }

  private static Optional<Refuse> unless(boolean good, Refusal refusal, String detail) {
    return good ? Optional.empty() : Optional.of(new Refuse(refusal, detail));
  }

  private static Opened refused(Refusal refusal, String detail) {
    return new Opened.Refused(new Refuse(refusal, detail));
  }

  private static Refuse refuse(SuitRefusal refusal) {
    return new Refuse(
        switch (refusal.reason()) {
          case MALFORMED -> Refusal.R1;
          case UNSUPPORTED -> Refusal.R2;
          case UNAUTHENTIC -> Refusal.R3;
          case SIGNERS_MISSING -> Refusal.R4;
          case COMPONENT -> Refusal.R23;
        },
        refusal.detail());
  }
}
