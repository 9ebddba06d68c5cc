// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.smp.wire.PacketAssembler;
import dev.sealift.smp.wire.SerialConsole;
import dev.sealift.testkit.PtyPair;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real ports of this machine: pseudo-terminals. The time limits only end a test that hangs.
@Timeout(120)
class SerialTest {
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));

  private static final LinkId LINK = new LinkId("test");

  /// Faster than any real one, so that pauses by the wire's time are short.
  private static final int BAUD = 1_000_000;

  private static final Duration LONG = Duration.ofSeconds(20);

  /// A server on one end of a cable, and what the tests need of the other.
  private record Cable(PtyPair pair) implements AutoCloseable {
    Target.Serial console() {
      return new Target.Serial(pair.left(), BAUD);
    }

    Target.Uart raw() {
      return new Target.Uart(pair.left(), BAUD);
    }

    SerialListener console(ConsoleManners manners, SmpServer server) throws IOException {
      return SerialListener.open(
          new Target.Serial(pair.right(), BAUD),
          manners,
          server.setup().bufferSize(),
          server.setup().bufferCount(),
          server::receive);
    }

    SerialListener raw(SmpServer server) throws IOException {
      return SerialListener.open(
          new Target.Uart(pair.right(), BAUD),
          server.setup().bufferSize(),
          server.setup().bufferCount(),
          server::receive);
    }

    @Override
    public void close() {
      pair.close();
    }
  }

  @FunctionalInterface
  private interface Talk {
    void over(Cable cable) throws Exception;
  }

  private static void withCable(Talk talk) throws Exception {
    Optional<PtyPair> pair = PtyPair.open();
    if (pair.isPresent()) {
      try (Cable cable = new Cable(pair.get())) {
        talk.over(cable);
      }
    }
  }

  private static SmpClient client(Link link) {
    return new SmpClient(link, System::nanoTime);
  }

  private static void assertEchoed(SmpClient client) throws IOException {
    assertThat(client.call(ECHO)).isEqualTo(new Answer.Done<>(new Os.EchoReply("hello")));
  }

  private static void assertArrives(Target target, Listener listener, Collecting store)
      throws IOException {
    Bytes file = Collecting.image(20_000);
    try (listener;
        SmpClient client = client(target.open())) {
      assertEchoed(client);
      assertThat(client.upload(new ChunkedContent.Image(file), client.frame(), (_, _) -> {}))
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
    }
    assertThat(store.finished()).contains(file);
  }

  @Test
  void a_device_is_spoken_to_over_its_console() throws Exception {
    for (ConsoleManners manners :
        List.of(ConsoleManners.ZEPHYR, ConsoleManners.ZEPHYR_1_14, ConsoleManners.RECOVERY)) {
      withCable(
          cable -> {
            Collecting store = new Collecting();
            assertArrives(cable.console(), cable.console(manners, store.server(1024, 4)), store);
          });
    }
  }

  @Test
  void a_device_is_spoken_to_over_a_raw_uart() throws Exception {
    withCable(
        cable -> {
          Collecting store = new Collecting();
          assertArrives(cable.raw(), cable.raw(store.server(1024, 4)), store);
        });
  }

  @Test
  void a_port_opens_again_after_it_was_closed() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          for (int i = 0; i < 3; i++) {
            try (Listener listener = cable.console(ConsoleManners.ZEPHYR, server);
                SmpClient client = client(cable.console().open())) {
              assertThat(listener.target())
                  .hasToString("serial://" + cable.pair().right() + "?baud=1000000");
              assertEchoed(client);
            }
          }
        });
  }

  // The traps of the reference.

  @Test
  void length_and_checksum_share_the_servers_buffer_on_a_console_but_not_on_a_raw_uart()
      throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          try (Listener listener = cable.console(ConsoleManners.RECOVERY, server);
              SmpClient client = client(cable.console().open())) {
            assertThat(client.frame()).isEqualTo(new Frame(508, 3));
            assertThat(listener.dropped()).isZero();
          }
          try (Listener listener = cable.raw(server);
              SmpClient client = client(cable.raw().open())) {
            assertThat(client.frame()).isEqualTo(new Frame(512, 3));
            assertThat(listener.dropped()).isZero();
          }
        });
  }

  @Test
  void a_console_that_does_not_tell_its_buffers_gets_what_fits_the_smallest() throws Exception {
    withCable(
        cable -> {
          SmpServer mute = new Collecting().server(512, 4, new Collecting.NoParameters());
          try (Listener listener = cable.console(ConsoleManners.ZEPHYR, mute);
              SmpClient client = client(cable.console().open())) {
            assertThat(client.frame()).isEqualTo(new Frame(380, 1));
            assertThat(listener.dropped()).isZero();
          }
        });
  }

  @Test
  void a_request_that_fills_the_buffer_is_answered_and_one_byte_more_is_silence() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          try (Listener listener = cable.console(ConsoleManners.RECOVERY, server);
              Link link = cable.console().open()) {
            Bytes fits = echo(508);
            link.send(fits);
            assertThat(link.receive(LONG)).isPresent();
            link.send(echo(509));
            link.send(echo(20));
            // The short one behind it is the next that is answered.
            assertThat(link.receive(LONG).orElseThrow().size()).isLessThan(40);
            assertThat(listener.dropped()).isZero();
          }
        });
  }

  /// An echo of so many bytes in all.
  private static Bytes echo(int size) {
    for (int text = Math.max(0, size - 20); text <= size; text++) {
      Bytes packet =
          SmpMessage.request(new Os.Echo(Optional.of("x".repeat(text))), SmpMessage.Version.V2, 7)
              .write();
      if (packet.size() == size) {
        return packet;
      }
    }
    throw new AssertionError("no echo of " + size + " bytes");
  }

  @Test
  void lines_that_come_at_once_overrun_the_server_until_they_are_paced() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(1024, 4);
          try (Listener listener = cable.console(ConsoleManners.ZEPHYR, server);
              SerialLink link = SerialLink.open(cable.console())) {
            Bytes five = echo(400);
            assertThat(SerialConsole.PLAIN.lines(five)).hasSize(5);
            assertThat(link.pause()).isZero();
            link.send(five);
            assertThat(link.receive(Duration.ofMillis(200))).isEmpty();
            assertThat(link.pause()).isPositive();
            SmpClient client = client(link);
            assertThat(client.call(new Os.Echo(Optional.of("y".repeat(380)))))
                .isEqualTo(new Answer.Done<>(new Os.EchoReply("y".repeat(380))));
            assertThat(listener.dropped()).isZero();
          }
        });
  }

  @Test
  void each_further_silence_doubles_the_pause_up_to_a_bound() throws Exception {
    withCable(
        cable -> {
          try (SerialLink link = SerialLink.open(cable.console())) {
            List<Duration> pauses = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              link.send(echo(200));
              assertThat(link.receive(Duration.ofMillis(1))).isEmpty();
              // Waiting on for the same packet is no further silence.
              assertThat(link.receive(Duration.ofMillis(1))).isEmpty();
              pauses.add(link.pause());
            }
            assertThat(pauses.get(1)).isEqualTo(pauses.get(0).multipliedBy(2));
            assertThat(pauses.get(2)).isEqualTo(pauses.get(0).multipliedBy(4));
            assertThat(pauses.getLast()).isEqualTo(Duration.ofMillis(50));
          }
        });
  }

  @Test
  void silence_after_single_lines_changes_no_pace() throws Exception {
    withCable(
        cable -> {
          try (SerialLink link = SerialLink.open(cable.console())) {
            link.send(echo(20));
            assertThat(link.receive(Duration.ofMillis(50))).isEmpty();
            assertThat(link.pause()).isZero();
          }
        });
  }

  @Test
  void a_log_and_a_shell_on_the_same_line_do_no_harm() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          try (SerialLine device = SerialLine.open(cable.pair().right(), BAUD);
              Link link = cable.console().open()) {
            device.write(Bytes.ofUtf8("*** Booting Zephyr OS build v4.4.0 ***\r\nuart:~$ "));
            Bytes answer = server.receive(LINK, echo(300)).getFirst();
            for (Bytes line : SerialConsole.PLAIN.lines(answer)) {
              device.write(line);
              device.write(Bytes.ofUtf8("[00:00:02.000] \u001b[32m<inf> app: tick\r\nuart:~$ "));
            }
            assertThat(link.receive(LONG)).contains(answer);
          }
        });
  }

  @Test
  void a_boot_banner_on_a_raw_uart_costs_one_answer_at_most() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          try (SerialLine device = SerialLine.open(cable.pair().right(), BAUD);
              SmpClient client = client(cable.raw().open())) {
            device.write(Bytes.ofUtf8("\r\n*** Booting MCUboot v2.2.0 ***\r\n"));
            device.write(Bytes.ofHex("0a"));
            // Ends when the test closes the port.
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        Framing framing = new Framing.Raw(new PacketAssembler(512));
                        while (true) {
                          for (Bytes packet :
                              device.read(LONG).map(framing::packets).orElse(List.of())) {
                            device.write(server.receive(LINK, packet).getFirst());
                          }
                        }
                      } catch (IOException _) {
                        // Closed.
                      }
                    });
            assertEchoed(client);
          }
        });
  }

  @Test
  void half_a_raw_packet_is_given_up_after_a_silence() throws Exception {
    withCable(
        cable -> {
          SmpServer server = new Collecting().server(512, 4);
          try (SerialLine host = SerialLine.open(cable.pair().left(), BAUD);
              Listener listener = cable.raw(server)) {
            host.write(echo(100).first(60));
            // Waits for longer than the server is patient: nothing comes.
            assertThat(host.read(Duration.ofMillis(1200))).isEmpty();
            host.write(echo(30));
            assertThat(host.read(LONG)).isPresent();
            assertThat(listener.dropped()).isZero();
          }
        });
  }

  @Test
  void a_device_that_talks_without_end_neither_fills_the_memory_nor_hides_the_answer()
      throws Exception {
    withCable(
        cable -> {
          SplittableRandom dice = new SplittableRandom(3);
          SmpServer server = new Collecting().server(512, 4);
          try (SerialLine device = SerialLine.open(cable.pair().right(), BAUD);
              Link link = cable.console().open()) {
            for (int i = 0; i < 200; i++) {
              byte[] noise = new byte[1000];
              dice.nextBytes(noise);
              device.write(Bytes.owning(noise));
            }
            device.write(Bytes.ofHex("0a"));
            assertThat(link.receive(Duration.ofMillis(300))).isEmpty();
            Bytes answer = server.receive(LINK, echo(30)).getFirst();
            device.write(SerialConsole.PLAIN.lines(answer).getFirst());
            assertThat(link.receive(LONG)).contains(answer);
          }
        });
  }

  // The world.

  @Test
  void a_port_that_is_not_there_is_said() {
    assertThatThrownBy(() -> Target.parse("serial:///dev/no-such-port").open())
        .isInstanceOf(IOException.class)
        .hasMessage("there is no serial port /dev/no-such-port");
  }

  @Test
  void a_port_that_is_taken_is_said() throws Exception {
    withCable(
        cable -> {
          try (Link link = cable.console().open()) {
            assertThatThrownBy(() -> cable.console().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot open " + cable.pair().left());
            assertThat(link.packetMax()).isGreaterThan(2048);
          }
        });
  }

  @Test
  void a_device_that_takes_nothing_in_is_said_and_not_waited_for_without_end() throws Exception {
    withCable(
        cable -> {
          try (SerialLine line = SerialLine.open(cable.pair().left(), BAUD)) {
            assertThatThrownBy(
                    () -> {
                      for (int i = 0; i < 200; i++) {
                        line.write(Bytes.filled(4096, 0));
                      }
                    })
                .isInstanceOf(IOException.class)
                .hasMessage(
                    "the serial port %s takes nothing in; is the device hung?"
                        .formatted(cable.pair().left()));
          }
        });
  }

  @Test
  void a_port_unplugged_in_an_upload_is_said_and_the_next_run_resumes() throws Exception {
    Collecting store = new Collecting();
    SmpServer server = store.server(512, 4);
    Bytes file = Collecting.image(40_000);
    withCable(
        cable -> {
          try (Listener _ = cable.console(ConsoleManners.RECOVERY, server);
              SmpClient client = client(cable.console().open())) {
            CountDownLatch pulled = new CountDownLatch(1);
            assertThatThrownBy(
                    () ->
                        client.upload(
                            new ChunkedContent.Image(file),
                            client.frame(),
                            (acknowledged, _) -> {
                              if (acknowledged > 10_000 && pulled.getCount() > 0) {
                                pulled.countDown();
                                cable.close();
                              }
                            }))
                .isInstanceOf(IOException.class)
                .hasMessage(
                    "the serial port %s went away; was it unplugged?"
                        .formatted(cable.pair().left()));
            assertThat(pulled.await(0, TimeUnit.SECONDS)).isTrue();
          }
        });
    withCable(
        cable -> {
          List<Long> told = new ArrayList<>();
          try (Listener _ = cable.console(ConsoleManners.RECOVERY, server);
              SmpClient client = client(cable.console().open())) {
            assertThat(
                    client.upload(
                        new ChunkedContent.Image(file),
                        client.frame(),
                        (acknowledged, _) -> told.add(acknowledged)))
                .isInstanceOf(SmpClient.Delivery.Delivered.class);
          }
          assertThat(store.finished()).contains(file);
          assertThat(told.stream().filter(at -> at > 0).findFirst().orElseThrow())
              .as("where the second run began")
              .isGreaterThan(10_000);
        });
  }
}
