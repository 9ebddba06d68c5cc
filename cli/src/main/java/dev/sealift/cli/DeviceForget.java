// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.ble.BleTarget;
import dev.sealift.transport.ble.Bluetooth;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Undoes `device pair`.
@Command(
    name = "forget",
    description = "Forget a paired Bluetooth device and its keys.",
    footer = {"", "Example: sealift device forget --to ble://sensor-7"})
final class DeviceForget extends Verb {
  @Option(
      names = "--to",
      paramLabel = "TARGET",
      required = true,
      description = "the device: ble://AA:BB:CC:DD:EE:FF or ble://NAME")
  private String target = "";

  DeviceForget(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    BleTarget device = DevicePair.bluetooth(target);
    try {
      Bluetooth.ofThisMachine().forget(device);
      return Outcome.done(
          device.device() + " is forgotten",
          CborMap.builder().put("target", device.toString()).put("forgotten", true).build());
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    }
  }
}
