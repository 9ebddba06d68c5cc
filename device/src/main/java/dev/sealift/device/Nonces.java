// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.smp.server.LinkId;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Numbers this device has given out and waits to see again: one for each link, used once, in
/// memory alone (T35). A link that asks again gets another one; it cannot take that of others.
final class Nonces {
  static final Duration LIFETIME = Duration.ofMinutes(10);

  /// How long one that is over is still known as such.
  private static final Duration REMEMBERED = LIFETIME.multipliedBy(2);

  static final int LINKS_MAX = 16;

  private record Given(Bytes nonce, Duration at) {}

  private final RandomGenerator dice;
  private final LinkedHashMap<LinkId, Given> given = new LinkedHashMap<>();

  Nonces(RandomGenerator dice) {
    this.dice = dice;
  }

  /// A fresh one. Where too many links wait already, the one that was given out first is forgotten:
  /// whoever floods a device with questions keeps nobody from asking, and has to go on flooding to
  /// push anybody's nonce out.
  Bytes give(LinkId link, Duration now) {
    given.values().removeIf(one -> now.minus(one.at()).compareTo(REMEMBERED) > 0);
    given.remove(link);
    if (given.size() >= LINKS_MAX) {
      given.remove(given.keySet().iterator().next());
    }
    byte[] bytes = new byte[Beacon.NONCE_BYTES];
    dice.nextBytes(bytes);
    Bytes nonce = Bytes.owning(bytes);
    given.put(link, new Given(nonce, now));
    return nonce;
  }

  Map<Bytes, DeviceFacts.NonceLife> known(Duration now) {
    Map<Bytes, DeviceFacts.NonceLife> known = new HashMap<>();
    for (Given one : given.values()) {
      known.put(
          one.nonce(), isOver(one, now) ? DeviceFacts.NonceLife.OVER : DeviceFacts.NonceLife.OPEN);
    }
    return known;
  }

  /// It was answered.
  void use(Bytes nonce) {
    given.values().removeIf(one -> one.nonce().equals(nonce));
  }

  private static boolean isOver(Given one, Duration now) {
    return now.minus(one.at()).compareTo(LIFETIME) > 0;
  }
}
