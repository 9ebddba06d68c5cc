// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import java.util.List;

/// The checks of an image that passed, in their order, and what it came to. A refusal is that of
/// the check after the last one listed.
public record ImageReport(List<Passed> passed, ImageVerdict verdict) {
  /// A check by its short name, and what it found.
  public record Passed(String check, String sentence) {}

  public ImageReport {
    passed = List.copyOf(passed);
  }
}
