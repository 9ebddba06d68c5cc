// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.DeviceFacts.NonceLife;
import dev.sealift.permit.Terms.Freshness.Mode;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// What is newest: who may say so, what it forbids, how far it may jump, and how sure a device must
/// be that it is news.
final class NewsCases {
  private static final Bytes NONCE = Bytes.filled(Beacon.NONCE_BYTES, 0x4e);

  private final CaseList cases;
  private final World world;
  private final Bundle approved;
  private final Beacon seven;

  private NewsCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.approved = world.good().withEndorsements(List.of(world.approval));
    this.seven = world.beacon(7);
  }

  static void add(CaseList cases) {
    NewsCases news = new NewsCases(cases);
    news.thereOrNot();
    news.sizes();
    news.speakers();
    news.old();
    news.floors();
    news.denials();
    news.jumps();
    news.roots();
    news.nonces();
    news.modes();
  }

  private Signed<Beacon> said(Beacon beacon) {
    return World.sign(beacon, world.freshnessKey);
  }

  /// The good release with its endorsement and this beacon.
  private CaseList.Draft heard(String name, Signed<Beacon> beacon) {
    return cases.managed(name, approved.withBeacon(beacon));
  }

  /// The same, and it is believed.
  private CaseList.Draft learnt(String name, Beacon beacon) {
    Signed<Beacon> signed = said(beacon);
    return heard(name, signed).learns(signed);
  }

  private void thereOrNot() {
    cases.managed("no-beacon-was-ever-heard", approved).refuses(Refusal.R16);
    cases
        .managed("beacon-heard-before", approved)
        .knowing(world.heard(world.managedState, world.newest))
        .installs();
    cases.brought("no-beacon-where-none-is-asked-for", world.good()).installs();
    cases
        .brought("beacon-where-none-is-asked-for", world.good().withBeacon(world.newest))
        .learns(world.newest)
        .installs();
    cases
        .brought(
            "beacon-beside-a-release-that-is-refused",
            world.signed(world.release(), world.releaseKeys.get(0)).withBeacon(world.newest))
        .learns(world.newest)
        .refuses(Refusal.R4);
  }

  /// A device keeps the newest beacon, and has only so much room.
  private void sizes() {
    for (int classes = 20; ; classes++) {
      Signed<Beacon> beacon = said(ofClasses(classes));
      if (beacon.encode().size() > Beacon.BYTES_MAX) {
        heard("beacon-larger-than-is-kept", beacon).refuses(Refusal.R19);
        Signed<Beacon> smaller = said(ofClasses(classes - 1));
        heard("beacon-as-large-as-is-kept", smaller).learns(smaller).installs();
        Signed<Beacon> answer = said(ofClasses(classes).answering(NONCE));
        heard("answer-larger-than-is-kept", answer)
            .to(world.facts.withNonces(Map.of(NONCE, NonceLife.OPEN)))
            .learns(answer)
            .installs();
        return;
      }
    }
  }

  private Beacon ofClasses(int count) {
    Map<Bytes, Beacon.Standing> standings = new TreeMap<>(seven.classes());
    for (int i = 1; i < count; i++) {
      standings.put(Bytes.filled(ClassId.TAG_BYTES, i), standings.get(world.deviceClass.tag()));
    }
    return BeaconDraft.of(seven).standings(standings).beacon();
  }

  private void speakers() {
    heard("beacon-unsigned", World.sign(seven)).refuses(Refusal.R3);
    heard("beacon-by-a-stranger", World.sign(seven, world.stranger)).refuses(Refusal.R3);
    heard("beacon-by-release-keys", World.sign(seven, world.releaseKeys.get(0)))
        .refuses(Refusal.R4);
    heard("beacon-by-root-keys", World.sign(seven, world.rootKeys.toArray(new CoseKeyPair[0])))
        .refuses(Refusal.R4);
    heard(
            "beacon-with-signatures-of-another",
            new Signed<>(
                seven, new CoseSign(seven.encode(), said(world.beacon(8)).message().signatures())))
        .refuses(Refusal.R3);
    heard(
            "endorsement-s-signature-as-beacon",
            new Signed<>(
                seven,
                CoseSign.unsigned(seven.encode())
                    .signedBy(world.freshnessKey, SignedKind.ENDORSEMENT.externalData())))
        .refuses(Refusal.R3);
    heard("beacon-by-a-denied-key", world.newest)
        .knowing(knowing(world.fresh(6), Set.of(world.freshnessKey.keyId())))
        .refuses(Refusal.R28);
  }

  private TrustState knowing(Signed<Beacon> beacon, Set<KeyId> denied) {
    return world.managedState.hearing(world.news(beacon), denied).orElseThrow();
  }

  private void old() {
    TrustState later = world.heard(world.managedState, world.fresh(8));
    heard("beacon-older-than-known", world.newest).knowing(later).installs();
    heard("beacon-known-already", world.newest)
        .knowing(world.heard(world.managedState, world.newest))
        .installs();
    // What is no news is not looked at, so a forged one says nothing either.
    heard("old-beacon-by-a-stranger", World.sign(seven, world.stranger)).knowing(later).installs();
    learnt("beacon-newer-than-known", world.beacon(9)).knowing(later).installs();
  }

  private void floors() {
    learnt("floor-above-the-release", standing(6, 9)).refuses(Refusal.R12);
    learnt("floor-at-the-release", standing(5, 9)).installs();
    TrustState halted = world.heard(world.managedState, said(standing(6, 9)));
    cases.managed("floor-heard-before", approved).knowing(halted).refuses(Refusal.R12);
    // A later beacon may leave the class out or say less: what was forbidden stays so.
    Signed<Beacon> silent = said(BeaconDraft.of(world.beacon(8)).standings(Map.of()).beacon());
    heard("floor-heard-before-and-a-beacon-of-other-classes", silent)
        .knowing(halted)
        .learns(silent)
        .refuses(Refusal.R12);
    Signed<Beacon> lower = said(BeaconDraft.of(standing(3, 9)).number(8).beacon());
    heard("floor-heard-before-and-a-lower-one", lower)
        .knowing(halted)
        .learns(lower)
        .refuses(Refusal.R12);
    cases
        .managed(
            "recovery-below-the-floor",
            world.signed(world.release(), world.rootKeys.get(0), world.rootKeys.get(1)))
        .knowing(halted)
        .installs();
    Beacon.Standing other =
        Beacon.Standing.of(
            new SequenceNumber(1, 3),
            new ReleaseMark(world.release().sequence(), SuitDigest.of(Bytes.EMPTY)));
    learnt(
            "another-manifest-for-the-newest-number",
            BeaconDraft.of(seven).standings(Map.of(world.deviceClass.tag(), other)).beacon())
        .refuses(Refusal.R13);
    learnt("beacon-of-other-classes", BeaconDraft.of(seven).standings(Map.of()).beacon())
        .installs();
  }

  private Beacon standing(long floor, long latest) {
    return BeaconDraft.of(seven)
        .standings(
            Map.of(
                world.deviceClass.tag(),
                Beacon.Standing.of(
                    new SequenceNumber(1, floor),
                    new ReleaseMark(
                        new SequenceNumber(1, latest), SuitDigest.of(Bytes.ofUtf8("newest"))))))
        .beacon();
  }

  private void denials() {
    KeyId thief = world.releaseKeys.get(0).keyId();
    learnt("beacon-that-denies-a-release-key", denying(thief)).refuses(Refusal.R28);
    Signed<Beacon> beacon = said(denying(thief));
    cases
        .managed(
            "beacon-that-denies-a-release-key-and-two-others",
            world
                .signed(world.release(), world.releaseKeys.get(1), world.releaseKeys.get(2))
                .withEndorsements(List.of(world.approval))
                .withBeacon(beacon))
        .learns(beacon)
        .installs();
    cases
        .brought("release-key-denied-before", world.good())
        .knowing(world.heard(world.state, beacon))
        .refuses(Refusal.R28);
    cases
        .brought("both-release-keys-denied-before", world.good())
        .knowing(world.heard(world.state, said(denying(thief, world.releaseKeys.get(1).keyId()))))
        .refuses(Refusal.R28);
    learnt("beacon-that-denies-the-operator", denying(world.approveKeys.get(0).keyId()))
        .refuses(Refusal.R28);
    learnt("beacon-that-denies-a-stranger", denying(world.stranger.keyId())).installs();
    // Its thief must not lock out those who could replace it.
    Signed<Beacon> all = said(denying(world.rootKeys.get(0).keyId()));
    cases
        .brought(
            "beacon-that-denies-a-root-key",
            world
                .signed(world.release(), world.rootKeys.get(0), world.rootKeys.get(1))
                .withBeacon(all))
        .learns(all)
        .installs();
    heard("one-denied-key-more-than-a-device-can-remember", said(denying(thief)))
        .knowing(full(TrustState.DENIED_MAX))
        .refuses(Refusal.R14);
    learnt("the-last-denied-key-a-device-can-remember", denying(world.stranger.keyId()))
        .knowing(full(TrustState.DENIED_MAX - 1))
        .installs();
  }

  private Beacon denying(KeyId... keys) {
    return BeaconDraft.of(seven).denying(List.of(keys)).beacon();
  }

  private TrustState full(int count) {
    return knowing(
        world.fresh(6),
        new TreeSet<>(
            IntStream.range(0, count)
                .mapToObj(i -> new KeyId(Bytes.filled(KeyId.SIZE, i)))
                .toList()));
  }

  private void jumps() {
    long numbers = Terms.Freshness.NUMBER_JUMP_DEFAULT;
    long seconds = Terms.Freshness.TIME_JUMP_DEFAULT;
    learnt("beacon-as-far-ahead-as-may-be", BeaconDraft.of(seven).number(numbers).beacon())
        .installs();
    heard("beacon-too-far-ahead", said(BeaconDraft.of(seven).number(numbers + 1).beacon()))
        .refuses(Refusal.R14);
    heard("beacon-number-of-63-bits", said(BeaconDraft.of(seven).number(Long.MAX_VALUE).beacon()))
        .refuses(Refusal.R14);
    heard(
            "beacon-too-far-ahead-of-the-last",
            said(BeaconDraft.of(seven).number(numbers + 9).beacon()))
        .knowing(world.heard(world.managedState, world.fresh(8)))
        .refuses(Refusal.R14);
    Signed<Beacon> late = said(BeaconDraft.of(seven).time(World.NOW + seconds).beacon());
    cases
        .managed("beacon-as-late-as-may-be", approvedForEver().withBeacon(late))
        .learns(late)
        .installs();
    heard("beacon-too-late", said(BeaconDraft.of(seven).time(World.NOW + seconds + 1).beacon()))
        .refuses(Refusal.R14);
    heard(
            "beacon-five-years-ahead",
            said(BeaconDraft.of(seven).time(World.NOW + 5 * 365 * World.DAY).beacon()))
        .refuses(Refusal.R14);
    heard("beacon-time-of-63-bits", said(BeaconDraft.of(seven).time(Long.MAX_VALUE).beacon()))
        .refuses(Refusal.R14);
    learnt("beacon-that-lives-for-ever", BeaconDraft.of(seven).lifetime(Long.MAX_VALUE).beacon())
        .installs();
  }

  private void roots() {
    heard("beacon-of-a-later-root", said(BeaconDraft.of(seven).rootVersion(2).beacon()))
        .refuses(Refusal.R7);
    learnt("beacon-of-an-earlier-root", BeaconDraft.of(seven).rootVersion(0).beacon()).installs();
  }

  private void nonces() {
    DeviceFacts asking = world.facts.withNonces(Map.of(NONCE, NonceLife.OPEN));
    DeviceFacts asked = world.facts.withNonces(Map.of(NONCE, NonceLife.OVER));
    TrustState strict = TrustState.fresh(world.managed(Mode.STRICT));
    learnt("answer-to-a-nonce", seven.answering(NONCE)).knowing(strict).to(asking).installs();
    heard("answer-to-somebody-else-s-nonce", said(seven.answering(Bytes.filled(16, 1))))
        .to(asking)
        .refuses(Refusal.R17);
    heard("answer-to-a-nonce-of-long-ago", said(seven.answering(NONCE)))
        .to(asked)
        .refuses(Refusal.R16);
    heard("answer-to-a-nonce-by-a-stranger", World.sign(seven.answering(NONCE), world.stranger))
        .to(asking)
        .refuses(Refusal.R3);
    learnt("answer-with-the-number-that-is-known", seven.answering(NONCE))
        .knowing(world.heard(strict, world.newest))
        .to(asking)
        .installs();
    heard("answer-with-an-older-number", said(seven.answering(NONCE)))
        .knowing(world.heard(strict, world.fresh(8)))
        .to(asking)
        .refuses(Refusal.R16);
  }

  /// A device that was offline for a year, and what was new when it went (T17, T18).
  private void modes() {
    TrustState strict = TrustState.fresh(world.managed(Mode.STRICT));
    heard("strict-with-a-beacon-that-may-be-old", world.newest)
        .knowing(strict)
        .learns(world.newest)
        .refuses(Refusal.R16);
    long year = World.NOW + 365 * World.DAY;
    long soon = seven.end();
    DeviceFacts proven = world.facts.at(Clock.of(World.NOW).proven(soon));
    cases
        .managed("strict-with-time-proven-and-news-of-today", approvedForEver())
        .knowing(world.heard(strict, world.newest))
        .to(proven)
        .installs();
    cases
        .managed("strict-with-time-proven-and-news-of-yesterday", approvedForEver())
        .knowing(world.heard(strict, world.newest))
        .to(world.facts.at(Clock.of(World.NOW).proven(soon + 1)))
        .refuses(Refusal.R16);
    cases
        .managed("strict-with-time-guessed", approvedForEver())
        .knowing(world.heard(strict, world.newest))
        .to(world.facts.at(new Clock(World.NOW, Optional.of(soon), Optional.empty())))
        .refuses(Refusal.R16);
    cases
        .managed("bounded-with-news-of-last-year", approvedForEver())
        .knowing(world.heard(world.managedState, world.newest))
        .to(world.facts.at(Clock.of(year)))
        .installs();
    cases
        .managed("open-without-news", approvedForEver())
        .trusting(world.managed(Mode.OPEN))
        .to(world.facts.at(Clock.of(year)))
        .installs();
    cases
        .managed(
            "recovery-of-a-strict-device-without-news",
            world.signed(world.release(), world.rootKeys.get(0), world.rootKeys.get(1)))
        .knowing(strict)
        .installs();
  }

  private Bundle approvedForEver() {
    return world
        .good()
        .withEndorsements(
            List.of(
                World.sign(
                    EndorsementDraft.of(world.endorsement(world.release())).withoutEnd().word(),
                    world.approveKeys.get(0))));
  }
}
