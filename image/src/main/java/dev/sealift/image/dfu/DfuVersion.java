// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import java.util.Optional;

/// The version that the manifest says a file has, as it stands there: nobody has compared it with
/// the image, and not every file has an MCUboot version.
public record DfuVersion(Field field, String text) {
  /// Under which name it stands.
  public enum Field {
    MCUBOOT("version_MCUBOOT"),
    /// An image for one slot of direct-XIP.
    MCUBOOT_XIP("version_MCUBOOT+XIP"),
    /// Anything else, as of a network core that MCUboot does not start.
    PLAIN("version");

    private final String key;

    Field(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }

    static Optional<Field> of(String key) {
      for (Field field : values()) {
        if (field.key.equals(key)) {
          return Optional.of(field);
        }
      }
      return Optional.empty();
    }
  }
}
