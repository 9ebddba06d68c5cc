// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {
  private record Case(String text, Target target, String printed) {}

  private static Case udp(String text, String host, int port, String printed) {
    return new Case(text, new Target.Udp(host, port), printed);
  }

  @Test
  void a_target_is_read_and_printed() throws Exception {
    for (Case good :
        List.of(
            udp("udp://10.0.0.5:1338", "10.0.0.5", 1338, "udp://10.0.0.5:1338"),
            udp("udp://device.local", "device.local", 1337, "udp://device.local:1337"),
            udp("udp://device-7:1", "device-7", 1, "udp://device-7:1"),
            udp("udp://device:65535", "device", 65_535, "udp://device:65535"),
            udp("udp://device:", "device", 1337, "udp://device:1337"),
            udp("udp://[::1]:5000", "::1", 5000, "udp://[::1]:5000"),
            udp("udp://[fe80::1%eth0]", "fe80::1%eth0", 1337, "udp://[fe80::1%eth0]:1337"),
            new Case(
                "serial:///dev/ttyACM0",
                new Target.Serial("/dev/ttyACM0", 115_200),
                "serial:///dev/ttyACM0"),
            new Case(
                "serial:///dev/ttyACM0?baud=1000000",
                new Target.Serial("/dev/ttyACM0", 1_000_000),
                "serial:///dev/ttyACM0?baud=1000000"),
            new Case("serial://COM3", new Target.Serial("COM3", 115_200), "serial://COM3"),
            new Case(
                "serial:///dev/serial/by-id/usb-a+b%20c",
                new Target.Serial("/dev/serial/by-id/usb-a+b c", 115_200),
                "serial:///dev/serial/by-id/usb-a%2Bb%20c"),
            new Case(
                "uart:///dev/ttyUSB1?baud=460800",
                new Target.Uart("/dev/ttyUSB1", 460_800),
                "uart:///dev/ttyUSB1?baud=460800"))) {
      assertThat(Target.parse(good.text()))
          .as(good.text())
          .isEqualTo(good.target())
          .hasToString(good.printed());
      assertThat(Target.parse(good.printed())).isEqualTo(good.target());
    }
  }

  @Test
  void what_is_no_target_is_refused_with_what_is_expected() {
    for (String wrong :
        List.of(
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
            "udp://me@device",
            "udp://two devices",
            "udp://[::1",
            "udp://::1:1337",
            "udp://[device]")) {
      assertThatThrownBy(() -> Target.parse(wrong))
          .as(wrong)
          .isInstanceOf(MalformedException.class)
          .hasMessage("'%s' is no target, expected udp://HOST:PORT".formatted(wrong));
    }
    for (String wrong :
        List.of(
            "",
            "device",
            "device:1337",
            "10.0.0.5",
            "udp:",
            "udp:device",
            "udp://device#1",
            "://x",
            "udp://" + "x".repeat(5000))) {
      assertThatThrownBy(() -> Target.parse(wrong))
          .as(wrong)
          .isInstanceOf(MalformedException.class)
          .hasMessageEndingWith(
              "is no target, expected udp://HOST:PORT, serial:///dev/PORT or the like");
    }
  }

  @Test
  void each_wire_says_what_it_expects() {
    Map.ofEntries(
            Map.entry("udp://device?slot=1", "'udp://device?slot=1' knows no slot"),
            Map.entry("serial://", "expected serial:///dev/PORT"),
            Map.entry("uart:///", "expected uart:///dev/PORT"),
            Map.entry("serial:///dev/x?baud=fast", "expected baud=N"),
            Map.entry("serial:///dev/x?baud=1", "expected baud=300 to 20000000"),
            Map.entry("serial:///dev/x?parity=even", "knows no parity, only baud"),
            Map.entry("serial:///dev/x?baud", "expected NAME=VALUE once each behind the '?'"),
            Map.entry("serial:///dev/x?baud=", "expected NAME=VALUE once each behind the '?'"),
            Map.entry(
                "serial:///dev/x?baud=9600&baud=9600",
                "expected NAME=VALUE once each behind the '?'"),
            Map.entry("serial:///dev/%zz", "expected two hexadecimal digits behind each '%'"),
            Map.entry("ble://", "expected ble://AA:BB:CC:DD:EE:FF or ble://NAME"),
            Map.entry("ble:// ", "expected ble://AA:BB:CC:DD:EE:FF or ble://NAME"),
            Map.entry(
                "dtls://device", "expected dtls://HOST:PORT?psk-id=NAME&psk=FILE or ?ca=FILE"),
            Map.entry("dtls://?psk-id=a&psk=f", "expected dtls://HOST:PORT?psk-id=NAME&psk=FILE"),
            Map.entry("dtls://device?psk=f", "expected dtls://HOST:PORT?psk-id=NAME&psk=FILE or"),
            Map.entry("dtls://device?psk-id=a", "expected dtls://HOST:PORT?psk-id=NAME&psk=FILE"),
            Map.entry("dtls://device?psk-id=a&psk=f&ca=c", "expected dtls://HOST:PORT?psk-id"),
            Map.entry("dtls://device?ca=c&cert=d", "[&cert=FILE&key=FILE]"),
            Map.entry("dtls://device?secret=00", "knows no secret, only psk-id, psk, ca"),
            Map.entry(
                "http://device", "'http' is no way to a device, expected udp, dtls, serial, uart"))
        .forEach(
            (text, words) ->
                assertThatThrownBy(() -> Target.parse(text))
                    .as(text)
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining(words));
  }

  @Test
  void the_keys_of_dtls_are_named_by_their_files_and_not_printed() throws Exception {
    Target psk = Target.parse("dtls://[::1]:5684?psk-id=sensor%201&psk=/keys/sensor.psk");
    assertThat(psk)
        .isEqualTo(
            new Target.Dtls("::1", 5684, new DtlsKeys.Psk("sensor 1", Path.of("/keys/sensor.psk"))))
        .hasToString("dtls://[::1]:5684");
    assertThat(Target.parse("dtls://device?ca=ca.pem"))
        .isEqualTo(
            new Target.Dtls(
                "device",
                1337,
                new DtlsKeys.Certificates(Optional.of(Path.of("ca.pem")), Optional.empty())));
    assertThat(Target.parse("dtls://device?ca=ca.pem&cert=me.pem&key=me.key"))
        .isEqualTo(
            new Target.Dtls(
                "device",
                1337,
                new DtlsKeys.Certificates(
                    Optional.of(Path.of("ca.pem")),
                    Optional.of(new DtlsKeys.Own(Path.of("me.pem"), Path.of("me.key"))))));
  }

  @Test
  void a_target_that_makes_no_sense_does_not_exist() {
    assertThatThrownBy(() -> new Target.Udp("", 1337)).isInstanceOf(IllegalArgumentException.class);
    for (int port : List.of(-1, 0, 65_536)) {
      assertThatThrownBy(() -> new Target.Udp("device", port))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Target.Serial("", 9600))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Target.Uart("/dev/x", 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DtlsKeys.Psk("", Path.of("f")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
