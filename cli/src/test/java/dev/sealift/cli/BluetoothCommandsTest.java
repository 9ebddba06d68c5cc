// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BluetoothCommandsTest {
  @Test
  void pairing_wants_a_bluetooth_device_and_somebody_to_answer_its_questions() {
    Typed wire = type("device", "pair", "--to", "udp://192.0.2.7");
    assertThat(wire.exit()).isEqualTo(2);
    assertThat(wire.err()).contains("'udp://192.0.2.7' is no Bluetooth device");
    Typed nobody = type("device", "pair", "--to", "ble://sensor");
    assertThat(nobody.exit()).isEqualTo(2);
    assertThat(nobody.err()).contains("say --passkey DIGITS or --just-works");
    assertThat(type("device", "pair", "--to", "ble://sensor", "--passkey", "1234567").exit())
        .isEqualTo(2);
    Typed both = type("device", "pair", "--to", "ble://s", "--passkey", "1", "--just-works");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(type("device", "forget", "--to", "ble://sensor/x").exit()).isEqualTo(2);
  }
}
