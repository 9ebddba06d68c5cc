// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// What a device keeps of the newest beacon: its place in time, what it says of this class of
/// devices, and the beacon itself for others, unless it was an answer to this device alone.
///
/// `floor` is the highest that any beacon has ever said. A later one may say less, or nothing of
/// this class; what was known to be bad stays so until the root's next epoch.
public record News(
    long number,
    long time,
    long lifetime,
    long rootVersion,
    Optional<SequenceNumber> floor,
    Optional<Beacon.Standing> standing,
    Optional<Bytes> signed) {

  static News of(Signed<Beacon> beacon, ClassId deviceClass) {
    Beacon said = beacon.content();
    return new News(
        said.number(),
        said.time(),
        said.lifetime(),
        said.rootVersion(),
        said.standing(deviceClass).map(Beacon.Standing::floor),
        said.standing(deviceClass),
        said.nonce().isEmpty() ? Optional.of(beacon.encode()) : Optional.empty());
  }

  /// The same, with no lower floor than there was.
  News notBelow(Optional<SequenceNumber> before) {
    Optional<SequenceNumber> highest =
        floor.map(own -> before.map(own::max).orElse(own)).or(() -> before);
    return new News(number, time, lifetime, rootVersion, highest, standing, signed);
  }

  /// Until when it is news, in seconds since 1970.
  public long end() {
    return time > Long.MAX_VALUE - lifetime ? Long.MAX_VALUE : time + lifetime;
  }
}
