// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A Bluetooth device address as people write it: six bytes, `AA:BB:CC:DD:EE:FF`.
public record BleAddress(String text) {
  private static final Pattern FORM = Pattern.compile("([0-9A-F]{2}:){5}[0-9A-F]{2}");

  public BleAddress {
    text = text.toUpperCase(Locale.ROOT);
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is no Bluetooth address".formatted(text));
    }
  }

  static Optional<BleAddress> of(String text) {
    return FORM.matcher(text.toUpperCase(Locale.ROOT)).matches()
        ? Optional.of(new BleAddress(text))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
