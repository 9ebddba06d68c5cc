// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// When the power fails: at which operation, counted from 0 since the power came on, and how much
/// of that operation is still done.
public record PowerCut(int operation, Moment moment) {
  public PowerCut {
    if (operation < 0) {
      throw new IllegalArgumentException("no operation: " + operation);
    }
  }

  /// The moment relative to the operation.
  public enum Moment {
    /// Nothing of it is done.
    BEFORE,
    /// The first half of the bytes is written, the first half of the sector erased; a counter is
    /// not raised.
    HALFWAY,
    /// It is done, and nothing after it.
    AFTER
  }

  public static PowerCut before(int operation) {
    return new PowerCut(operation, Moment.BEFORE);
  }

  public static PowerCut halfway(int operation) {
    return new PowerCut(operation, Moment.HALFWAY);
  }

  public static PowerCut after(int operation) {
    return new PowerCut(operation, Moment.AFTER);
  }
}
