// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.OptionalInt;

/// How a device is paired, which decides what a link to it is safe from.
public sealed interface Pairing {
  /// Nobody is asked ("Just Works"). Safe from whoever only listens; not from whoever stood between
  /// the two while they were paired.
  record JustWorks() implements Pairing {}

  /// A person types or compares six digits. Safe from both, if the device has a display or a
  /// passkey of its own.
  record WithPerson(Person person) implements Pairing {}

  /// The person at the terminal. May take as long as people do.
  interface Person {
    /// The six digits that the device shows or that are printed on it; nothing to give up.
    OptionalInt passkeyOf(BleDevice device);

    /// Whether the device shows these digits too.
    Confirmation compare(BleDevice device, int passkey);

    /// These digits are to be typed on the device.
    void show(BleDevice device, int passkey);
  }

  /// What a person says of two numbers.
  enum Confirmation {
    SAME,
    DIFFERENT
  }
}
