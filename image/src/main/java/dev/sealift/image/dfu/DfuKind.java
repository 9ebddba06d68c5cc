// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import java.util.Optional;

/// What is done with a file.
public enum DfuKind {
  /// It goes into a slot.
  IMAGE,
  /// It is given to the device's SUIT processor.
  SUIT_ENVELOPE,
  /// It goes into a partition from which an envelope takes its payloads.
  SUIT_CACHE;

  /// By the manifest's word. Of words there are many (application, bin, mcuboot, none at all), and
  /// all but two mean an image.
  static DfuKind of(Optional<String> type) {
    return switch (type.orElse("")) {
      case "suit-envelope" -> SUIT_ENVELOPE;
      case "cache" -> SUIT_CACHE;
      default -> IMAGE;
    };
  }
}
