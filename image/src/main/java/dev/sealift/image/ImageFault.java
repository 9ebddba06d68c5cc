// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.MalformedException;

/// Carries a refusal out of nested reading and checking, to the one place that turns it into the
/// answer of `Image.read` or of the verifier.
final class ImageFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final RefusalReason reason;
  private final int offset;

  ImageFault(RefusalReason reason, int offset, String sentence) {
    super(sentence);
    this.reason = reason;
    this.offset = offset;
  }

  RefusalReason reason() {
    return reason;
  }

  int offset() {
    return offset;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  MalformedException toMalformed() {
    return new MalformedException(sentence(), offset, this);
  }
}
