// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.CoseSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Serves news: the one process that holds a freshness key.
@Command(
    name = "serve",
    description = "Serve beacons and answer nonces over HTTP, until Ctrl-C.",
    sortOptions = false,
    footer = {
      "",
      "NEWS is TOML and read again when it changes:",
      "",
      "  deny = [\"3354126db1e35a32\"]     # keys no longer trusted",
      "  [[class]]",
      "  release = \"app-1.1.0.sealift\"   # the latest of its class",
      "  floor = \"1:1\"                   # nothing lower may be installed",
      "",
      "GET /beacon, POST /nonce (16 bytes), GET /health. DIR holds the newest number;",
      "keep it: devices take no number twice.",
      "",
      "Example: sealift trust serve --key freshness.pem --root root.cbor",
      "           --data news --news news.toml --every 1h --lifetime 1d"
    })
final class TrustServe extends Verb {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// Of a minute's nonces, as many may come at once.
  private static final int BURST_PART = 10;

  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      required = true,
      description = "the root that is in force; read again when it changes")
  private @Nullable Path root;

  @Option(names = "--news", paramLabel = "NEWS", required = true, description = "what is news")
  private @Nullable Path news;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "where the newest number is kept")
  private @Nullable Path data;

  @Option(
      names = "--every",
      paramLabel = "SPAN",
      defaultValue = "1h",
      description = "how often a beacon is made, default 1h")
  private String every = "";

  @Option(
      names = "--lifetime",
      paramLabel = "SPAN",
      defaultValue = "1d",
      description = "how long one is news, default 1d")
  private String lifetime = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8095",
      description = "TCP port, default 8095; 0 takes a free one")
  private String port = "";

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "",
      description = "the address to listen at; only this machine unless told")
  private String bind = "";

  @Option(
      names = "--nonces-per-minute",
      paramLabel = "N",
      defaultValue = "600",
      description = "how many nonces are answered, default 600")
  private String noncesPerMinute = "";

  @Option(
      names = "--lower",
      description = "allow a floor in NEWS to fall, for devices that have not heard the higher one")
  private boolean lower;

  @Option(
      names = "--after",
      paramLabel = "N",
      defaultValue = "",
      description = "with a new DIR: numbers begin above N")
  private String after = "";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "that of a key that is not in the root itself")
  private List<Path> certificates = new ArrayList<>();

  TrustServe(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Duration interval = Times.span("--every", every);
    Duration life = Times.span("--lifetime", lifetime);
    if (interval.compareTo(life) >= 0) {
      throw Failure.usage(
          "--every %s with --lifetime %s would leave devices without news in between"
              .formatted(Times.words(interval), Times.words(life)));
    }
    try (SigningKeys.Open open = keys.open(console())) {
      return serve(open.all(), interval, life);
    }
  }

  private Outcome serve(List<CoseSigner> signers, Duration interval, Duration life) {
    InstantSource clock = InstantSource.system();
    Watched<Root> trusted = new Watched<>(Given.required(root), file -> root(file, signers));
    Watched<NewsFile> said = new Watched<>(Given.required(news), NewsFile::read);
    try (BeaconLedger ledger = ledger()) {
      NewsDesk desk =
          new NewsDesk(
              ledger,
              signers,
              life,
              lower ? NewsDesk.Floors.MAY_FALL : NewsDesk.Floors.ONLY_RISE,
              clock);
      desk.fault(said.value())
          .ifPresent(
              fault -> {
                throw Failure.refused("%s: %s".formatted(news, fault));
              });
      told(desk.publish(said.value(), trusted.value().version()));
      try (NewsServer server = NewsServer.open(address(), desk, throttle(), clock)) {
        serving(server);
        keepOn(desk, trusted, said, interval, clock);
      }
      return Outcome.done("", CborMap.EMPTY);
    } catch (IOException e) {
      throw Failure.world("cannot serve news: " + Files.reason(e));
    }
  }

  private Root root(Path file, List<CoseSigner> signers) {
    Root read = Roots.read(file);
    List<Signed<Certificate>> known = certificates.stream().map(SignedFiles::certificate).toList();
    signers.forEach(signer -> Voices.require(read, Role.FRESHNESS, signer.keyId(), known));
    return read;
  }

  private BeaconLedger ledger() throws IOException {
    BeaconLedger ledger = BeaconLedger.open(Given.required(data));
    if (!after.isEmpty()) {
      long number = Numbers.parse("--after", after, 1, Long.MAX_VALUE / 2);
      if (ledger.entry().number() == 0) {
        ledger.write(new BeaconLedger.Entry(number, 0, new java.util.TreeMap<>()));
      } else if (ledger.entry().number() < number) {
        ledger.close();
        throw Failure.refused(
            "--after %d is for a new folder; %s goes on from %d"
                .formatted(number, data, ledger.entry().number()));
      }
    }
    return ledger;
  }

  private InetSocketAddress address() {
    int number = Numbers.parseInt("--port", port, 0, 0xffff);
    if (bind.isEmpty()) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    }
    InetSocketAddress address = new InetSocketAddress(bind, number);
    if (address.isUnresolved()) {
      throw Failure.world("--bind: nobody knows the address " + bind);
    }
    return address;
  }

  private Throttle throttle() {
    int perMinute = Numbers.parseInt("--nonces-per-minute", noncesPerMinute, 1, 1_000_000);
    return new Throttle(perMinute, Math.max(1, perMinute / BURST_PART), System::nanoTime);
  }

  private void serving(NewsServer server) {
    InetSocketAddress at = server.address();
    String url =
        "http://%s:%d"
            .formatted(
                at.getAddress() instanceof java.net.Inet6Address six
                    ? "[" + six.getHostAddress() + "]"
                    : at.getAddress().getHostAddress(),
                at.getPort());
    console().say("serving news at %s (Ctrl-C ends it)".formatted(url));
    console().event(CborMap.builder().put("url", url).build());
  }

  /// For as long as the process lives: another beacon when it is time or when there is news.
  private void keepOn(
      NewsDesk desk,
      Watched<Root> trusted,
      Watched<NewsFile> said,
      Duration interval,
      InstantSource clock) {
    Instant due = clock.instant().plus(interval);
    boolean failed = false;
    while (pause()) {
      boolean changed = changed(trusted, next -> older(next, trusted.value()));
      changed |= changed(said, desk::fault);
      Instant now = clock.instant();
      if (!changed && now.isBefore(due)) {
        continue;
      }
      try {
        told(desk.publish(said.value(), trusted.value().version()));
        due = now.plus(interval);
        failed = false;
      } catch (IOException | UncheckedIOException e) {
        // The last beacon stays; tried again at the next look. Said once.
        if (!failed) {
          warn("no new beacon: " + e.getMessage());
        }
        failed = true;
        due = now;
      }
    }
  }

  private static Optional<String> older(Root next, Root known) {
    return next.version() < known.version()
        ? Optional.of("root version %d, known is %d".formatted(next.version(), known.version()))
        : Optional.empty();
  }

  /// Looks at a file again; what is wrong is said once and the old value stays.
  private <T> boolean changed(Watched<T> watched, Function<T, Optional<String>> judge) {
    try {
      return watched.look(judge);
    } catch (Failure failure) {
      warn("kept as it was: " + failure.getMessage());
      return false;
    }
  }

  private void warn(String sentence) {
    console().say("warning: " + sentence);
    console().event(CborMap.builder().put("warning", sentence).build());
  }

  private void told(Signed<Beacon> beacon) {
    console()
        .say(
            "beacon %d, news until %s"
                .formatted(beacon.content().number(), ReleaseSummary.time(beacon.content().end())));
    console().event(TrustWords.beaconJson(beacon));
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// A file that may change, and what was read of it last.
  private static final class Watched<T> {
    private final Path file;
    private final Function<Path, T> reader;
    private T value;
    private Optional<Stamp> stamp;

    private record Stamp(FileTime changed, long size) {}

    Watched(Path file, Function<Path, T> reader) {
      this.file = file;
      this.reader = reader;
      this.stamp = stamp();
      this.value = reader.apply(file);
    }

    T value() {
      return value;
    }

    /// Whether there is another value now; a file that cannot be had is no change.
    boolean look(Function<T, Optional<String>> judge) {
      Optional<Stamp> now = stamp();
      if (now.isEmpty() || now.equals(stamp)) {
        return false;
      }
      stamp = now;
      T read = reader.apply(file);
      judge
          .apply(read)
          .ifPresent(
              fault -> {
                throw Failure.refused("%s: %s".formatted(file, fault));
              });
      boolean other = !read.equals(value);
      value = read;
      return other;
    }

    private Optional<Stamp> stamp() {
      try {
        return Optional.of(
            new Stamp(
                java.nio.file.Files.getLastModifiedTime(file), java.nio.file.Files.size(file)));
      } catch (IOException _) {
        // Being replaced, or gone: what was read stays.
        return Optional.empty();
      }
    }
  }
}
