// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {
  private record Case(String text, String host, int port, String printed) {}

  @Test
  void a_target_is_read_and_printed() throws Exception {
    for (Case good :
        List.of(
            new Case("udp://10.0.0.5:1338", "10.0.0.5", 1338, "udp://10.0.0.5:1338"),
            new Case("udp://device.local", "device.local", 1337, "udp://device.local:1337"),
            new Case("udp://device-7:1", "device-7", 1, "udp://device-7:1"),
            new Case("udp://device:65535", "device", 65_535, "udp://device:65535"),
            new Case("udp://device:", "device", 1337, "udp://device:1337"),
            new Case("udp://[::1]:5000", "::1", 5000, "udp://[::1]:5000"),
            new Case("udp://[fe80::1%eth0]", "fe80::1%eth0", 1337, "udp://[fe80::1%eth0]:1337"))) {
      assertThat(Target.parse(good.text()))
          .isEqualTo(new Target.Udp(good.host(), good.port()))
          .hasToString(good.printed());
      assertThat(Target.parse(good.printed())).isEqualTo(Target.parse(good.text()));
    }
  }

  @Test
  void what_is_no_target_is_refused_with_what_is_expected() {
    for (String wrong :
        List.of(
            "",
            "device",
            "device:1337",
            "10.0.0.5",
            "udp:",
            "udp:device",
            "udp://",
            "udp:///device",
            "udp://:1337",
            "udp://device:0",
            "udp://device:65536",
            "udp://device:99999999999",
            "udp://device:-1",
            "udp://device:x",
            "udp://device/slot",
            "udp://device/",
            "udp://device?slot=1",
            "udp://device#1",
            "udp://me@device",
            "udp://two devices",
            "udp://[::1",
            "udp://::1:1337")) {
      assertThatThrownBy(() -> Target.parse(wrong))
          .as(wrong)
          .isInstanceOf(MalformedException.class)
          .hasMessage("'%s' is no target, expected udp://HOST:PORT".formatted(wrong));
    }
  }

  @Test
  void another_scheme_is_no_way_to_a_device() {
    assertThatThrownBy(() -> Target.parse("http://device:1337"))
        .isInstanceOf(MalformedException.class)
        .hasMessage("'http' is no way to a device, expected udp://HOST:PORT");
  }

  @Test
  void a_wire_of_a_later_version_is_named() {
    Map.of(
            "dtls://device:1337", "SMP over DTLS",
            "serial:///dev/ttyACM0?baud=115200", "the serial console",
            "uart:///dev/ttyACM0", "the raw UART",
            "ble://AA:BB:CC:DD:EE:FF", "Bluetooth LE",
            "ble://name", "Bluetooth LE")
        .forEach(
            (text, wire) ->
                assertThatThrownBy(() -> Target.parse(text))
                    .as(text)
                    .isInstanceOf(MalformedException.class)
                    .hasMessage("this version does not speak %s yet, only udp://HOST:PORT", wire));
  }

  @Test
  void a_target_without_a_host_or_with_a_port_out_of_range_does_not_exist() {
    assertThatThrownBy(() -> new Target.Udp("", 1337)).isInstanceOf(IllegalArgumentException.class);
    for (int port : List.of(-1, 0, 65_536)) {
      assertThatThrownBy(() -> new Target.Udp("device", port))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
