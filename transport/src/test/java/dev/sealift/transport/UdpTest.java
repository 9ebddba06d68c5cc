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
import dev.sealift.testkit.LossyProxy;
import dev.sealift.testkit.Weather;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real sockets on this machine. The time limits only end a test that hangs.
@Timeout(60)
class UdpTest {
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));

  private static InetAddress v4() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static InetAddress v6() throws IOException {
    byte[] one = new byte[16];
    one[15] = 1;
    return InetAddress.getByAddress(one);
  }

  private static boolean hasV6() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(v6(), 0))) {
      return socket.isBound();
    } catch (SocketException _) {
      System.out.println("skipped: this machine has no IPv6 loopback");
      return false;
    }
  }

  private static SmpClient client(UdpListener listener) throws IOException {
    return new SmpClient(listener.target().open(), System::nanoTime);
  }

  private static void assertEchoed(SmpClient client) throws IOException {
    assertThat(client.call(ECHO)).isEqualTo(new Answer.Done<>(new Os.EchoReply("hello")));
  }

  private static void conversation(InetAddress address) throws IOException {
    Collecting store = new Collecting();
    SmpServer server = store.server(1024, 4);
    Bytes file = Collecting.image(60_000);
    try (UdpListener listener = UdpListener.open(address, 0, 4, server::receive);
        SmpClient client = client(listener)) {
      assertEchoed(client);
      assertThat(client.call(new Os.Parameters()))
          .isEqualTo(new Answer.Done<>(new Os.ParametersReply(1024, 4)));
      Frame frame = client.frame();
      assertThat(frame).isEqualTo(new Frame(1024, 3));
      assertThat(client.upload(new ChunkedContent.Image(file), frame, (_, _) -> {}))
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
    }
    // Closed: nothing of the server runs any more, so its store may be read.
    assertThat(store.finished()).contains(file);
  }

  @Test
  void a_device_is_spoken_to_over_ipv4() throws Exception {
    conversation(v4());
  }

  @Test
  void a_device_is_spoken_to_over_ipv6() throws Exception {
    if (hasV6()) {
      conversation(v6());
    }
  }

  @Test
  void loss_reordering_and_duplication_are_survived_by_an_upload() throws Exception {
    Bytes file = Collecting.image(40_000);
    for (long seed = 1; seed <= 3; seed++) {
      Collecting store = new Collecting();
      SmpServer server = store.server(1024, 4);
      try (UdpListener listener = UdpListener.open(v4(), 0, 4, server::receive);
          LossyProxy proxy =
              LossyProxy.before(
                  new InetSocketAddress(v4(), listener.target().port()),
                  new Weather(seed, 0.06, 0.05, 0.05),
                  new Weather(-seed, 0.06, 0.05, 0.05));
          SmpClient client =
              new SmpClient(new Target.Udp("127.0.0.1", proxy.port()).open(), System::nanoTime)) {
        assertThat(client.upload(new ChunkedContent.Image(file), client.frame(), (_, _) -> {}))
            .as("seed %d", seed)
            .isInstanceOf(SmpClient.Delivery.Delivered.class);
        assertThat(proxy.harmed()).isPositive();
      }
      assertThat(store.finished()).contains(file);
    }
  }

  /// Section 3: a server cuts a datagram at 1500 bytes, whatever its buffers hold.
  @Test
  void no_request_is_longer_than_a_datagram_that_servers_take() throws Exception {
    SmpServer server = new Collecting().server(2048, 2);
    try (UdpListener listener = UdpListener.open(v4(), 0, 2, server::receive);
        SmpClient client = client(listener)) {
      assertThat(client.frame()).isEqualTo(new Frame(1500, 1));
    }
  }

  /// The cut is that of the socket, not of the server: over other wires all of a buffer counts.
  @Test
  void a_datagram_is_cut_where_a_real_server_cuts_it() throws Exception {
    SmpServer server = new Collecting().server(2048, 4);
    try (UdpListener listener = UdpListener.open(v4(), 0, 4, server::receive);
        SmpClient client = client(listener)) {
      assertThat(client.call(new Os.Echo(Optional.of("x".repeat(1500 - 8 - 6)))))
          .isInstanceOf(Answer.Done.class);
      assertThat(client.call(new Os.Echo(Optional.of("x".repeat(1500 - 8 - 5)))))
          .isInstanceOfSatisfying(
              Answer.Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(new Answer.Protocol(Answer.ResultCode.CORRUPT, Optional.empty())));
    }
    MemoryLink memory = new MemoryLink(new LinkId("test"), server::receive);
    assertThat(
            new SmpClient(memory, System::nanoTime)
                .call(new Os.Echo(Optional.of("x".repeat(1600)))))
        .isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_target_as_printed_leads_to_its_listener() throws Exception {
    for (InetAddress address : hasV6() ? List.of(v4(), v6()) : List.of(v4())) {
      SmpServer server = new Collecting().server(512, 4);
      try (UdpListener listener = UdpListener.open(address, 0, 4, server::receive);
          Link link = Target.parse(listener.target().toString()).open();
          SmpClient client = new SmpClient(link, System::nanoTime)) {
        assertThat(link.target()).isEqualTo(listener.target().toString());
        assertEchoed(client);
      }
    }
  }

  @Test
  void nobody_listening_is_said_with_the_target() throws Exception {
    Target.Udp target = silentPort();
    try (SmpClient client = new SmpClient(target.open(), System::nanoTime)) {
      assertThatThrownBy(() -> client.call(ECHO))
          .isInstanceOf(IOException.class)
          .hasMessage("nobody listens at " + target);
    }
  }

  @Test
  void an_upload_to_nobody_is_said_with_the_target() throws Exception {
    Target.Udp target = silentPort();
    try (SmpClient client = new SmpClient(target.open(), System::nanoTime)) {
      assertThatThrownBy(
              () ->
                  client.upload(
                      new ChunkedContent.Image(Collecting.image(5000)), Frame.SAFE, (_, _) -> {}))
          .isInstanceOf(IOException.class)
          .hasMessage("nobody listens at " + target);
    }
  }

  private static Target.Udp silentPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(v4(), 0))) {
      return new Target.Udp("127.0.0.1", socket.getLocalPort());
    }
  }

  @Test
  void a_name_that_does_not_resolve_is_said() {
    assertThatThrownBy(() -> new Target.Udp("no-such-host.invalid", 1337).open())
        .isInstanceOf(IOException.class)
        .hasMessage("the name no-such-host.invalid does not resolve");
  }

  @Test
  void a_link_that_is_closed_or_overfilled_says_which_it_was() throws Exception {
    Link link = silentPort().open();
    assertThatThrownBy(() -> link.send(Bytes.filled(70_000, 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(link.target());
    link.close();
    assertThatThrownBy(() -> link.send(Bytes.ofHex("00")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(link.target());
  }

  @Test
  void a_port_that_is_taken_is_said() throws Exception {
    try (UdpListener listener = UdpListener.open(v4(), 0, 4, (_, _) -> List.of())) {
      int port = listener.target().port();
      assertThatThrownBy(() -> UdpListener.open(v4(), port, 4, (_, _) -> List.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on UDP port " + port + " of 127.0.0.1");
    }
  }

  // The listener.

  @Test
  void a_burst_that_finds_no_buffer_is_dropped_and_the_rest_answered() throws Exception {
    SmpServer server = new Collecting().server(512, 4);
    CountDownLatch serving = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (UdpListener listener =
            UdpListener.open(
                v4(),
                0,
                4,
                (link, packet) -> {
                  serving.countDown();
                  pass(release);
                  return server.receive(link, packet);
                });
        DatagramSocket peer = connected(listener)) {
      send(peer, 0);
      pass(serving);
      for (int sequence = 1; sequence <= 8; sequence++) {
        send(peer, sequence);
      }
      // Four buffers: one holds the request being served, one is kept for its answer, two wait.
      while (listener.dropped() < 6) {
        Thread.onSpinWait();
      }
      release.countDown();
      assertThat(List.of(receive(peer), receive(peer), receive(peer))).containsExactly(0, 1, 2);
      assertThat(listener.dropped()).isEqualTo(6);
    }
  }

  @Test
  void answers_go_to_the_peer_that_asked() throws Exception {
    SmpServer server = new Collecting().server(512, 8);
    try (UdpListener listener = UdpListener.open(v4(), 0, 8, server::receive)) {
      List<DatagramSocket> peers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        DatagramSocket peer = connected(listener);
        peers.add(peer);
        send(peer, 10 + i);
      }
      for (int i = 0; i < 6; i++) {
        assertThat(receive(peers.get(i))).isEqualTo(10 + i);
        peers.get(i).close();
      }
    }
  }

  @Test
  void garbage_is_survived() throws Exception {
    SmpServer server = new Collecting().server(512, 4);
    SplittableRandom dice = new SplittableRandom(7);
    try (UdpListener listener = UdpListener.open(v4(), 0, 4, server::receive);
        DatagramSocket peer = connected(listener);
        SmpClient client = client(listener)) {
      for (int i = 0; i < 300; i++) {
        byte[] noise = new byte[i < 20 ? i : dice.nextInt(1, 2000)];
        dice.nextBytes(noise);
        peer.send(new DatagramPacket(noise, noise.length));
      }
      peer.send(new DatagramPacket(new byte[60_000], 60_000));
      assertEchoed(client);
    }
  }

  @Test
  void a_mistake_in_the_server_is_reported_and_the_next_request_served() throws Exception {
    SmpServer server = new Collecting().server(512, 2);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch reported = new CountDownLatch(1);
    AtomicReference<Throwable> mistake = new AtomicReference<>(new AssertionError("none"));
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (_, thrown) -> {
          mistake.set(thrown);
          reported.countDown();
        });
    try (UdpListener listener =
            UdpListener.open(
                v4(),
                0,
                2,
                (link, packet) -> {
                  if (calls.getAndIncrement() == 0) {
                    throw new IllegalStateException("ours");
                  }
                  return server.receive(link, packet);
                });
        DatagramSocket peer = connected(listener)) {
      send(peer, 1);
      pass(reported);
      assertThat(mistake.get()).isInstanceOf(IllegalStateException.class).hasMessage("ours");
      try (SmpClient client = client(listener)) {
        assertEchoed(client);
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void closing_waits_for_the_request_that_is_served_and_no_other_is() throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> events = new CopyOnWriteArrayList<>();
    UdpListener listener =
        UdpListener.open(
            v4(),
            0,
            4,
            (_, _) -> {
              serving.countDown();
              pass(release);
              events.add("served");
              return List.of(Bytes.ofHex("00"));
            });
    try (DatagramSocket peer = connected(listener)) {
      send(peer, 1);
      pass(serving);
      send(peer, 2);
    }
    Thread closing =
        Thread.ofVirtual()
            .start(
                () -> {
                  listener.close();
                  events.add("closed");
                });
    awaitFree(listener.target().port());
    release.countDown();
    closing.join();
    assertThat(events).containsExactly("served", "closed");
    assertThat(listener.target().port()).as("a target outlives its listener").isPositive();
    listener.close();
  }

  /// The socket is closed when its port can be had.
  private static void awaitFree(int port) throws IOException {
    while (true) {
      try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(v4(), port))) {
        assertThat(socket.isBound()).isTrue();
        return;
      } catch (SocketException _) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void a_server_may_close_its_own_listener() throws Exception {
    AtomicReference<Optional<UdpListener>> own = new AtomicReference<>(Optional.empty());
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    UdpListener listener =
        UdpListener.open(
            v4(),
            0,
            4,
            (_, _) -> {
              pass(opened);
              own.get().orElseThrow().close();
              closed.countDown();
              return List.of();
            });
    own.set(Optional.of(listener));
    opened.countDown();
    try (DatagramSocket peer = connected(listener)) {
      send(peer, 1);
      pass(closed);
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static DatagramSocket connected(UdpListener listener) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(new InetSocketAddress(listener.target().host(), listener.target().port()));
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void send(DatagramSocket socket, int sequence) throws IOException {
    byte[] packet = SmpMessage.request(ECHO, SmpMessage.Version.V2, sequence).write().toArray();
    socket.send(new DatagramPacket(packet, packet.length));
  }

  /// The sequence number of the next answer.
  private static int receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.receive(packet);
    return packet.getData()[6] & 0xff;
  }
}
