// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.io.IOException;

/// A connection or a port is gone, or cannot be opened again yet: with a device that restarts it
/// may come back.
public final class LinkLostException extends IOException {
  private static final long serialVersionUID = 1L;

  LinkLostException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
