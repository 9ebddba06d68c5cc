// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.TrustState.Staged.Purpose;
import dev.sealift.permit.Verdict.Refuse;
import dev.sealift.suit.AuthenticEnvelope;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.SuitRefusal;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseSign1;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The verdict over a bundle as one function of what is known. Cheap checks come first, nothing of
/// the manifest is parsed before enough of the right keys stand for it, and the first refusal ends
/// it. Each step names its refusal and the threats it stops.
///
/// What the bundle says of roots and news is taken in before the release is looked at: it is true
/// or not whatever the release is worth, and it may be what revokes the release's own signers.
public final class PermitCheck {
  /// Certificates, endorsements and root updates in one bundle: more than this is no honest one.
  static final int PARTS_MAX = 8;

  /// Why a bundle is judged.
  private enum Occasion {
    /// Somebody has brought it.
    BROUGHT,
    /// It was accepted before, and is read again from the device's own storage (T04): its age was
    /// judged when it came.
    REMEMBERED
  }

  private final DeviceFacts facts;
  private final Checks checks;
  private final Occasion occasion;

  // What the bundle teaches on the way.
  private TrustState state;
  private Clock clock;
  private Optional<Bytes> answered = Optional.empty();
  private int verifications;

  private PermitCheck(DeviceFacts facts, TrustState state, Checks checks, Occasion occasion) {
    this.facts = facts;
    this.checks = checks;
    this.occasion = occasion;
    this.state = state;
    this.clock = facts.clock().notBefore(state.timeFloor());
  }

  /// What this device makes of a bundle that was brought to it.
  public static Decision decide(Bytes bundle, DeviceFacts facts, TrustState state, Checks checks) {
    return new PermitCheck(facts, state, checks, Occasion.BROUGHT).decide(bundle);
  }

  /// What it makes of one that it has accepted before and kept.
  public static Decision decideAgain(
      Bytes bundle, DeviceFacts facts, TrustState state, Checks checks) {
    return new PermitCheck(facts, state, checks, Occasion.REMEMBERED).decide(bundle);
  }

  /// The steps that cost no signature. A device asks its budget of verifications (R25, T50) only
  /// after they have found nothing.
  public static Optional<Refuse> misfit(
      Bytes bundle, DeviceFacts facts, TrustState state, Checks checks) {
    try {
      new PermitCheck(facts, state, checks, Occasion.BROUGHT).open(bundle);
      return Optional.empty();
    } catch (Refusing refusing) {
      return Optional.of(refusing.refuse());
    }
  }

  private Decision decide(Bytes bytes) {
    Verdict verdict;
    try {
      Opened opened = open(bytes);
      for (Signed<Root> update : opened.rootUpdates()) {
        learnRoot(update);
      }
      if (opened.beacon().isPresent()) {
        learnNews(opened.beacon().get(), opened);
      }
      verdict = judge(bytes, opened);
    } catch (Refusing refusing) {
      verdict = refusing.refuse();
    }
    return new Decision(verdict, state, verifications, answered);
  }

  // What costs nothing: sizes, forms, numbers, names.

  private record Opened(
      SuitEnvelope envelope,
      List<Signed<Certificate>> certificates,
      List<Signed<Endorsement>> endorsements,
      Optional<Signed<Beacon>> beacon,
      List<Signed<Root>> rootUpdates) {}

  private Opened open(Bytes bytes) throws Refusing {
    // R1: no more bytes than were announced, and only in their one encoding (T23, T53).
    if (bytes.size() > facts.limits().bundleBytes()) {
      throw new Refusing(
          Refusal.R1,
          "%d bytes, at most %d are taken".formatted(bytes.size(), facts.limits().bundleBytes()));
    }
    Bundle bundle =
        switch (Bundle.judge(bytes)) {
          case Bundle.Judgement.Refused(var refusal, var detail) ->
              throw new Refusing(refusal, detail);
          case Bundle.Judgement.Good(var good) -> good;
        };
    Opened opened =
        new Opened(
            envelope(bundle),
            each(bundle.certificates(), Certificate::decode, SignedKind.CERTIFICATE),
            each(bundle.endorsements(), Endorsement::decode, SignedKind.ENDORSEMENT),
            each(bundle.beacon().stream().toList(), Beacon::decode, SignedKind.BEACON).stream()
                .findFirst(),
            each(bundle.rootUpdates(), Root::decode, SignedKind.ROOT));
    if (opened.beacon().isPresent()) {
      notTooLong(opened.beacon().get().content(), bundle.beacon().orElse(Bytes.EMPTY).size());
    }
    rootVersions(opened.rootUpdates());
    if (bundle.hint().isPresent()) {
      hint(bundle.hint().get());
    }
    knownSigner(opened);
    return opened;
  }

