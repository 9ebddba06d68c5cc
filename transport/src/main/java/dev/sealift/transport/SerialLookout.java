// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import com.fazecast.jSerialComm.SerialPort;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The serial ports of this machine. Whether one has a console or a raw UART behind it, or nothing
/// at all, only asking tells.
public record SerialLookout() implements Lookout {
  @Override
  public String wire() {
    return "serial ports";
  }

  /// They are there or not, so this takes no time.
  @Override
  public List<Sighting> look(Duration patience) {
    return Arrays.stream(SerialPort.getCommPorts())
        .map(
            port ->
                new Sighting(
                    new Target.Serial(port.getSystemPortPath(), Uri.BAUD_DEFAULT),
                    port.getDescriptivePortName()))
        .sorted(Comparator.comparing(sighting -> sighting.target().toString()))
        .limit(SIGHTINGS_MAX)
        .toList();
  }
}
