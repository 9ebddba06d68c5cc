// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.transport.ble.BleLookout;
import dev.sealift.transport.ble.Bluetooth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Looks for devices on one kind of wire.
public sealed interface Lookout permits SerialLookout, MdnsLookout, BleLookout {
  /// More than this is not a neighbourhood but somebody making names up.
  int SIGHTINGS_MAX = 256;

  static List<Lookout> all() {
    return List.of(
        new SerialLookout(), new MdnsLookout(), new BleLookout(Bluetooth.ofThisMachine()));
  }

  /// What is looked at, in a word or two.
  String wire();

  /// What is seen in that time, each target once.
  List<Sighting> look(Duration patience) throws IOException;
}
