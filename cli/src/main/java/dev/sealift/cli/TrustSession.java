// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Action;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Session;
import dev.sealift.permit.SessionCheck;
import dev.sealift.permit.Signed;
import dev.sealift.suit.SuitDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lets a technician do something to one device for a few minutes.
@Command(
    name = "session",
    description = "Let a technician do something to one device for a few minutes.",
    sortOptions = false,
    footer = {
      "",
      "'sealift device nonce' gives device and nonce, 'sealift device session' brings",
      "the permit to it.",
      "",
      "Example: sealift trust session --key technician.pem --certificate technician.cbor",
      "           --device 2f1c…(UUID) --nonce 9b02…(HEX) --action reset -o session.bin"
    })
final class TrustSession extends Verb {
  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "that of a key that is not in the root itself; may be repeated")
  private List<Path> certificates = new ArrayList<>();

  @Option(
      names = "--device",
      paramLabel = "UUID",
      required = true,
      description = "the device it is for")
  private String device = "";

  @Option(
      names = "--nonce",
      paramLabel = "HEX",
      required = true,
      description = "the number that the device gave out")
  private String nonce = "";

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      required = true,
      split = ",",
      description =
          "what may be done: activate, reset, erase, confirm, settings, files, shell, storage, "
              + "time, upkeep, product; several parted by commas")
  private List<String> actions = new ArrayList<>();

  @Option(names = "--release", paramLabel = "FILE", description = "only to this release")
  private @Nullable Path release;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "300",
      description = "for how long, at most 3600, default 300")
  private String seconds = "";

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "the device's root, to check beforehand that the key may do this")
  private @Nullable Path root;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the session permit goes")
  private @Nullable Path output;

  TrustSession(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    List<Signed<Certificate>> known = certificates.stream().map(SignedFiles::certificate).toList();
    Optional<Root> trusted = Optional.ofNullable(root).map(Roots::read);
    Signed<Session> signed =
        keys.sign(
            console(),
            Signed.unsigned(session()),
            (so, signer) -> {
              trusted.ifPresent(is -> Voices.require(is, Role.OPERATE, signer.keyId(), known));
              return so.signedBy(signer);
            });
    var message = SessionCheck.encode(signed, known);
    if (message.size() > SessionCheck.BYTES_MAX) {
      throw Failure.refused(
          "the permit has %d bytes with its certificates, a device takes %d"
              .formatted(message.size(), SessionCheck.BYTES_MAX));
    }
    Path target = Given.required(output);
    Files.write(target, message);
    List<String> lines = new ArrayList<>();
    lines.add("wrote %s: bring it with 'sealift device session'".formatted(target));
    TrustWords.sessionLines(signed).forEach(line -> lines.add("  " + line));
    return Outcome.done(lines, TrustWords.sessionJson(signed));
  }

  private Session session() {
    if (!Identity.isUuid(device)) {
      throw Failure.usage(
          "--device must be a UUID as 'device nonce' prints it, is '%s'".formatted(device));
    }
    Set<Action> all = EnumSet.noneOf(Action.class);
    for (String name : actions) {
      all.add(
          Action.named(name.strip().toLowerCase(Locale.ROOT))
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "--action: '%s' is no action; there are %s"
                              .formatted(name, Arrays.toString(Action.values())))));
    }
    Optional<SuitDigest> only =
        Optional.ofNullable(release).map(file -> Releases.named(file).digest());
    return new Session(
        DeviceId.parse(device),
        Hex.parse("--nonce", nonce, Beacon.NONCE_BYTES),
        all,
        only,
        Numbers.parse("--seconds", seconds, 1, Session.SECONDS_MAX));
  }
}