  private static SuitEnvelope envelope(Bundle bundle) throws Refusing {
    return switch (SuitEnvelope.decode(bundle.envelope())) {
      case SuitOutcome.Refused<SuitEnvelope>(var refusal) -> throw new Refusing(refuse(refusal));
      case SuitOutcome.Accepted<SuitEnvelope>(var envelope) -> {
        // R2: what travels beside the manifest is part of no release (T22).
        if (!envelope.integrated().isEmpty() || !envelope.severed().isEmpty()) {
          throw new Refusing(Refusal.R2, "the envelope carries more than the manifest");
        }
        yield envelope;
      }
    };
  }

  private static <T extends SignedObject> List<Signed<T>> each(
      List<Bytes> slices, Signed.Decoder<T> decoder, SignedKind kind) throws Refusing {
    if (slices.size() > PARTS_MAX) {
      throw new Refusing(Refusal.R1, "%d objects of kind %s".formatted(slices.size(), kind));
    }
    List<Signed<T>> objects = new ArrayList<>();
    for (Bytes slice : slices) {
      try {
        objects.add(Signed.decode(slice, decoder));
      } catch (MalformedException e) {
        throw new Refusing(Refusal.R1, kind + ": " + e.getMessage());
      }
    }
    return objects;
  }

  /// R19: a device keeps the newest beacon for others, beside all else in one record of its state.
  private static void notTooLong(Beacon beacon, int bytes) throws Refusing {
    if (beacon.nonce().isEmpty() && bytes > Beacon.BYTES_MAX) {
      throw new Refusing(
          Refusal.R19,
          "a beacon of %d bytes, at most %d are kept".formatted(bytes, Beacon.BYTES_MAX));
    }
  }

  /// R7: one root after the other, none left out; those that are known already say nothing (T30).
  private void rootVersions(List<Signed<Root>> updates) throws Refusing {
    long expected = state.root().version();
    for (Signed<Root> update : updates) {
      Root next = update.content();
      if (next.version() > state.root().version()) {
        expected++;
        if (checks.make(Check.ROOT_VERSION) && next.version() != expected) {
          throw new Refusing(
              Refusal.R7, "root version %d, expected %d".formatted(next.version(), expected));
        }
      }
    }
  }

  /// R9, R12: nobody has signed the hint, so it may only turn away, before it costs anything (T50).
  private void hint(Bundle.Hint hint) throws Refusing {
    Bytes own = facts.identity().deviceClass().tag();
    if (checks.make(Check.CLASS) && !hint.classTag().equals(own)) {
      throw new Refusing(
          Refusal.R9,
          "hint of class %s, this is %s".formatted(hint.classTag().toHex(), own.toHex()));
    }
    if (checks.make(Check.SEQUENCE)) {
      notTooLow(hint.sequence());
    }
  }

  /// R3: not one name under it that could count (T50). With a new root on the way nobody can say.
  private void knownSigner(Opened opened) throws Refusing {
    if (!checks.make(Check.SIGNATURE) || !opened.rootUpdates().isEmpty()) {
      return;
    }
    for (Bytes block : opened.envelope().blocks()) {
      Optional<KeyId> id = keyId(block);
      if (id.isPresent()
          && (state.root().key(id.get()).isPresent()
              || opened.certificates().stream()
                  .anyMatch(signed -> signed.content().key().id().equals(id.get())))) {
        return;
      }
    }
    throw new Refusing(Refusal.R3, "no known key has signed");
  }

  private static Optional<KeyId> keyId(Bytes block) {
    try {
      return Signed.keyId(CoseSign1.decode(block).headers());
    } catch (MalformedException _) {
      // The envelope's own check says what is wrong with the block.
      return Optional.empty();
    }
  }

  // What is news, whatever the release is worth.

