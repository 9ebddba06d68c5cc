// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSettingsTest {
  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void what_cannot_be_read_is_said_to_be_assumed(@TempDir Path root) {
    assertThat(HostSettings.read(root, "hci0").remarks())
        .first()
        .isEqualTo(
            "connection interval 30 to 50 ms, latency 0 (assumed, the kernel's defaults); the"
                + " device may ask for another");
  }

  @Test
  void the_configuration_of_bluez_is_read(@TempDir Path root) throws Exception {
    write(
        root.resolve("etc/bluetooth/main.conf"),
        """
        [General]
        MinConnectionInterval=99
        [LE]
        #MaxConnectionInterval=98
        MinConnectionInterval=6
        MaxConnectionInterval = 0x9
        ConnectionLatency=many
        Other=1
        [GATT]
        MaxConnectionInterval=97
        """);
    assertThat(HostSettings.read(root, "hci0").remarks())
        .first()
        .isEqualTo(
            "connection interval 7.5 to 11.25 ms, latency 0 (as /etc/bluetooth/main.conf says);"
                + " the device may ask for another");
  }

  @Test
  void what_the_kernel_says_counts_for_its_adapter(@TempDir Path root) throws Exception {
    write(root.resolve("etc/bluetooth/main.conf"), "[LE]\nMinConnectionInterval=6\n");
    Path kernel = root.resolve("sys/kernel/debug/bluetooth/hci1");
    write(kernel.resolve("conn_min_interval"), "12\n");
    write(kernel.resolve("conn_max_interval"), "24\n");
    write(kernel.resolve("conn_latency"), "2\n");
    assertThat(HostSettings.read(root, "hci1"))
        .isEqualTo(new HostSettings("hci1", HostSettings.Origin.KERNEL, 12, 24, 2));
    assertThat(HostSettings.read(root, "hci1").remarks())
        .anyMatch(remark -> remark.startsWith("connection interval 15 to 30 ms, latency 2"))
        .anyMatch(remark -> remark.contains("/sys/kernel/debug/bluetooth/hci1"));
    assertThat(HostSettings.read(root, "hci0").origin())
        .isEqualTo(HostSettings.Origin.CONFIGURATION);
  }
}
