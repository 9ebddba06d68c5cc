// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// Whether a device has an agent at its door, and how far that agent has come.
public sealed interface Gate {
  /// An ordinary device: it takes an upload from anybody.
  record Open() implements Gate {}

  /// A device with an agent: how far it is, the digest of the release it has accepted, and which
  /// byte of which image it wants next.
  record Guarded(Stage stage, Optional<Bytes> release, int image, long wanted) implements Gate {
    /// One that wants something of image 0.
    public Guarded(Stage stage, Optional<Bytes> release, long wanted) {
      this(stage, release, 0, wanted);
    }
  }

  /// How far an accepted release has come. The numbers go over the wire (group 1000, status).
  enum Stage {
    /// No release accepted.
    IDLE(0),
    /// Accepted; the block table is wanted.
    ACCEPTED(1),
    /// Table checked; image bytes are wanted.
    RECEIVING(2),
    /// The whole image lies in the slot and its digests are right.
    STAGED(3),
    /// It runs, unconfirmed.
    ON_TRIAL(4),
    /// It runs, confirmed.
    INSTALLED(5);

    private final int number;

    Stage(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    public static Optional<Stage> ofNumber(long number) {
      for (Stage stage : values()) {
        if (stage.number == number) {
          return Optional.of(stage);
        }
      }
      return Optional.empty();
    }
  }
}