  /// R3, R4: the next root is what enough root keys of the last one and of its own say it is, each
  /// counted once (T07, T30).
  private void learnRoot(Signed<Root> update) throws Refusing {
    Root next = update.content();
    if (next.version() <= state.root().version()) {
      return;
    }
    if (checks.make(Check.ROOT_VERSION) && next.epoch() < state.root().epoch()) {
      throw new Refusing(
          Refusal.R7,
          "root of epoch %d, known is %d".formatted(next.epoch(), state.root().epoch()));
    }
    if (update.message().payload().size() > facts.limits().rootBytes()) {
      throw new Refusing(
          Refusal.R19,
          "a root of %d bytes, at most %d are kept"
              .formatted(update.message().payload().size(), facts.limits().rootBytes()));
    }
    requireRoot(update, state);
    requireRoot(update, TrustState.fresh(next));
    boolean forgets = next.epoch() > state.root().epoch();
    state = state.trusting(next);
    // A higher epoch forgets what time a thief may have said it is, wherever it was written down.
    clock = forgets ? Clock.of(state.timeFloor()) : clock.notBefore(state.timeFloor());
  }

  private void requireRoot(Signed<Root> update, TrustState by) throws Refusing {
    Keyring keyring = new Keyring(by, List.of(), checks);
    try {
      Keyring.Heard heard = keyring.heard(update);
      int threshold = by.root().grant(Role.ROOT).map(Root.Grant::threshold).orElseThrow();
      keyring.require(update, heard, Role.ROOT, threshold);
    } finally {
      verifications += keyring.verifications();
    }
  }

  private void learnNews(Signed<Beacon> signed, Opened opened) throws Refusing {
    Beacon beacon = signed.content();
    long known = state.news().map(News::number).orElse(0L);
    // T34: old news is no news. An answer to a nonce may repeat the newest number.
    if (beacon.nonce().isEmpty() ? beacon.number() <= known : beacon.number() < known) {
      return;
    }
    if (occasion == Occasion.REMEMBERED && beacon.nonce().isPresent()) {
      // Its nonce was used up when it came; what it said stands in the state.
      return;
    }
    if (beacon.nonce().isPresent() && checks.make(Check.NONCE)) {
      ownNonce(beacon.nonce().get(), facts);
    }
    Keyring keyring = new Keyring(state, opened.certificates(), checks);
    try {
      Keyring.Heard heard = keyring.heard(signed);
      int threshold = state.root().grant(Role.FRESHNESS).map(Root.Grant::threshold).orElse(1);
      keyring.require(signed, heard, Role.FRESHNESS, threshold);
      speakHere(heard, threshold);
    } finally {
      verifications += keyring.verifications();
    }
    // R7: there is a newer root; whoever left it out may have left out a revocation (T65).
    if (checks.make(Check.ROOT_VERSION) && beacon.rootVersion() > state.root().version()) {
      throw new Refusing(
          Refusal.R7,
          "root version %d is in force, known is %d"
              .formatted(beacon.rootVersion(), state.root().version()));
    }
    if (checks.make(Check.BEACON_RANGE)) {
      withinReach(beacon, known);
    }
    state =
        state
            .hearing(
                News.of(signed, facts.identity().deviceClass()), new HashSet<>(beacon.denied()))
            .orElseThrow(
                () ->
                    new Refusing(
                        Refusal.R14,
                        "more than %d keys are denied".formatted(TrustState.DENIED_MAX)));
    answered = beacon.nonce();
    clock =
        beacon.nonce().isPresent()
            ? clock.notBefore(beacon.time()).proven(beacon.time())
            : new Clock(
                Math.max(clock.floor(), beacon.time()),
                Optional.of(Math.max(beacon.time(), clock.heard().orElse(0L))),
                clock.proven());
  }

  /// R5: whose word is for other devices may neither teach this one the time nor deny it a key
  /// (T31).
  private void speakHere(Keyring.Heard heard, int threshold) throws Refusing {
    if (!checks.make(Check.SCOPE) || !checks.make(Check.SIGNATURE)) {
      return;
    }
    DeviceFacts.Identity own = facts.identity();
    List<Voice> covering =
        heard.voices().stream()
            .filter(
                voice ->
                    voice.covers(
                        scope ->
                            scope.isOfDevicesAlone()
                                && scope.coversKind(own.vendor(), own.deviceClass())
                                && scope.coversDeployment(own.deployment())))
            .toList();
    if (Voice.count(covering, Role.FRESHNESS) < (checks.make(Check.THRESHOLD) ? threshold : 1)) {
      throw new Refusing(Refusal.R5, "the beacon is not for this device");
    }
  }

