// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// The sections of a manifest: which sequence runs when.
public enum SuitSection {
  VALIDATE(7),
  LOAD(8),
  INVOKE(9),
  DEPENDENCY_RESOLUTION(15),
  PAYLOAD_FETCH(16),
  CANDIDATE_VERIFICATION(18),
  INSTALL(20),
  UNINSTALL(24);

  private final int label;

  SuitSection(int label) {
    this.label = label;
  }

  public int label() {
    return label;
  }

  /// Whether the manifest may hold only its digest and the envelope the rest.
  boolean isSeverable() {
    return switch (this) {
      case DEPENDENCY_RESOLUTION, PAYLOAD_FETCH, CANDIDATE_VERIFICATION, INSTALL -> true;
      case VALIDATE, LOAD, INVOKE, UNINSTALL -> false;
    };
  }
}
