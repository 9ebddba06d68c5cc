// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import dev.sealift.transport.Target;
import dev.sealift.transport.ble.BleTarget.Device;
import dev.sealift.transport.ble.BleTarget.Encryption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BleTargetTest {
  private static final Device ADDRESS = new Device.Address(new BleAddress("AA:BB:CC:DD:EE:FF"));

  private record Case(
      String text,
      Device device,
      Optional<String> adapter,
      Encryption encryption,
      String printed) {}

  private static Case plain(String text, Device device, String printed) {
    return new Case(text, device, Optional.empty(), Encryption.REQUIRED, printed);
  }

  @Test
  void a_target_is_read_and_printed() throws Exception {
    for (Case good :
        List.of(
            plain("ble://AA:BB:CC:DD:EE:FF", ADDRESS, "ble://AA:BB:CC:DD:EE:FF"),
            plain("ble://aa:bb:cc:dd:ee:ff", ADDRESS, "ble://AA:BB:CC:DD:EE:FF"),
            plain("ble://sensor", new Device.Name("sensor"), "ble://sensor"),
            plain("ble://Sensor_7", new Device.Name("Sensor_7"), "ble://Sensor_7"),
            plain("ble://My%20Sensor", new Device.Name("My Sensor"), "ble://My%20Sensor"),
            plain("ble://F%C3%BChler", new Device.Name("Fühler"), "ble://F%C3%BChler"),
            plain("ble://a%2Fb%3Fc", new Device.Name("a/b?c"), "ble://a%2Fb%3Fc"),
            new Case(
                "ble://sensor?adapter=hci1",
                new Device.Name("sensor"),
                Optional.of("hci1"),
                Encryption.REQUIRED,
                "ble://sensor?adapter=hci1"),
            new Case(
                "ble://sensor?encryption=none",
                new Device.Name("sensor"),
                Optional.empty(),
                Encryption.NOT_ASKED,
                "ble://sensor?encryption=none"),
            new Case(
                "ble://sensor?encryption=none&adapter=hci0",
                new Device.Name("sensor"),
                Optional.of("hci0"),
                Encryption.NOT_ASKED,
                "ble://sensor?adapter=hci0&encryption=none"))) {
      BleTarget target = new BleTarget(good.device(), good.adapter(), good.encryption());
      assertThat(Target.parse(good.text()))
          .isEqualTo(new Target.Ble(target))
          .hasToString(good.printed());
      assertThat(Target.parse(good.printed())).isEqualTo(new Target.Ble(target));
    }
  }

  @Test
  void what_is_no_target_is_refused_with_what_is_expected() {
    for (String wrong :
        List.of(
            "ble://",
            "ble://%20",
            "ble://sensor/",
            "ble://sensor/x",
            "ble:///sensor",
            "ble://sensor#1",
            "ble://sensor?",
            "ble://sensor?encryption=all",
            "ble://sensor?encryption",
            "ble://sensor?adapter=",
            "ble://sensor?adapter=eth0",
            "ble://sensor?adapter=hci1&",
            "ble://sensor?encryption=none&encryption=none")) {
      assertThatThrownBy(() -> Target.parse(wrong))
          .as(wrong)
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("'%s' is no target, expected ".formatted(wrong));
    }
    assertThatThrownBy(() -> Target.parse("ble://sensor?x=1"))
        .hasMessage("'ble://sensor?x=1' knows no x, only adapter, encryption");
  }

  @Test
  void an_address_is_six_bytes() {
    for (String wrong : List.of("", "AA:BB:CC:DD:EE", "AA:BB:CC:DD:EE:FG", "AABBCCDDEEFF")) {
      assertThatThrownBy(() -> new BleAddress(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