  /// R17, R16: given out by this device, once, and not long ago (T35).
  static void ownNonce(Bytes nonce, DeviceFacts facts) throws Refusing {
    DeviceFacts.NonceLife life = facts.nonces().get(nonce);
    if (life == null) {
      throw new Refusing(Refusal.R17, "this nonce is not waited for");
    }
    if (life == DeviceFacts.NonceLife.OVER) {
      throw new Refusing(Refusal.R16, "the nonce was given out too long ago");
    }
  }

  /// R14: so far ahead that nothing could ever follow (T19, T33). Time only ever refuses.
  private void withinReach(Beacon beacon, long known) throws Refusing {
    Terms.Freshness freshness = state.root().terms().freshness();
    if (beacon.number() - known > freshness.numberJumpMax()) {
      throw new Refusing(
          Refusal.R14,
          "beacon %d, known is %d, it may jump by %d"
              .formatted(beacon.number(), known, freshness.numberJumpMax()));
    }
    if (beacon.time() - clock.atLeast() > freshness.timeJumpMax()) {
      throw new Refusing(
          Refusal.R14,
          "beacon of %d, it is %d or later, it may jump by %d s"
              .formatted(beacon.time(), clock.atLeast(), freshness.timeJumpMax()));
    }
  }

  // The release.

  private Verdict judge(Bytes bytes, Opened opened) throws Refusing {
    SuitEnvelope envelope = opened.envelope();
    SuitDigest digest =
        switch (envelope.digest()) {
          case SuitOutcome.Refused<SuitDigest>(var refusal) -> throw new Refusing(refuse(refusal));
          case SuitOutcome.Accepted<SuitDigest>(var stated) -> stated;
        };
    // R2: one algorithm names all manifests, or one manifest could go by two names.
    if (digest.algorithm() != SuitDigest.Algorithm.SHA_256) {
      throw new Refusing(Refusal.R2, "manifest digest by " + digest.algorithm());
    }
    Keyring keyring = new Keyring(state, opened.certificates(), checks);
    try {
      List<Voice> signers = signers(envelope, keyring);
      Release release = release(envelope);
      List<Release.Part> parts = fit(release);
      return clauses(new Candidate(bytes, opened, digest, release, parts, signers, keyring));
    } finally {
      verifications += keyring.verifications();
    }
  }

  private record Candidate(
      Bytes bytes,
      Opened opened,
      SuitDigest digest,
      Release release,
      List<Release.Part> parts,
      List<Voice> signers,
      Keyring keyring) {
    AcceptedPermit accepted(Optional<Endorsement> endorsement, Purpose purpose) {
      return new AcceptedPermit(
          release,
          parts,
          digest,
          bytes,
          signers.stream().map(voice -> voice.key().id()).toList(),
          endorsement,
          purpose);
    }
  }

  /// R3: the digest holds and known keys have signed it (T01, T27, T40, T67). R4: so many, of such
  /// roles, each key once (T07, T30, T65). R6, R28: by certificates that hold, and nobody who was
  /// revoked (T07, T31, T32).
  private List<Voice> signers(SuitEnvelope envelope, Keyring keyring) throws Refusing {
    if (!checks.make(Check.SIGNATURE)) {
      return List.of();
    }
    Map<KeyId, Voice> voices = new HashMap<>();
    List<String> revoked = new ArrayList<>();
    for (Bytes block : envelope.blocks()) {
      Optional<KeyId> id = keyId(block);
      if (id.isPresent()) {
        switch (keyring.find(id.get())) {
          case Keyring.Found.Speaks(var voice) -> voices.put(id.get(), voice);
          case Keyring.Found.Revoked(var why) -> revoked.add(why);
          case Keyring.Found.Unknown() -> {}
        }
      }
    }
    Quorum quorum = new Quorum(keyring, voices, checks);
    return switch (envelope.authenticate(quorum, AlgorithmNames.CURRENT)) {
      case SuitOutcome.Accepted<AuthenticEnvelope>(var authentic) -> quorum.of(authentic.signers());
      case SuitOutcome.Refused<AuthenticEnvelope>(var refusal) -> {
        Refuse refuse = refuse(refusal);
        boolean lacking = refusal.reason() == SuitRefusal.Reason.SIGNERS_MISSING;
        boolean nobody = refusal.reason() == SuitRefusal.Reason.UNAUTHENTIC && voices.isEmpty();
        throw new Refusing(
            !revoked.isEmpty() && (lacking || nobody)
                ? new Refuse(Refusal.R28, revoked.getFirst())
                : refuse);
      }
    };
  }

