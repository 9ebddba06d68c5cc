// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Who says what is news: gives out beacons, each with a number of its own that is on disk before
/// anybody sees it, and answers nonces with the newest of them.
final class NewsDesk {
  /// Whether a floor may fall; it is how a bad release is kept out, so only by a word of its own.
  enum Floors {
    ONLY_RISE,
    MAY_FALL
  }

  private final BeaconLedger ledger;
  private final List<CoseSigner> signers;
  private final Duration lifetime;
  private final Floors floors;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Signed<Beacon>> newest = Optional.empty();

  NewsDesk(
      BeaconLedger ledger,
      List<CoseSigner> signers,
      Duration lifetime,
      Floors floors,
      InstantSource clock) {
    this.ledger = ledger;
    this.signers = List.copyOf(signers);
    this.lifetime = lifetime;
    this.floors = floors;
    this.clock = clock;
  }

  /// The newest beacon; nothing before the first was given out.
  Optional<Signed<Beacon>> newest() {
    turn.lock();
    try {
      return newest;
    } finally {
      turn.unlock();
    }
  }

  /// Why these news may not be given out, in a sentence.
  Optional<String> fault(NewsFile news) {
    turn.lock();
    try {
      return tooLong(news).or(() -> floors == Floors.MAY_FALL ? Optional.empty() : fallen(news));
    } finally {
      turn.unlock();
    }
  }

  /// No device would keep a longer one.
  private Optional<String> tooLong(NewsFile news) {
    Beacon longest =
        new Beacon(
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            lifetime.toSeconds(),
            news.classes(),
            Long.MAX_VALUE,
            Optional.empty(),
            news.denied());
    Signed<Beacon> signed = Signed.unsigned(longest);
    for (CoseSigner signer : signers) {
      signed = signed.signedBy(new Blank(signer.keyId(), signer.algorithm()));
    }
    int size = signed.encode().size();
    return size > Beacon.BYTES_MAX
        ? Optional.of(
            "a beacon of these could have %d bytes, devices keep %d"
                .formatted(size, Beacon.BYTES_MAX))
        : Optional.empty();
  }

  /// Takes the room of a signature and is none.
  private record Blank(KeyId keyId, CoseAlgorithm algorithm) implements CoseSigner {
    @Override
    public Bytes sign(Bytes toBeSigned) {
      return Bytes.filled(
          switch (algorithm) {
            case ESP256, ED25519 -> 64;
            case ML_DSA_44 -> 2420;
          },
          0);
    }
  }

  private Optional<String> fallen(NewsFile news) {
    for (Map.Entry<Bytes, SequenceNumber> before : ledger.entry().floors().entrySet()) {
      Beacon.Standing standing = news.classes().get(before.getKey());
      if (standing == null) {
        return Optional.of(
            "the class %s is gone, and its floor %s with it; --lower allows that"
                .formatted(before.getKey().toHex(), before.getValue()));
      }
      if (standing.floor().compareTo(before.getValue()) < 0) {
        return Optional.of(
            "the floor of class %s would fall from %s to %s; --lower allows that"
                .formatted(before.getKey().toHex(), before.getValue(), standing.floor()));
      }
    }
    return Optional.empty();
  }

  /// Gives out the next beacon, with these news.
  Signed<Beacon> publish(NewsFile news, long rootVersion) throws IOException {
    turn.lock();
    try {
      BeaconLedger.Entry last = ledger.entry();
      // A clock that was set back must not make news look older than they are.
      long time = Math.max(last.time(), clock.instant().getEpochSecond());
      BeaconLedger.Entry next = new BeaconLedger.Entry(last.number() + 1, time, floors(news));
      ledger.write(next);
      Signed<Beacon> beacon =
          signed(
              new Beacon(
                  next.number(),
                  time,
                  lifetime.toSeconds(),
                  news.classes(),
                  rootVersion,
                  Optional.empty(),
                  news.denied()));
      newest = Optional.of(beacon);
      return beacon;
    } finally {
      turn.unlock();
    }
  }

  private static SortedMap<Bytes, SequenceNumber> floors(NewsFile news) {
    SortedMap<Bytes, SequenceNumber> floors = new TreeMap<>();
    news.classes().forEach((tag, standing) -> floors.put(tag, standing.floor()));
    return floors;
  }

  /// The newest news as the answer to one device, with the time of now.
  Optional<Signed<Beacon>> answer(Bytes nonce) {
    turn.lock();
    try {
      return newest.map(
          beacon -> {
            Beacon said = beacon.content();
            long time = Math.max(said.time(), clock.instant().getEpochSecond());
            return signed(
                new Beacon(
                    said.number(),
                    time,
                    said.lifetime(),
                    said.classes(),
                    said.rootVersion(),
                    Optional.of(nonce),
                    said.denied()));
          });
    } finally {
      turn.unlock();
    }
  }

  private Signed<Beacon> signed(Beacon beacon) {
    Signed<Beacon> signed = Signed.unsigned(beacon);
    for (CoseSigner signer : signers) {
      signed = signed.signedBy(signer);
    }
    return signed;
  }
}
