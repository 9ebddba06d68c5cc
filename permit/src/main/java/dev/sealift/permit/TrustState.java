// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.SuitDigest;
import java.util.Optional;

/// What a device remembers of the releases it has seen. Every way from one state to the next raises
/// or keeps; none lowers.
///
/// `known` rises when a permit is accepted, `installed` when its image is confirmed; `staged` is
/// the manifest whose bytes are being taken.
public record TrustState(
    long epoch,
    Optional<ReleaseMark> known,
    Optional<ReleaseMark> installed,
    Optional<SuitDigest> staged) {

  public TrustState {
    if (epoch < 0 || epoch > SequenceNumber.PART_MAX) {
      throw new IllegalArgumentException("no epoch: " + epoch);
    }
  }

  /// A device that has seen nothing yet.
  public static TrustState fresh(long epoch) {
    return new TrustState(epoch, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// A permit was accepted: from now on nothing older may be offered.
  public TrustState accepted(AcceptedPermit permit) {
    return new TrustState(
        Math.max(epoch, permit.release().sequence().epoch()),
        Optional.of(raised(known, permit.mark())),
        installed,
        Optional.of(permit.manifestDigest()));
  }

  /// The image of a release runs and is confirmed: from now on nothing older may be installed.
  public TrustState installed(AcceptedPermit permit) {
    return new TrustState(
        Math.max(epoch, permit.release().sequence().epoch()),
        Optional.of(raised(known, permit.mark())),
        Optional.of(raised(installed, permit.mark())),
        Optional.empty());
  }

  /// What was being taken is given up; what is known stays known.
  public TrustState dropped() {
    return new TrustState(epoch, known, installed, Optional.empty());
  }

  /// Whether nothing here is lower than there.
  boolean isAtLeast(TrustState other) {
    return epoch >= other.epoch
        && isAtLeast(known, other.known)
        && isAtLeast(installed, other.installed);
  }

  private static boolean isAtLeast(Optional<ReleaseMark> mark, Optional<ReleaseMark> other) {
    return other.isEmpty()
        || (mark.isPresent()
            && (mark.equals(other) || mark.get().sequence().compareTo(other.get().sequence()) > 0));
  }

  private static ReleaseMark raised(Optional<ReleaseMark> mark, ReleaseMark by) {
    return mark.filter(old -> old.sequence().compareTo(by.sequence()) >= 0).orElse(by);
  }
}