  /// R1, R2: only now is the manifest parsed (T53), and it has the one form there is (T08).
  private static Release release(SuitEnvelope envelope) throws Refusing {
    return switch (envelope.inspect()) {
      case SuitOutcome.Refused<SuitManifest>(var refusal) -> throw new Refusing(refuse(refusal));
      case SuitOutcome.Accepted<SuitManifest>(var manifest) ->
          switch (ManifestProfile.match(manifest)) {
            case ManifestProfile.Match.Differs(var refusal, var detail) ->
                throw new Refusing(refusal, detail);
            case ManifestProfile.Match.Fits(var release) -> release;
          };
    };
  }

  /// Whether the release is one for this kind of device; which of its parts.
  private List<Release.Part> fit(Release release) throws Refusing {
    DeviceFacts.Identity own = facts.identity();
    // R8, R9: other hardware (T10).
    if (checks.make(Check.VENDOR) && !release.vendor().equals(own.vendor())) {
      throw new Refusing(
          Refusal.R8, "for vendor %s, this is %s".formatted(release.vendor(), own.vendor()));
    }
    if (checks.make(Check.CLASS) && !release.deviceClass().equals(own.deviceClass())) {
      throw new Refusing(
          Refusal.R9,
          "for class %s, this is %s".formatted(release.deviceClass(), own.deviceClass()));
    }
    // R23: another place, or a variant for the slot that runs (T13, T64).
    List<Release.Part> parts = new ArrayList<>();
    Set<Integer> images = new HashSet<>();
    for (Release.Part part : release.parts()) {
      images.add(part.place().image());
      if (facts.places().containsKey(part.place()) || !checks.make(Check.COMPONENT)) {
        parts.add(part);
      }
    }
    for (int image : images) {
      if (parts.stream().noneMatch(part -> part.place().image() == image)) {
        throw new Refusing(
            Refusal.R23,
            "for %s, this device takes %s"
                .formatted(
                    release.parts().stream()
                        .map(Release.Part::place)
                        .filter(place -> place.image() == image)
                        .toList(),
                    facts.places().keySet()));
      }
    }
    return parts;
  }

  /// One clause of the policy is enough; the first that says yes wins, and the first that does not
  /// says why where none does.
  private Verdict clauses(Candidate candidate) throws Refusing {
    order(candidate);
    List<Set<Role>> met = Quorum.clauses(state.root(), candidate.signers());
    // Without the check of signatures or thresholds there may be none: then all count as met.
    List<Set<Role>> clauses = met.isEmpty() ? state.root().policy() : met;
    Optional<Refusing> first = Optional.empty();
    Optional<Verdict> carry = Optional.empty();
    for (Set<Role> clause : clauses) {
      try {
        Verdict verdict = clause(clause, candidate);
        if (verdict instanceof Verdict.Install) {
          return verdict;
        }
        carry = carry.or(() -> Optional.of(verdict));
      } catch (Refusing refusing) {
        first = first.or(() -> Optional.of(refusing));
      }
    }
    if (carry.isPresent()) {
      return carry.get();
    }
    throw first.orElseThrow();
  }

  private Verdict clause(Set<Role> clause, Candidate candidate) throws Refusing {
    scope(clause, candidate);
    Approval approval = Approval.NOT_ASKED;
    if (clause.contains(Role.APPROVE)) {
      approval = approval(candidate);
    }
    // A recovery by the root alone must work on a device that nothing fresh reaches any more.
    if (!clause.equals(EnumSet.of(Role.ROOT))) {
      news(candidate);
    }
    room(candidate);
    Optional<Endorsement> word = approval.endorsement();
    return approval.passedOver().isEmpty()
        ? new Verdict.Install(candidate.accepted(word, Purpose.INSTALL))
        : new Verdict.Carry(candidate.accepted(word, Purpose.CARRY), approval.passedOver().get());
  }

