// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import java.io.IOException;

/// A file that is not taken as the flash of a device, and why. It is as it was.
public final class FlashFileException extends IOException {
  private static final long serialVersionUID = 1L;

  FlashFileException(String why) {
    super(why);
  }
}
