// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process that serves news on a real socket, killed as `kill -9` does it.
class TrustServeTest {
  private static final int KILLS = 6;

  @TempDir private Path folder;
  private Maker maker;
  private Root root;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void make_news() {
    maker = new Maker(folder).managed().release("app", "1.1.0", 2).release("next", "1.2.0", 3);
    root = Roots.read(folder.resolve("root.cbor"));
    news("app", "1:1");
  }

  private void news(String latest, String floor) {
    // Moved into place, as a careful editor does it: never half of it is seen.
    maker.write(
        "news.new",
        "[[class]]\nrelease = \"%s.sealift\"\nfloor = \"%s\"\n".formatted(latest, floor));
    try {
      java.nio.file.Files.move(
          folder.resolve("news.new"),
          folder.resolve("news.toml"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void end_what_still_runs() {
    started.forEach(Process::destroyForcibly);
  }

  private record Serving(Process process, BufferedReader out, URI url) {
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /// Reads on until a line has this in it.
    String awaits(String text) throws IOException {
      while (true) {
        String line = out.readLine();
        assertThat(line).as("the process ended without saying '%s'", text).isNotNull();
        if (line.contains(text)) {
          return line;
        }
      }
    }
  }

  private String[] serve(String... more) {
    return Maker.with(
        List.of(
            "trust",
            "serve",
            "-k",
            maker.path("fresh.pem"),
            "--root",
            maker.path("root.cbor"),
            "--data",
            maker.path("data"),
            "--news",
            maker.path("news.toml"),
            "--port",
            "0"),
        more);
  }

  private Process process(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main"));
    command.addAll(List.of(serve(more)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private Serving start(String... more) throws IOException {
    Process process = process(more);
    Serving serving = new Serving(process, process.inputReader(), URI.create("http://nowhere"));
    String line = serving.awaits("serving news at ");
    return new Serving(
        process, serving.out(), URI.create(line.replaceAll(".*serving news at ([^ ]+) .*", "$1")));
  }

  /// What came back.
  private record Reply(int status, HttpURLConnection connection, Bytes body) {
    String header(String name) {
      return String.valueOf(connection.getHeaderField(name));
    }
  }

  private static Reply get(Serving serving, String path) throws IOException {
    return reply(connection(serving, path));
  }

  private static Reply post(Serving serving, String path, byte[] body) throws IOException {
    HttpURLConnection connection = connection(serving, path);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    return reply(connection);
  }

  private static HttpURLConnection connection(Serving serving, String path) throws IOException {
    return (HttpURLConnection) serving.url().resolve(path).toURL().openConnection();
  }

  private static Reply reply(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Reply(status, connection, Bytes.owning(in.readAllBytes()));
    }
  }

  /// Read, and signed by the freshness key.
  private Beacon genuine(Reply response) throws MalformedException {
    assertThat(response.status()).isEqualTo(200);
    Signed<Beacon> signed = Signed.decode(response.body(), Beacon::decode);
    assertThat(signed.signers(root, Role.FRESHNESS)).hasSize(1);
    return signed.content();
  }

  @Test
  void numbers_never_go_back_however_often_it_is_killed() throws Exception {
    SplittableRandom dice = new SplittableRandom(11);
    long highest = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // A beacon a second, so that a kill may fall into the making of one.
      Serving serving = start("--every", "1s");
      int asks = 1 + dice.nextInt(40);
      long before = highest;
      for (int i = 0; i < asks; i++) {
        Beacon beacon = genuine(get(serving, "/beacon"));
        assertThat(beacon.number()).isGreaterThan(before);
        assertThat(beacon.number()).isGreaterThanOrEqualTo(highest);
        highest = beacon.number();
        Beacon answer = genuine(post(serving, "/nonce", new byte[16]));
        assertThat(answer.number()).isGreaterThanOrEqualTo(highest);
        highest = answer.number();
      }
      serving.kill();
    }
    assertThat(highest).isGreaterThanOrEqualTo(KILLS);
  }

  @Test
  void an_answer_is_for_its_nonce_and_a_strict_device_takes_it() throws Exception {
    Serving serving = start();
    byte[] nonce = new byte[16];
    new SplittableRandom(3).nextBytes(nonce);
    Reply response = post(serving, "/nonce", nonce);
    assertThat(genuine(response).nonce()).contains(Bytes.of(nonce));
    maker.write("answer.cbor", response.body());
    maker.done("release", "sign", maker.path("app.sealift"), "-k", maker.path("alice.pem"));
    maker.done(
        "release",
        "approve",
        maker.path("app.sealift"),
        "--deployment",
        Maker.PLANT,
        "--use",
        "1",
        "-k",
        maker.path("op.pem"),
        "-k",
        maker.path("op2.pem"));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--beacon", maker.path("answer.cbor"));
    assertThat(
            Maker.text(
                maker.check(
                    "app",
                    "--deployment",
                    Maker.PLANT,
                    "--mode",
                    "strict",
                    "--nonce",
                    Bytes.of(nonce).toHex()),
                "verdict"))
        .isEqualTo("install");
    serving.kill();
  }

  @Test
  void news_are_read_again_and_wrong_ones_are_refused_whole() throws Exception {
    Serving serving = start();
    Bytes tag = Releases.named(folder.resolve("app.sealift")).release().deviceClass().tag();
    assertThat(Objects.requireNonNull(genuine(get(serving, "/beacon")).classes().get(tag)).latest())
        .hasToString("1:2");
    news("next", "1:2");
    serving.awaits("beacon 2,");
    Beacon second = genuine(get(serving, "/beacon"));
    assertThat(Objects.requireNonNull(second.classes().get(tag)).latest()).hasToString("1:3");
    for (List<String> wrong :
        List.of(
            List.of("next", "1:9", "above the latest release"),
            List.of("none", "1:2", "no such file"),
            List.of("next", "1:1", "would fall from 1:2 to 1:1"))) {
      news(wrong.get(0), wrong.get(1));
      assertThat(serving.awaits("warning")).contains("kept as it was").contains(wrong.get(2));
      assertThat(genuine(get(serving, "/beacon"))).isEqualTo(second);
    }
    serving.kill();
    // Wrong at the start, there are no old ones to keep.
    Typed typed = maker.refused(serve());
    assertThat(typed.err()).contains("would fall from 1:2 to 1:1");
    Serving lowered = start("--lower");
    assertThat(Objects.requireNonNull(genuine(get(lowered, "/beacon")).classes().get(tag)).floor())
        .hasToString("1:1");
    lowered.kill();
  }

  @Test
  void a_new_root_is_in_force_as_soon_as_it_lies_there() throws Exception {
    Serving serving = start();
    assertThat(genuine(get(serving, "/beacon")).rootVersion()).isEqualTo(1);
    maker.done(
        "trust",
        "root",
        "rotate",
        maker.path("root.cbor"),
        "-k",
        maker.path("root.pem"),
        "-o",
        maker.path("root.cbor"));
    serving.awaits("beacon 2,");
    assertThat(genuine(get(serving, "/beacon")).rootVersion()).isEqualTo(2);
    serving.kill();
  }

  @Test
  void what_is_asked_wrongly_gets_a_sentence_and_floods_are_bounded() throws Exception {
    Serving serving = start("--nonces-per-minute", "10");
    assertThat(get(serving, "/health").status()).isEqualTo(200);
    assertThat(get(serving, "/health").body().toUtf8())
        .contains("\"number\":1,")
        .contains("\"stale\":false");
    assertThat(get(serving, "/etc/passwd").status()).isEqualTo(404);
    assertThat(get(serving, "/nonce").status()).isEqualTo(405);
    assertThat(get(serving, "/nonce").header("Allow")).isEqualTo("POST");
    assertThat(post(serving, "/beacon", new byte[16]).status()).isEqualTo(405);
    assertThat(post(serving, "/nonce", new byte[15]).status()).isEqualTo(400);
    assertThat(post(serving, "/nonce", new byte[1000]).status()).isEqualTo(400);
    assertThat(post(serving, "/nonce", new byte[16]).status()).isEqualTo(200);
    Reply flood = post(serving, "/nonce", new byte[16]);
    assertThat(flood.status()).isEqualTo(429);
    assertThat(Long.parseLong(flood.header("Retry-After"))).isBetween(1L, 6L);
    // Nonsense on the socket is no end of the process.
    try (Socket raw = new Socket(serving.url().getHost(), serving.url().getPort())) {
      OutputStream out = raw.getOutputStream();
      out.write(
          "POST /nonce HTTP/1.1\r\nContent-Length: -5\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    assertThat(get(serving, "/beacon").status()).isEqualTo(200);
    serving.kill();
  }

  @Test
  void a_second_process_and_a_wrong_key_are_refused() throws Exception {
    Serving serving = start();
    Process twin = process();
    assertThat(new String(twin.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("another process serves beacons");
    assertThat(twin.waitFor()).isEqualTo(Exit.REFUSED.code());
    serving.kill();
    String[] stranger = serve();
    stranger[3] = maker.path("stranger.pem");
    assertThat(maker.refused(stranger).err()).contains("is not in root version 1");
    assertThat(maker.usage(serve("--every", "2d")).err()).contains("without news in between");
    assertThat(maker.usage(serve("--nonces-per-minute", "0")).err()).contains("must be 1");
    maker.write("data/state.json", "{}");
    assertThat(maker.refused(serve()).err()).contains("is damaged").contains("--after");
  }

  @Test
  void where_the_state_was_lost_numbers_begin_above_what_devices_know() throws Exception {
    Serving serving = start("--after", "500");
    assertThat(genuine(get(serving, "/beacon")).number()).isEqualTo(501);
    serving.kill();
    assertThat(maker.refused(serve("--after", "900")).err()).contains("goes on from 501");
    Serving again = start("--after", "400");
    assertThat(genuine(get(again, "/beacon")).number()).isEqualTo(502);
    again.kill();
  }
}