  /// R5, R14: a key speaks only for what the root gave it (T08, T19, T31).
  private void scope(Set<Role> clause, Candidate candidate) throws Refusing {
    for (Role role : clause) {
      if (!role.signsManifests() || candidate.signers().isEmpty()) {
        continue;
      }
      Release release = candidate.release();
      // A bare signature names no deployment.
      Predicate<Scope> content =
          scope ->
              !checks.make(Check.SCOPE)
                  || (scope.coversContent(release) && scope.deployments().isEmpty());
      if (checks.make(Check.SCOPE) && !speaks(role, candidate, content)) {
        throw new Refusing(
            Refusal.R5, "the keys of %s do not cover this vendor, class and place".formatted(role));
      }
      // The same keys for both: two halves of a scope make no whole.
      if (checks.make(Check.SEQUENCE_RANGE)
          && !speaks(
              role, candidate, content.and(scope -> scope.coversSequence(release.sequence())))) {
        throw new Refusing(
            Refusal.R14,
            "sequence %s is beyond what the keys of %s may give"
                .formatted(release.sequence(), role));
      }
    }
  }

  private boolean speaks(Role role, Candidate candidate, Predicate<Scope> matter) {
    List<Voice> covering =
        candidate.signers().stream().filter(voice -> voice.covers(matter)).toList();
    return state
        .root()
        .grant(role)
        .filter(
            grant ->
                Voice.count(covering, role)
                    >= (checks.make(Check.THRESHOLD) ? grant.threshold() : 1))
        .isPresent();
  }

  /// Where the release stands among all others.
  private void order(Candidate candidate) throws Refusing {
    SequenceNumber sequence = candidate.release().sequence();
    long epoch = state.root().epoch();
    // R14: a number so high that nothing could ever follow (T19).
    if (checks.make(Check.SEQUENCE_RANGE) && sequence.epoch() > epoch) {
      throw new Refusing(Refusal.R14, "sequence %s, the epoch is %d".formatted(sequence, epoch));
    }
    // R12: rollback (T16, T36, T39).
    if (checks.make(Check.SEQUENCE)) {
      if (sequence.epoch() < epoch) {
        throw new Refusing(Refusal.R12, "sequence %s, the epoch is %d".formatted(sequence, epoch));
      }
      notTooLow(sequence);
      // What is known is a floor for others; the known release itself may be tried again. What is
      // installed may lie below it: something newer was accepted and given up.
      if (occasion == Occasion.BROUGHT
          && state.known().filter(known -> sequence.compareTo(known.sequence()) < 0).isPresent()) {
        throw new Refusing(
            Refusal.R12,
            "sequence %s, known is %s".formatted(sequence, state.known().get().sequence()));
      }
    }
    // R13: two releases with one number (T20).
    if (checks.make(Check.EQUIVOCATION)) {
      unique(candidate);
    }
    // R12: it was started often enough (T37).
    int tries =
        state
            .tries()
            .filter(tried -> tried.manifest().equals(candidate.digest()))
            .map(TrustState.Tries::count)
            .orElse(0);
    if (checks.make(Check.TRIES)
        && occasion == Occasion.BROUGHT
        && tries >= state.root().terms().tries()) {
      throw new Refusing(
          Refusal.R12, "it was started %d times and never confirmed".formatted(tries));
    }
  }

  private void notTooLow(SequenceNumber sequence) throws Refusing {
    Optional<SequenceNumber> floor =
        state
            .installed()
            .map(ReleaseMark::sequence)
            .map(installed -> facts.runningSequence().map(installed::max).orElse(installed))
            .or(facts::runningSequence);
    if (floor.filter(lowest -> sequence.compareTo(lowest) < 0).isPresent()) {
      throw new Refusing(
          Refusal.R12, "sequence %s, installed is %s".formatted(sequence, floor.get()));
    }
  }

