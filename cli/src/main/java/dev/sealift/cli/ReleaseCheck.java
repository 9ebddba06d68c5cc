// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.SecurityCounter;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Clock;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.PermitCheck;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says what a device would answer.
@Command(
    name = "check",
    description = "Say what a device would answer to a release, why, and what would help.",
    sortOptions = false,
    footer = {
      "",
      "Example: sealift release check app-1.1.0.sealift --root root.cbor",
      "           --vendor acme.example --class sensor-1 --installed 1",
      "         sealift release check app-1.1.0.sealift --root root.cbor --device nrf52840",
      "           --vendor acme.example --class sensor-1 --deployment acme.example/plant-7"
    })
final class ReleaseCheck extends Verb {
  @Mixin private CheckedDevice device = new CheckedDevice();

  @Parameters(paramLabel = "FILE", description = "a release")
  private @Nullable Path file;

  ReleaseCheck(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    Releases.Named named = Releases.named(source);
    CheckedDevice.Known known = device.known(Instant.now(), named.mark());
    Verdict verdict =
        PermitCheck.decide(
                named.file().bundle().encode(), known.facts(), known.state(), Checks.all())
            .verdict();
    return switch (verdict) {
      case Verdict.Install _ when known.state().installed().equals(Optional.of(named.mark())) ->
          there(source, named);
      case Verdict.Install(var permit) -> installed(source, named, permit, known);
      case Verdict.Carry(var permit, var detail) ->
          Outcome.done(
              List.of(
                  "%s: the device would carry it for others, not install it".formatted(source),
                  "  " + detail,
                  "  " + words(permit)),
              CborMap.builder()
                  .put("file", source.toString())
                  .put("verdict", "carry")
                  .put("sentence", detail)
                  .put("sequence", permit.release().sequence().toString())
                  .build());
      case Verdict.Refuse refuse -> refused(source, refuse);
    };
  }

  private static String words(AcceptedPermit permit) {
    return "version %s, sequence %s, signed by %s"
        .formatted(
            permit.release().version(),
            permit.release().sequence(),
            permit.signers().size() == 1 ? "1 key" : permit.signers().size() + " keys");
  }

  /// No refusal: whoever brings it again has nothing more to do (R29).
  private static Outcome there(Path source, Releases.Named named) {
    String sentence =
        Refusal.R29.sentence("sequence %s is installed".formatted(named.release().sequence()));
    return Outcome.done(
        List.of(
            "%s: the device has it already".formatted(source),
            "  %s %s".formatted(Refusal.R29, sentence)),
        CborMap.builder()
            .put("file", source.toString())
            .put("verdict", "there")
            .put("refusal", Refusal.R29.name())
            .put("reason", Refusal.R29.code())
            .put("sentence", sentence)
            .build());
  }

  private Outcome refused(Path source, Verdict.Refuse refuse) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: the device would refuse it".formatted(source));
    lines.add("  %s %s".formatted(refuse.refusal(), refuse.sentence()));
    String remedy = Remedies.of(refuse.refusal());
    if (!remedy.isEmpty()) {
      lines.add("  hint: " + remedy);
    }
    device.doubt(refuse.refusal()).ifPresent(doubt -> lines.add("  hint: " + doubt));
    CborMap.Builder json =
        CborMap.builder()
            .put("file", source.toString())
            .put("verdict", "refuse")
            .put("refusal", refuse.refusal().name())
            .put("reason", refuse.refusal().code())
            .put("sentence", refuse.sentence());
    if (!remedy.isEmpty()) {
      json.put("hint", remedy);
    }
    return new Outcome(Exit.REFUSED, lines, json.build());
  }

  /// It would be taken; when it may run, and what the bootloader says where a profile is known.
  private Outcome installed(
      Path source, Releases.Named named, AcceptedPermit permit, CheckedDevice.Known known) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: the device would install it".formatted(source));
    lines.add("  " + words(permit));
    CborMap.Builder json =
        CborMap.builder()
            .put("file", source.toString())
            .put("verdict", "install")
            .put("sequence", permit.release().sequence().toString());
    permit.endorsement().map(ReleaseCheck::words).ifPresent(line -> lines.add("  " + line));
    waiting(permit, known)
        .ifPresent(
            refuse -> {
              lines.add("  then it would wait: %s %s".formatted(refuse.refusal(), refuse.detail()));
              json.put("waits", refuse.refusal().name()).put("why", refuse.detail());
            });
    List<DeviceVerdict> verdicts = bootloader(named, permit, known);
    verdicts.forEach(verdict -> lines.addAll(verdict.lines()));
    if (!verdicts.isEmpty()) {
      json.put(
          "bootloader",
          new CborList(verdicts.stream().<CborItem>map(DeviceVerdict::json).toList()));
    }
    boolean boots = verdicts.stream().allMatch(DeviceVerdict::isTaken);
    return new Outcome(boots ? Exit.DONE : Exit.REFUSED, lines, json.build());
  }

  private static String words(Endorsement word) {
    return "approved for %s of deployment %s, number %d"
        .formatted(word.targets(), word.deployment(), word.serial());
  }

  private static Optional<Verdict.Refuse> waiting(
      AcceptedPermit permit, CheckedDevice.Known known) {
    Clock clock = known.facts().clock();
    return permit.activationRefusal(
        clock, EnumSet.noneOf(AcceptedPermit.Consent.class), Checks.all());
  }

  private static List<DeviceVerdict> bootloader(
      Releases.Named named, AcceptedPermit permit, CheckedDevice.Known known) {
    if (known.profile().isEmpty()) {
      return List.of();
    }
    List<DeviceVerdict> verdicts = new ArrayList<>();
    List<Release.Part> parts = named.release().parts();
    for (int i = 0; i < parts.size(); i++) {
      if (permit.parts().contains(parts.get(i))) {
        int image = parts.get(i).place().image();
        Bytes content = named.file().contents().get(i).image();
        DeviceFacts.Room room = known.facts().places().get(parts.get(i).place());
        verdicts.add(
            DeviceVerdict.of(
                known.profile().get(),
                image,
                content,
                Optional.empty(),
                room == null ? SecurityCounter.ZERO : new SecurityCounter(room.securityCounter())));
      }
    }
    return verdicts;
  }
}
