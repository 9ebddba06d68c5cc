// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.testkit.LossyProxy;
import dev.sealift.testkit.Weather;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real sockets and real handshakes on this machine. The time limits only end a test that hangs.
@Timeout(120)
class DtlsTest {
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));
  private static final DtlsEnd.Patience SHORT = new DtlsEnd.Patience(Duration.ofMillis(200), 3);

  @TempDir private static Path folder;

  private static DtlsKeys psk;
  private static DtlsKeys otherPsk;

  @BeforeAll
  static void write_the_keys() throws IOException {
    psk = new DtlsKeys.Psk("sensor-1", file("a.psk", "000102030405060708090a0b0c0d0e0f\n"));
    otherPsk = new DtlsKeys.Psk("sensor-1", file("b.psk", "ff0102030405060708090a0b0c0d0e0f"));
  }

  private static Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static DtlsListener listener(DtlsKeys keys, SmpServer server) throws IOException {
    return DtlsListener.open(anyPort(), keys, server.setup().bufferCount(), server::receive, SHORT);
  }

  private static Target.Dtls at(DtlsListener listener, DtlsKeys keys) {
    return new Target.Dtls(listener.target().host(), listener.target().port(), keys);
  }

  private static SmpClient client(Target.Dtls target) throws IOException {
    return new SmpClient(DtlsLink.open(target, SHORT), System::nanoTime);
  }

  private static void assertEchoed(SmpClient client) throws IOException {
    assertThat(client.call(ECHO)).isEqualTo(new Answer.Done<>(new Os.EchoReply("hello")));
  }

  @Test
  void a_device_is_spoken_to_with_a_shared_key() throws Exception {
    Collecting store = new Collecting();
    Bytes file = Collecting.image(60_000);
    try (DtlsListener listener = listener(psk, store.server(2048, 4));
        SmpClient client = client(at(listener, psk))) {
      assertEchoed(client);
      Frame frame = client.frame();
      assertThat(frame).isEqualTo(new Frame(1400, 3));
      assertThat(client.upload(new ChunkedContent.Image(file), frame, (_, _) -> {}))
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
    }
    assertThat(store.finished()).contains(file);
  }

  @Test
  void certificates_let_in_whom_they_should_and_nobody_else() throws Exception {
    Authority authority = new Authority("root");
    DtlsKeys.Own own = authority.issue("device");
    DtlsKeys device = new DtlsKeys.Certificates(Optional.empty(), Optional.of(own));
    DtlsKeys believing =
        new DtlsKeys.Certificates(Optional.of(authority.certificate()), Optional.empty());
    SmpServer server = new Collecting().server(1024, 4);
    try (DtlsListener listener = listener(device, server);
        SmpClient client = client(at(listener, believing))) {
      assertEchoed(client);
    }
    // The device asks for a certificate too.
    DtlsKeys strict =
        new DtlsKeys.Certificates(Optional.of(authority.certificate()), Optional.of(own));
    DtlsKeys technician =
        new DtlsKeys.Certificates(
            Optional.of(authority.certificate()), Optional.of(authority.issue("technician")));
    try (DtlsListener listener = listener(strict, server);
        SmpClient client = client(at(listener, technician))) {
      assertEchoed(client);
    }
    AtomicInteger served = new AtomicInteger();
    try (DtlsListener listener =
            DtlsListener.open(
                anyPort(),
                strict,
                4,
                (link, packet) -> {
                  served.incrementAndGet();
                  return server.receive(link, packet);
                },
                SHORT);
        SmpClient client = client(at(listener, believing))) {
      assertThatThrownBy(() -> assertEchoed(client))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no DTLS connection to " + listener.target());
    }
    assertThat(served).hasValue(0);
    // Another has signed the device's certificate.
    DtlsKeys elsewhere =
        new DtlsKeys.Certificates(
            Optional.of(new Authority("another").certificate()), Optional.empty());
    try (DtlsListener listener =
            DtlsListener.open(
                anyPort(),
                device,
                4,
                (_, _) -> {
                  served.incrementAndGet();
                  return List.of();
                },
                SHORT);
        SmpClient client = client(at(listener, elsewhere))) {
      assertThatThrownBy(() -> client.call(ECHO))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no DTLS connection to " + listener.target());
    }
    assertThat(served).hasValue(0);
  }

  @Test
  void a_wrong_key_or_name_is_refused_and_nothing_is_served() throws Exception {
    for (DtlsKeys wrong :
        List.of(otherPsk, new DtlsKeys.Psk("sensor-2", ((DtlsKeys.Psk) psk).file()))) {
      AtomicInteger served = new AtomicInteger();
      try (DtlsListener listener =
              DtlsListener.open(
                  anyPort(),
                  psk,
                  4,
                  (_, _) -> {
                    served.incrementAndGet();
                    return List.of();
                  },
                  SHORT);
          SmpClient client = client(at(listener, wrong))) {
        assertThatThrownBy(() -> client.call(ECHO))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("no DTLS connection to " + listener.target());
      }
      assertThat(served).hasValue(0);
    }
  }

  @Test
  void nobody_listening_is_said() throws Exception {
    int port;
    try (DatagramSocket socket = new DatagramSocket(anyPort())) {
      port = socket.getLocalPort();
    }
    try (SmpClient client = client(new Target.Dtls("127.0.0.1", port, psk))) {
      assertThatThrownBy(() -> client.call(ECHO))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no DTLS connection to dtls://127.0.0.1:" + port)
          .hasMessageContaining("nobody listens there");
    }
  }

  @Test
  void plain_packets_and_noise_reach_nobody() throws Exception {
    SplittableRandom dice = new SplittableRandom(11);
    SmpServer server = new Collecting().server(512, 4);
    AtomicInteger served = new AtomicInteger();
    try (DtlsListener listener =
            DtlsListener.open(
                anyPort(),
                psk,
                4,
                (link, packet) -> {
                  served.incrementAndGet();
                  return server.receive(link, packet);
                },
                SHORT);
        DatagramSocket stranger = new DatagramSocket();
        SmpClient client = client(at(listener, psk))) {
      stranger.connect(new InetSocketAddress(listener.target().host(), listener.target().port()));
      for (int i = 0; i < 200; i++) {
        byte[] noise = new byte[dice.nextInt(1, 1500)];
        dice.nextBytes(noise);
        // Half of it begins as a record of DTLS 1.2 does.
        if (i % 2 == 0 && noise.length > 3) {
          noise[0] = (byte) (20 + i % 5);
          noise[1] = (byte) 0xfe;
          noise[2] = (byte) 0xfd;
        }
        stranger.send(new DatagramPacket(noise, noise.length));
      }
      assertEchoed(client);
    }
    assertThat(served).hasValue(1);
  }

  @Test
  void loss_reordering_and_duplication_are_survived_by_handshake_and_upload() throws Exception {
    Bytes file = Collecting.image(20_000);
    for (long seed = 1; seed <= 2; seed++) {
      Collecting store = new Collecting();
      try (DtlsListener listener = listener(psk, store.server(1024, 4));
          LossyProxy proxy =
              LossyProxy.before(
                  new InetSocketAddress(listener.target().host(), listener.target().port()),
                  new Weather(seed, 0.06, 0.05, 0.05),
                  new Weather(-seed, 0.06, 0.05, 0.05));
          SmpClient client = client(new Target.Dtls("127.0.0.1", proxy.port(), psk))) {
        assertThat(client.upload(new ChunkedContent.Image(file), client.frame(), (_, _) -> {}))
            .as("seed %d", seed)
            .isInstanceOf(SmpClient.Delivery.Delivered.class);
        assertThat(proxy.harmed()).isPositive();
      }
      assertThat(store.finished()).contains(file);
    }
  }

  @Test
  void a_device_that_has_restarted_is_met_with_a_new_handshake() throws Exception {
    SmpServer server = new Collecting().server(512, 4);
    DtlsListener first = listener(psk, server);
    int port = first.target().port();
    try (SmpClient client = client(at(first, psk))) {
      assertEchoed(client);
      first.close();
      try (DtlsListener _ =
          DtlsListener.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
              psk,
              4,
              server::receive,
              SHORT)) {
        assertEchoed(client);
      }
    }
  }

  @Test
  void a_flood_of_handshakes_is_bounded_and_the_next_client_is_served() throws Exception {
    SmpServer server = new Collecting().server(512, 4);
    try (DtlsListener listener = listener(psk, server)) {
      for (int i = 0; i < 12; i++) {
        try (SmpClient client = client(at(listener, psk))) {
          assertEchoed(client);
        }
      }
    }
  }

  @Test
  void key_files_that_do_not_serve_are_said_without_their_content() throws Exception {
    record Case(DtlsKeys keys, String words) {}
    Path none = folder.resolve("none");
    Path empty = file("empty", "");
    Path text = file("text", "my secret word");
    for (Case wrong :
        List.of(
            new Case(new DtlsKeys.Psk("a", none), "there is no file " + none),
            new Case(new DtlsKeys.Psk("a", empty), empty + " holds no PSK"),
            new Case(new DtlsKeys.Psk("a", text), text + " holds no PSK"),
            new Case(new DtlsKeys.Psk("a", file("large", "00".repeat(70_000))), "is too large"),
            new Case(
                new DtlsKeys.Certificates(Optional.of(text), Optional.empty()),
                text + " holds no certificate in PEM"),
            new Case(
                new DtlsKeys.Certificates(Optional.empty(), Optional.empty()),
                "no ca=FILE is named to believe the device by"))) {
      Target.Dtls target = new Target.Dtls("127.0.0.1", 1337, wrong.keys());
      assertThatThrownBy(target::open)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot speak to dtls://127.0.0.1:1337: ")
          .hasMessageContaining(wrong.words())
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(
            () ->
                DtlsListener.open(
                    anyPort(),
                    new DtlsKeys.Certificates(Optional.empty(), Optional.empty()),
                    2,
                    (_, _) -> List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no cert=FILE and key=FILE");
  }

  @Test
  void a_link_that_is_closed_says_so() throws Exception {
    Link link = new Target.Dtls("127.0.0.1", 1337, psk).open();
    link.close();
    assertThatThrownBy(() -> link.send(Bytes.ofHex("00")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(link.target());
  }

  /// Makes certificates with the JDK's keytool.
  private static final class Authority {
    private static final String PASSWORD = "changeit";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Path store;

    Authority(String name) throws Exception {
      this.name = name;
      this.store = folder.resolve("authority" + COUNT.incrementAndGet());
      make(store, name, "-ext", "bc:c=ca:true");
    }

    private static void make(Path store, String name, String... more) throws Exception {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "-genkeypair",
                  "-alias",
                  "own",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=" + name,
                  "-validity",
                  "30"));
      words.addAll(List.of(more));
      keytool(store, words.toArray(String[]::new));
    }

    Path certificate() throws Exception {
      Path pem = folder.resolve(store.getFileName() + ".pem");
      keytool(store, "-exportcert", "-rfc", "-alias", "own", "-file", pem.toString());
      return pem;
    }

    DtlsKeys.Own issue(String subject) throws Exception {
      Path own = folder.resolve(name + COUNT.incrementAndGet());
      make(own, subject);
      Path request = folder.resolve(own.getFileName() + ".csr");
      Path certificate = folder.resolve(own.getFileName() + ".pem");
      Path key = folder.resolve(own.getFileName() + ".key");
      keytool(own, "-certreq", "-alias", "own", "-file", request.toString());
      keytool(
          store,
          "-gencert",
          "-rfc",
          "-alias",
          "own",
          "-ext",
          "SAN=ip:127.0.0.1,dns:localhost",
          "-infile",
          request.toString(),
          "-outfile",
          certificate.toString());
      KeyStore keys = KeyStore.getInstance(own.toFile(), PASSWORD.toCharArray());
      byte[] encoded = keys.getKey("own", PASSWORD.toCharArray()).getEncoded();
      Files.writeString(
          key,
          "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
              .formatted(Base64.getMimeEncoder().encodeToString(encoded)));
      return new DtlsKeys.Own(certificate, key);
    }

    private static void keytool(Path store, String... arguments) throws Exception {
      List<String> words =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-J-XX:TieredStopAtLevel=1",
                  "-J-XX:+UseSerialGC"));
      words.addAll(List.of(arguments));
      words.addAll(
          List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
  }
}