  private void unique(Candidate candidate) throws Refusing {
    SequenceNumber sequence = candidate.release().sequence();
    Bytes digest = candidate.digest().value();
    for (Optional<ReleaseMark> mark : List.of(state.known(), state.installed())) {
      if (mark.isPresent()
          && mark.get().sequence().equals(sequence)
          && !mark.get().manifest().equals(candidate.digest())) {
        throw new Refusing(
            Refusal.R13,
            "sequence %s belongs to manifest %s, this is %s"
                .formatted(sequence, mark.get().manifest().value().toHex(), digest.toHex()));
      }
    }
    Optional<Beacon.Standing> standing = state.news().flatMap(News::standing);
    if (standing.isPresent()
        && standing.get().latest().equals(sequence)
        && !digest.startsWith(standing.get().digestPrefix())) {
      throw new Refusing(
          Refusal.R13,
          "sequence %s belongs to manifest %s…, this is %s"
              .formatted(sequence, standing.get().digestPrefix().toHex(), digest.toHex()));
    }
  }

  /// What came of asking the operators: the word that was followed, and why it is for others where
  /// it is.
  private record Approval(Optional<Endorsement> endorsement, Optional<String> passedOver) {
    static final Approval NOT_ASKED = new Approval(Optional.empty(), Optional.empty());
  }

  /// The policy wants an operator's word for this device. Of several the first good one counts; if
  /// none is, the one that came furthest says why.
  private Approval approval(Candidate candidate) throws Refusing {
    if (!checks.make(Check.APPROVAL)) {
      return Approval.NOT_ASKED;
    }
    Optional<Approval> elsewhere = Optional.empty();
    Optional<Refusing> furthest = Optional.empty();
    int furthestStep = -1;
    for (Signed<Endorsement> endorsement : candidate.opened().endorsements()) {
      Steps steps = new Steps();
      try {
        Approval approval = follow(endorsement, candidate, steps);
        if (approval.passedOver().isEmpty()) {
          return approval;
        }
        elsewhere = Optional.of(approval);
      } catch (Refusing refusing) {
        if (steps.taken > furthestStep) {
          furthestStep = steps.taken;
          furthest = Optional.of(refusing);
        }
      }
    }
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    // R4: nothing stands in for a word that was left out (T09, T65).
    throw furthest.orElseGet(
        () -> new Refusing(Refusal.R4, "approve: no endorsement of this release"));
  }

  private static final class Steps {
    private int taken;

    void next() {
      taken++;
    }
  }

  private Approval follow(Signed<Endorsement> signed, Candidate candidate, Steps steps)
      throws Refusing {
    Endorsement word = signed.content();
    // R4: of another release (T34).
    if (!word.manifest().equals(candidate.digest())) {
      throw new Refusing(Refusal.R4, "approve: the endorsement is of another release");
    }
    steps.next();
    // R11: of another operator's devices (T09, T11).
    Optional<DeploymentId> own = facts.identity().deployment();
    if (checks.make(Check.DEPLOYMENT) && !own.equals(Optional.of(word.deployment()))) {
      throw new Refusing(
          Refusal.R11,
          "for deployment %s, this is %s"
              .formatted(word.deployment(), own.map(DeploymentId::toString).orElse("in none")));
    }
    // R11: what was followed is never forgotten, so there is no room for one deployment more.
    if (!state.serials().containsKey(word.deployment().bytes())
        && state.serials().size() == TrustState.SERIALS_MAX) {
      throw new Refusing(
          Refusal.R11,
          "endorsements of %d deployments were followed, no more are remembered"
              .formatted(TrustState.SERIALS_MAX));
    }
    steps.next();
    approvers(signed, candidate);
    steps.next();
    if (checks.make(Check.EXPIRY)) {
      current(word);
    }
    steps.next();
    // R10: for others; whoever is willing may take it along for them.
    if (checks.make(Check.TARGET)
        && !word.targets().include(facts.identity().device(), facts.identity().serial())) {
      String detail = "for " + word.targets() + ", this device is not among them";
      if (facts.carrying() == DeviceFacts.Carrying.NEVER) {
        throw new Refusing(Refusal.R10, detail);
      }
      return new Approval(Optional.of(word), Optional.of(detail));
    }
    return new Approval(Optional.of(word), Optional.empty());
  }

