// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Os;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.testkit.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LookoutTest {
  private static final String ADDRESS = "10.77.0.2";

  @Test
  void serial_ports_are_listed_with_targets_that_parse() throws Exception {
    for (Sighting port : new SerialLookout().look(Duration.ZERO)) {
      assertThat(Target.parse(port.target().toString())).isEqualTo(port.target());
      assertThat(port.description()).isNotBlank();
    }
  }

  @Test
  void words_of_strangers_hold_nothing_a_terminal_would_obey() {
    Target target = new Target.Udp("10.0.0.1", 1337);
    assertThat(new Sighting(target, "\u001b[2J\u202egood\r\nname\u0007 ").description())
        .isEqualTo("[2Jgoodname");
    assertThat(new Sighting(target, "x".repeat(10_000)).description()).hasSize(100);
  }

  @Test
  void every_lookout_names_its_wire() {
    assertThat(Lookout.all()).extracting(Lookout::wire).doesNotHaveDuplicates().doesNotContain("");
  }

  /// Two network namespaces with a cable between them: the scan runs in one, a device that makes
  /// itself known in the other. Neither is reached from anywhere else.
  private static final String NETWORK =
      """
      ip link set lo up
      unshare -n sh -c '
        until ip link set device0 up 2>/dev/null; do :; done
        ip link set lo up; ip addr add 10.77.0.2/24 dev device0
        exec "$@"' sh "$@" DEVICE &
      device=$!
      # The cable can be laid once the other namespace is another one.
      until [ "$(readlink /proc/$device/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
      ip link add scan0 type veth peer name device0 netns $device || exit 9
      ip addr add 10.77.0.1/24 dev scan0; ip link set scan0 up
      "$@" SCAN
      code=$?
      kill $device
      exit $code
      """;

  @Test
  void a_device_that_makes_itself_known_is_found_and_spoken_to() throws Exception {
    Optional<Tool> ip = Tool.find("ip", "iproute2");
    Optional<Tool> unshare = Tool.find("unshare", "util-linux");
    if (ip.isEmpty() || unshare.isEmpty()) {
      return;
    }
    Process process =
        new ProcessBuilder(
                unshare.get().program().toString(),
                "-r",
                "-n",
                "sh",
                "-c",
                NETWORK,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Neighbourhood.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("found udp://" + ADDRESS + ":1337, sensor-1")
        .contains("echoed hello");
  }

  /// What runs in the two namespaces.
  static final class Neighbourhood {
    private static final int ROUNDS_MAX = 20;

    private Neighbourhood() {}

    public static void main(String[] args) throws Exception {
      System.exit(args[0].equals("DEVICE") ? device() : scan());
    }

    private static int device() throws Exception {
      SmpServer server = new Collecting().server(512, 4);
      InetAddress own = InetAddress.getByName(ADDRESS);
      try (UdpListener _ = UdpListener.open(own, 1337, 4, server::receive);
          JmDNS voice = JmDNS.create(own, "sensor")) {
        voice.registerService(ServiceInfo.create(MdnsLookout.SERVICE, "sensor-1", 1337, ""));
        // Ended from outside.
        new CountDownLatch(1).await(2, TimeUnit.MINUTES);
      }
      return 0;
    }

    private static int scan() throws IOException {
      for (int round = 0; round < ROUNDS_MAX; round++) {
        List<Sighting> seen = new MdnsLookout().look(Duration.ofSeconds(2));
        if (!seen.isEmpty()) {
          Sighting first = seen.getFirst();
          System.out.println("found " + first.target() + ", " + first.description());
          try (SmpClient client = new SmpClient(first.target().open(), System::nanoTime)) {
            if (client.call(new Os.Echo(Optional.of("hello")))
                instanceof Answer.Done<Os.EchoReply>(var reply)) {
              System.out.println("echoed " + reply.text());
            }
          }
          return 0;
        }
      }
      System.out.println("nothing found");
      return 1;
    }
  }
}
