// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Signed;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The desk's door, over HTTP. What goes through it is signed and public, so there is nothing to
/// log in for; it is bounded in size, number and time.
///
/// ```
/// GET  /beacon   the newest beacon
/// POST /nonce    16 bytes; the newest beacon as the answer to them
/// GET  /health   {"number": 17, "age": 12, "stale": false}, 503 once it is stale
/// ```
final class NewsServer implements Closeable {
  private static final int THREADS = 8;
  private static final int CONNECTIONS_MAX = 200;
  private static final int SECONDS_MAX = 10;
  private static final String SIGNED = "application/cose; cose-type=\"cose-sign\"";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService workers;
  private final NewsDesk desk;
  private final Throttle throttle;
  private final InstantSource clock;

  private NewsServer(HttpServer server, NewsDesk desk, Throttle throttle, InstantSource clock) {
    this.server = server;
    this.desk = desk;
    this.throttle = throttle;
    this.clock = clock;
    this.workers = Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().factory());
  }

  static NewsServer open(
      InetSocketAddress address, NewsDesk desk, Throttle throttle, InstantSource clock)
      throws IOException {
    // Read once, when the JDK's server is loaded: whoever sends or reads too slowly is cut off.
    System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(SECONDS_MAX));
    System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(SECONDS_MAX));
    System.setProperty("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS_MAX));
    NewsServer opened = new NewsServer(HttpServer.create(address, 0), desk, throttle, clock);
    opened.server.createContext("/", opened::handle);
    opened.server.setExecutor(opened.workers);
    opened.server.start();
    return opened;
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply =
          switch (exchange.getRequestURI().getPath()) {
            case "/beacon" -> asked(exchange, "GET") ? beacon() : wrongMethod(exchange, "GET");
            case "/nonce" ->
                asked(exchange, "POST") ? nonce(exchange) : wrongMethod(exchange, "POST");
            case "/health" -> asked(exchange, "GET") ? health() : wrongMethod(exchange, "GET");
            case null, default -> Reply.text(404, "there are /beacon, /nonce and /health");
          };
      exchange.getResponseHeaders().set("Content-Type", reply.type());
      exchange.sendResponseHeaders(reply.status(), reply.body().size());
      reply.body().writeTo(exchange.getResponseBody());
    }
  }

  private record Reply(int status, String type, Bytes body) {
    static Reply text(int status, String sentence) {
      return new Reply(status, TEXT, Bytes.ofUtf8(sentence + "\n"));
    }

    static Reply of(Optional<Signed<Beacon>> beacon) {
      return beacon
          .map(signed -> new Reply(200, SIGNED, signed.encode()))
          .orElseGet(() -> text(503, "no beacon has been made yet"));
    }
  }

  private static boolean asked(HttpExchange exchange, String method) {
    return exchange.getRequestMethod().equals(method);
  }

  private static Reply wrongMethod(HttpExchange exchange, String allowed) {
    exchange.getResponseHeaders().set("Allow", allowed);
    return Reply.text(405, "only %s here".formatted(allowed));
  }

  private Reply beacon() {
    return Reply.of(desk.newest());
  }

  private Reply nonce(HttpExchange exchange) throws IOException {
    Bytes body = Bytes.owning(exchange.getRequestBody().readNBytes(Beacon.NONCE_BYTES + 1));
    if (body.size() != Beacon.NONCE_BYTES) {
      return Reply.text(400, "a nonce has %d bytes".formatted(Beacon.NONCE_BYTES));
    }
    Optional<Duration> wait = throttle.take();
    if (wait.isPresent()) {
      exchange
          .getResponseHeaders()
          .set("Retry-After", Long.toString(wait.get().plusMillis(999).toSeconds()));
      return Reply.text(429, "too many nonces in too short a time");
    }
    try {
      return Reply.of(desk.answer(body));
    } catch (UncheckedIOException _) {
      // Whoever holds the key cannot be reached; the keeper of the process is told by the timer.
      return Reply.text(503, "nothing can be signed at the moment");
    }
  }

  private Reply health() {
    Optional<Beacon> newest = desk.newest().map(Signed::content);
    long now = clock.instant().getEpochSecond();
    boolean stale = newest.filter(beacon -> now <= beacon.end()).isEmpty();
    CborMap.Builder json = CborMap.builder();
    newest.ifPresent(
        beacon -> json.put("number", beacon.number()).put("age", Math.max(0, now - beacon.time())));
    return new Reply(
        stale ? 503 : 200,
        "application/json",
        Bytes.ofUtf8(Json.write(json.put("stale", stale).build()) + "\n"));
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
