// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// News that are being changed.
record BeaconDraft(Beacon beacon) {
  static BeaconDraft of(Beacon beacon) {
    return new BeaconDraft(beacon);
  }

  BeaconDraft number(long other) {
    return with(other, beacon.time(), beacon.lifetime());
  }

  BeaconDraft time(long other) {
    return with(beacon.number(), other, beacon.lifetime());
  }

  BeaconDraft lifetime(long other) {
    return with(beacon.number(), beacon.time(), other);
  }

  private BeaconDraft with(long number, long time, long lifetime) {
    return new BeaconDraft(
        new Beacon(
            number,
            time,
            lifetime,
            beacon.classes(),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied()));
  }

  BeaconDraft standings(Map<Bytes, Beacon.Standing> others) {
    return new BeaconDraft(
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            new TreeMap<>(others),
            beacon.rootVersion(),
            beacon.nonce(),
            beacon.denied()));
  }

  BeaconDraft rootVersion(long other) {
    return new BeaconDraft(
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            beacon.classes(),
            other,
            beacon.nonce(),
            beacon.denied()));
  }

  BeaconDraft denying(List<KeyId> keys) {
    return new BeaconDraft(
        new Beacon(
            beacon.number(),
            beacon.time(),
            beacon.lifetime(),
            beacon.classes(),
            beacon.rootVersion(),
            beacon.nonce(),
            keys));
  }
}
