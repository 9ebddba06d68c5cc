// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.Lookout;
import dev.sealift.transport.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists what is near.
@Command(
    name = "scan",
    description = "List what is near: Bluetooth, serial ports, and devices known on the network.",
    footer = {
      "",
      "A device that keeps silent is not seen: over UDP it must have mDNS with _mcumgr._udp, over",
      "Bluetooth it must advertise the service of SMP or be paired with this machine.",
      "Example: sealift device scan --seconds 5"
    })
final class DeviceScan extends Verb {
  private static final int SECONDS_MAX = 600;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "how long to listen, default 3")
  private String seconds = "";

  DeviceScan(Console console) {
    super(console);
  }

  /// What one lookout came back with.
  private record Seen(Lookout lookout, CompletableFuture<List<Sighting>> sightings) {}

  @Override
  Outcome carryOut() {
    Duration patience = Duration.ofSeconds(Numbers.parseInt("--seconds", seconds, 1, SECONDS_MAX));
    List<Seen> all =
        Lookout.all().stream().map(lookout -> new Seen(lookout, begun(lookout, patience))).toList();
    List<String> lines = new ArrayList<>();
    List<CborItem> found = new ArrayList<>();
    List<CborItem> failed = new ArrayList<>();
    for (Seen seen : all) {
      try {
        for (Sighting sighting : seen.sightings.join()) {
          lines.add("%-40s %s".formatted(sighting.target(), sighting.description()).strip());
          found.add(
              CborMap.builder()
                  .put("target", sighting.target().toString())
                  .put("description", sighting.description())
                  .put("wire", seen.lookout.wire())
                  .build());
        }
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof IOException world)) {
          throw e;
        }
        lines.add("%s: %s".formatted(seen.lookout.wire(), Files.reason(world)));
        failed.add(
            CborMap.builder()
                .put("wire", seen.lookout.wire())
                .put("error", Files.reason(world))
                .build());
      }
    }
    if (lines.isEmpty()) {
      lines.add("nothing is near that makes itself known");
    }
    return Outcome.done(
        lines,
        CborMap.builder()
            .put("found", new CborList(found))
            .put("failed", new CborList(failed))
            .build());
  }

  private static CompletableFuture<List<Sighting>> begun(Lookout lookout, Duration patience) {
    CompletableFuture<List<Sighting>> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("look " + lookout.wire())
        .start(
            () -> {
              try {
                result.complete(lookout.look(patience));
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }
}
