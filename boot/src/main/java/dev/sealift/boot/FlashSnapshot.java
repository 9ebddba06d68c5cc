// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;

/// All that a device remembers without power, as a value.
public record FlashSnapshot(Bytes content, SecurityCounter securityCounter) {
  public Bytes sha256() {
    return content.sha256();
  }
}
