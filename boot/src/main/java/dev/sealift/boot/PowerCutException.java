// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The power failed. Whatever ran on the device ends here; the flash keeps what it has, and takes
/// no operation until the power comes on again.
public final class PowerCutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PowerCutException(String what) {
    super(what);
  }
}
