// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// An assertion of the real code that does not hold, or a state in which it would run off its own
/// tables: the bootloader stops here.
final class StuckException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StuckException(String why) {
    super(why);
  }
}
