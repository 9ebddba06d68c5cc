// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes one beacon by hand.
@Command(
    name = "beacon",
    description = "Say what is news: the latest releases, what is too old, who is denied.",
    sortOptions = false,
    footer = {
      "",
      "'sealift trust serve' makes one after the other, and answers nonces.",
      "",
      "Example: sealift trust beacon --key freshness.pem --root root.cbor --number 7",
      "           --latest app-1.1.0.sealift --floor 2 --lifetime 7d -o beacon.cbor"
    })
final class TrustBeacon extends Verb {
  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      required = true,
      description = "the root that is in force, signed or not")
  private @Nullable Path root;

  @Option(
      names = "--number",
      paramLabel = "N",
      required = true,
      description = "its number: higher than that of any beacon before")
  private String number = "";

  @Option(
      names = "--lifetime",
      paramLabel = "SPAN",
      defaultValue = "7d",
      description = "how long it is news, as 12h or 7d (default)")
  private String lifetime = "";

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "",
      description = "when it was made; now unless told")
  private String time = "";

  @Option(
      names = "--latest",
      paramLabel = "RELEASE",
      description = "a release file that is the latest of its class; may be repeated")
  private List<Path> latest = new ArrayList<>();

  @Option(
      names = "--floor",
      paramLabel = "[EPOCH:]N",
      defaultValue = "",
      description = "the lowest release of that class that may still be installed")
  private String floor = "";

  @Option(
      names = "--class",
      paramLabel = "CLASS:FACTS",
      description =
          "another class, without its file, as acme.example/sensor-1:floor=1:2,latest=1:5,"
              + "digest=HEX; may be repeated")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--deny",
      paramLabel = "KEYID",
      description = "a key that is no longer trusted, for good; may be repeated")
  private List<String> denied = new ArrayList<>();

  @Option(
      names = "--nonce",
      paramLabel = "HEX",
      defaultValue = "",
      description = "answer this nonce of one device ('device nonce')")
  private String nonce = "";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "that of a key that is not in the root itself")
  private List<Path> certificates = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the beacon goes")
  private @Nullable Path output;

  TrustBeacon(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Root trusted = Roots.read(Given.required(root));
    List<Signed<Certificate>> known = certificates.stream().map(SignedFiles::certificate).toList();
    Signed<Beacon> signed =
        keys.sign(
            console(),
            Signed.unsigned(beacon(trusted)),
            (so, signer) -> {
              Voices.require(trusted, Role.FRESHNESS, signer.keyId(), known);
              return so.signedBy(signer);
            });
    Path target = Given.required(output);
    Files.write(target, SignedFiles.requireShort(signed).encode());
    List<String> lines = new ArrayList<>();
    lines.add("wrote " + target);
    TrustWords.beaconLines(signed).forEach(line -> lines.add("  " + line));
    return Outcome.done(lines, TrustWords.beaconJson(signed));
  }

  private Beacon beacon(Root trusted) {
    Instant now = Instant.now();
    SortedMap<Bytes, Beacon.Standing> standings = new TreeMap<>();
    for (Standings.Of one : standings()) {
      if (standings.putIfAbsent(one.tag(), one.standing()) != null) {
        throw Failure.usage("the class %s is given twice".formatted(one.tag().toHex()));
      }
    }
    List<KeyId> keyIds = denied.stream().map(id -> Standings.keyId("--deny", id)).toList();
    Optional<Bytes> answered =
        nonce.isEmpty()
            ? Optional.empty()
            : Optional.of(Hex.parse("--nonce", nonce, Beacon.NONCE_BYTES));
    try {
      return new Beacon(
          Numbers.parse("--number", number, 1, Long.MAX_VALUE),
          time.isEmpty() ? now.getEpochSecond() : Times.moment("--time", time, now),
          Times.span("--lifetime", lifetime).toSeconds(),
          standings,
          trusted.version(),
          answered,
          keyIds);
    } catch (IllegalArgumentException e) {
      throw Failure.refused("no beacon can be made of that: " + e.getMessage());
    }
  }

  private List<Standings.Of> standings() {
    if (!floor.isEmpty() && latest.size() != 1) {
      throw Failure.usage("--floor is for one --latest; say the others with --class");
    }
    Optional<SequenceNumber> lowest =
        floor.isEmpty() ? Optional.empty() : Optional.of(Sequences.parse("--floor", floor));
    List<Standings.Of> all = new ArrayList<>();
    latest.forEach(file -> all.add(Standings.latest(file, lowest)));
    classes.forEach(text -> all.add(Standings.parse("--class", text)));
    if (all.isEmpty()) {
      throw Failure.usage("give --latest RELEASE or --class: a beacon says what is newest");
    }
    return all;
  }
}
