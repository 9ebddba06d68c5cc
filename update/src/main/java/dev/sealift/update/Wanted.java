// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// What shall be true of the device in the end: this image, this far. `release` is the digest of
/// the release that permits it, where there is one.
public record Wanted(Bytes imageHash, Optional<Bytes> release, Ending ending) {
  /// How far to go.
  public enum Ending {
    /// The image lies in the slot, not marked.
    STAGED,
    /// It is marked to boot on trial.
    MARKED,
    /// It runs on trial.
    ON_TRIAL,
    /// It runs and stays.
    CONFIRMED
  }
}
