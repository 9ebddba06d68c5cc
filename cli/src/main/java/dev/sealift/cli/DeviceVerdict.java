// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Hazard;
import dev.sealift.boot.Hazard.Severity;
import dev.sealift.boot.Hazards;
import dev.sealift.boot.Rehearsal;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.SecurityCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a kind of device would say to an image: the answer of its bootloader, in lines.
final class DeviceVerdict {
  private final DeviceProfile profile;
  private final int image;
  private final Rehearsal.Verdict verdict;
  private final List<Hazard> hazards;

  private DeviceVerdict(
      DeviceProfile profile, int image, Rehearsal.Verdict verdict, List<Hazard> hazards) {
    this.profile = profile;
    this.image = image;
    this.verdict = verdict;
    this.hazards = hazards;
  }

  static DeviceVerdict of(
      DeviceProfile profile,
      int image,
      Bytes candidate,
      Optional<Bytes> installed,
      SecurityCounter counter) {
    return new DeviceVerdict(
        profile,
        image,
        Rehearsal.of(profile.boot(), image, candidate, installed, counter),
        new Hazards(profile.boot().alone(image))
            .of(candidate, installed.stream().mapToLong(Bytes::size).findFirst()));
  }

  /// Taken by the bootloader, and by no fault of it.
  boolean isTaken() {
    return verdict instanceof Rehearsal.Verdict.Taken
        && hazards.stream().noneMatch(hazard -> hazard.severity() == Severity.BRICKS);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(verdictLine());
    for (Hazard hazard : hazards) {
      lines.add("  " + warning(hazard));
    }
    return lines;
  }

  /// One line for a person; a fatal hazard reads as what it is.
  static String warning(Hazard hazard) {
    return (hazard.severity() == Severity.BRICKS ? "danger: " : "warning: ") + hazard.words();
  }

  /// The word for machines, such as `one-sector-in-offset`.
  static String code(Hazard hazard) {
    return hazard.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String verdictLine() {
    return switch (verdict) {
      case Rehearsal.Verdict.Taken(var use) ->
          "  %s would take it (%s, at most %d bytes)%s"
              .formatted(
                  profile.name(),
                  Profiles.mode(profile.boot().mode()),
                  profile.boot().imageSizeMax(image),
                  RunningDevice.cost(profile, use));
      case Rehearsal.Verdict.Refused(_, var why) ->
          "  %s would refuse it (%s, at most %d bytes): %s"
              .formatted(
                  profile.name(),
                  Profiles.mode(profile.boot().mode()),
                  profile.boot().imageSizeMax(image),
                  why);
    };
  }

  CborMap json() {
    CborMap.Builder json = CborMap.builder().put("profile", profile.name());
    switch (verdict) {
      case Rehearsal.Verdict.Taken(var use) ->
          json.put("verdict", "accept").put("operations", use.operations());
      case Rehearsal.Verdict.Refused(var code, var why) ->
          json.put("verdict", "reject").put("reason", code).put("sentence", why);
    }
    json.put(
        "hazards",
        new CborList(
            hazards.stream().<CborItem>map(hazard -> new CborText(code(hazard))).toList()));
    return json.build();
  }
}
