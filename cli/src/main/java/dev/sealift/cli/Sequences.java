// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.SequenceNumber;

/// Sequence numbers as people write them: `7`, or with the epoch `2:7`. The first epoch is 1.
final class Sequences {
  static final long EPOCH_FIRST = 1;

  /// In the image epoch and number take 63 bits.
  static final long EPOCH_MAX = 0x7fff_ffffL;

  private Sequences() {}

  static SequenceNumber parse(String what, String text) {
    int colon = text.indexOf(':');
    long epoch =
        colon < 0
            ? EPOCH_FIRST
            : Numbers.parse("the epoch of " + what, text.substring(0, colon), 0, EPOCH_MAX);
    return new SequenceNumber(
        epoch, Numbers.parse(what, text.substring(colon + 1), 0, SequenceNumber.PART_MAX));
  }
}