  /// R4: the more devices, the more approvers, where the root says so (T68). R5: of this deployment
  /// and for this release (T31).
  private void approvers(Signed<Endorsement> signed, Candidate candidate) throws Refusing {
    Endorsement word = signed.content();
    Keyring keyring = candidate.keyring();
    Keyring.Heard heard = keyring.heard(signed);
    int least = state.root().grant(Role.APPROVE).map(Root.Grant::threshold).orElse(1);
    int threshold = state.root().terms().threshold(word.targets().fraction(), least);
    keyring.require(signed, heard, Role.APPROVE, threshold);
    if (!checks.make(Check.SCOPE) || !checks.make(Check.SIGNATURE)) {
      return;
    }
    Release release = candidate.release();
    List<Voice> covering =
        heard.voices().stream()
            .filter(
                voice ->
                    voice.covers(
                        scope ->
                            scope.coversContent(release)
                                && scope.coversSequence(release.sequence())
                                && scope.coversDeployment(Optional.of(word.deployment()))))
            .toList();
    if (Voice.count(covering, Role.APPROVE) < (checks.make(Check.THRESHOLD) ? threshold : 1)) {
      throw new Refusing(
          Refusal.R5,
          "the approvers may not speak for this release in deployment " + word.deployment());
    }
  }

  /// R16: it has ended, or a later word has been followed (T34).
  private void current(Endorsement word) throws Refusing {
    if (occasion == Occasion.REMEMBERED) {
      return;
    }
    if (word.notAfter().filter(end -> clock.atLeast() > end).isPresent()) {
      throw new Refusing(
          Refusal.R16,
          "the endorsement ended at %d, it is %d or later"
              .formatted(word.notAfter().get(), clock.atLeast()));
    }
    Long followed = state.serials().get(word.deployment().bytes());
    if (followed != null && word.serial() < followed) {
      throw new Refusing(
          Refusal.R16, "endorsement %d, number %d was followed".formatted(word.serial(), followed));
    }
  }

  /// R12: known to be bad (T61). R16: nobody can say that nothing newer forbids it (T17, T18, T65).
  private void news(Candidate candidate) throws Refusing {
    Optional<News> news = state.news();
    Optional<SequenceNumber> floor = news.flatMap(News::floor);
    SequenceNumber sequence = candidate.release().sequence();
    if (checks.make(Check.FLOOR)
        && floor.filter(lowest -> sequence.compareTo(lowest) < 0).isPresent()) {
      throw new Refusing(
          Refusal.R12, "sequence %s, the floor is %s".formatted(sequence, floor.get()));
    }
    if (!checks.make(Check.FRESHNESS) || occasion == Occasion.REMEMBERED) {
      return;
    }
    Terms.Freshness.Mode mode = state.root().terms().freshness().mode();
    if (mode == Terms.Freshness.Mode.OPEN) {
      return;
    }
    if (news.isEmpty()) {
      throw new Refusing(Refusal.R16, "no beacon has ever been heard");
    }
    if (mode == Terms.Freshness.Mode.STRICT) {
      if (clock.proven().isEmpty()) {
        throw new Refusing(Refusal.R16, "nobody has answered a nonce of this device");
      }
      if (clock.proven().get() > news.get().end()) {
        throw new Refusing(
            Refusal.R16,
            "beacon %d ended at %d, it is %d"
                .formatted(news.get().number(), news.get().end(), clock.proven().get()));
      }
    }
  }

  /// Whether the device has room for it and the bootloader would start it.
  private void room(Candidate candidate) throws Refusing {
    for (Release.Part part : candidate.parts()) {
      DeviceFacts.Room room = facts.places().get(part.place());
      if (room == null) {
        continue;
      }
      // R15: the bootloader would refuse it after all the work (T16, T69).
      if (checks.make(Check.SECURITY_COUNTER) && part.securityCounter() < room.securityCounter()) {
        throw new Refusing(
            Refusal.R15,
            "counter %d, the device is at %d"
                .formatted(part.securityCounter(), room.securityCounter()));
      }
      // R19: more than the place holds (T05, T23).
      if (checks.make(Check.SIZE) && part.size() > room.bytes()) {
        throw new Refusing(
            Refusal.R19,
            "an image of %d bytes, the slot holds %d".formatted(part.size(), room.bytes()));
      }
    }
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
