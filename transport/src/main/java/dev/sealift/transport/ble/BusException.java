// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.io.IOException;

/// What somebody on the bus answered instead of a result: the name of an error, and words.
final class BusException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String error;
  private final String said;

  /// The same, thrown where it is waited for.
  BusException(BusException heard) {
    super(heard.said, heard);
    this.error = heard.error;
    this.said = heard.said;
  }

  BusException(String error, String words) {
    String said = words.isEmpty() ? error : words + " (" + error + ")";
    super(said);
    this.error = error;
    this.said = said;
  }

  /// `org.bluez.Error.NotReady`, for one.
  String error() {
    return error;
  }

  /// In words, the name behind them.
  String said() {
    return said;
  }
}
