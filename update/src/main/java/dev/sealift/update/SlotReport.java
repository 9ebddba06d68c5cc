// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;

/// What a device says of one slot of an image: the MCUboot digest of what lies there, its version
/// as text, and its use.
public record SlotReport(int image, int slot, Bytes hash, String version, Use use) {
  /// One of image 0.
  public SlotReport(int slot, Bytes hash, String version, Use use) {
    this(0, slot, hash, version, use);
  }

  /// The one state that the five flags of an SMP answer encode.
  public enum Use {
    /// Runs and stays.
    RUNNING_CONFIRMED,
    /// Runs; unless confirmed the next boot reverts.
    RUNNING_ON_TRIAL,
    /// Boots next, on trial.
    PENDING_TEST,
    /// Boots next, for good.
    PENDING_PERMANENT,
    /// Lies there and is not asked for.
    IDLE
  }

  public boolean isRunning() {
    return use == Use.RUNNING_CONFIRMED || use == Use.RUNNING_ON_TRIAL;
  }

  public boolean isPending() {
    return use == Use.PENDING_TEST || use == Use.PENDING_PERMANENT;
  }
}
