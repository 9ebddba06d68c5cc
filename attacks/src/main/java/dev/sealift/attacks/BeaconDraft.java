// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// News as somebody would like to have them: all as in those of a day but what is named.
final class BeaconDraft {
  private final Bytes classTag;
  private Beacon beacon;

  BeaconDraft(Beacon beacon, Bytes classTag) {
    this.beacon = beacon;
    this.classTag = classTag;
  }

  BeaconDraft number(long number) {
    beacon =
        new Beacon(
            number,
            beacon.time(),
            beacon.lifetime(),
            beacon.classes(),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied());
    return this;
  }

  /// In seconds since 1970.
  BeaconDraft at(long time) {
    beacon =
        new Beacon(
            beacon.number(),
            time,
            beacon.lifetime(),
            beacon.classes(),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied());
    return this;
  }

  /// No release below this may be installed any more.
  BeaconDraft floor(long sequence) {
    beacon =
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            new TreeMap<>(Map.of(classTag, People.standing(sequence))),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied());
    return this;
  }

  BeaconDraft latest(Beacon.Standing standing) {
    beacon =
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            new TreeMap<>(Map.of(classTag, standing)),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied());
    return this;
  }

  /// The root of that version is in force.
  BeaconDraft rootVersion(long version) {
    beacon =
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            beacon.classes(),
            version,
            beacon.nonce(),
            beacon.denied());
    return this;
  }

  /// Those keys are not to be listened to any more.
  BeaconDraft denying(CoseKeyPair... keys) {
    beacon =
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            beacon.classes(),
            beacon.rootVersion(),
            beacon.nonce(),
            Arrays.stream(keys).map(key -> key.publicKey().id()).toList());
    return this;
  }

  Beacon beacon() {
    return beacon;
  }
}
