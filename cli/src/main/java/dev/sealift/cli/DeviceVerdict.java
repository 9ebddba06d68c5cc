// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Rehearsal;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.SecurityCounter;
import java.util.List;
import java.util.Optional;

/// What a kind of device would say to an image: the answer of its bootloader, in lines.
final class DeviceVerdict {
  private final DeviceProfile profile;
  private final int image;
  private final Rehearsal.Verdict verdict;

  private DeviceVerdict(DeviceProfile profile, int image, Rehearsal.Verdict verdict) {
    this.profile = profile;
    this.image = image;
    this.verdict = verdict;
  }

  static DeviceVerdict of(
      DeviceProfile profile,
      int image,
      Bytes candidate,
      Optional<Bytes> installed,
      SecurityCounter counter) {
    return new DeviceVerdict(
        profile, image, Rehearsal.of(profile.boot(), image, candidate, installed, counter));
  }

  boolean isTaken() {
    return verdict instanceof Rehearsal.Verdict.Taken;
  }

  List<String> lines() {
    return switch (verdict) {
      case Rehearsal.Verdict.Taken(var use) ->
          List.of(
              "  %s would take it (%s, at most %d bytes)%s"
                  .formatted(
                      profile.name(),
                      Profiles.mode(profile.boot().mode()),
                      profile.boot().imageSizeMax(image),
                      RunningDevice.cost(profile, use)));
      case Rehearsal.Verdict.Refused(_, var why) ->
          List.of(
              "  %s would refuse it (%s, at most %d bytes): %s"
                  .formatted(
                      profile.name(),
                      Profiles.mode(profile.boot().mode()),
                      profile.boot().imageSizeMax(image),
                      why));
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
    return json.build();
  }
}
