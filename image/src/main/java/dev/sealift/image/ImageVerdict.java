// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

/// What verifying an image comes to.
public sealed interface ImageVerdict {
  /// Every check passed.
  record Verified(VerifiedImage image) implements ImageVerdict {}

  /// The first check that did not pass; the offset is where in the file it looked.
  record Refused(RefusalReason reason, String sentence, int offset) implements ImageVerdict {}
}
