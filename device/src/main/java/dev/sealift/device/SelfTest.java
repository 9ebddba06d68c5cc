// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.image.Image;

/// What an application finds when it looks at itself after an update: whether its sensors answer,
/// its radio hears somebody. Asked again until it has found out.
@FunctionalInterface
public interface SelfTest {
  /// What came of it.
  enum Result {
    PASSED,
    FAILED,
    /// Not found out yet.
    RUNNING
  }

  Result of(Image running);

  /// An application that is content with itself.
  SelfTest PASSES = _ -> Result.PASSED;
}
