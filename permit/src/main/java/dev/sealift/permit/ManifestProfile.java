// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.suit.ComponentId;
import dev.sealift.suit.SuitCommand;
import dev.sealift.suit.SuitCommand.Check;
import dev.sealift.suit.SuitCommand.ComponentIndex;
import dev.sealift.suit.SuitCommand.Condition;
import dev.sealift.suit.SuitCommand.Directive;
import dev.sealift.suit.SuitCommand.ReportPolicy;
import dev.sealift.suit.SuitCommon;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitMember;
import dev.sealift.suit.SuitParameter;
import dev.sealift.suit.SuitParameters;
import dev.sealift.suit.SuitSection;
import dev.sealift.suit.SuitSequence;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one form a manifest may have on a device, so that a device needs no interpreter.
///
/// ```
/// components  0 [slot]  1 [slot,'h']  2 [slot,'c']  3 [slot,'b']
///             the file  its hash      its counter   its block table
/// shared      12 0  20 {vendor, class, file digest, size}  1  2
///             12 1  20 {image hash}
///             12 2  20 {content: security counter, 4 bytes, lowest first}
///             12 3  20 {table digest, table size}
/// install     12 3  20 {uri "#bdt"}  21  3
///             12 0  20 {uri "#fw"}   21  3
/// validate    12 0  3   12 1  3   12 2  6
/// ```
///
/// Reading picks the values from their places and writes the manifest they would have: what is not
/// equal to that is refused, whatever it would have meant.
final class ManifestProfile {
  static final String FIRMWARE_URI = "#fw";
  static final String TABLE_URI = "#bdt";

  private static final int COUNTER_BYTES = 4;

  private ManifestProfile() {}

  /// What a manifest is in the eyes of the profile.
  sealed interface Match {
    record Fits(Release release) implements Match {}

    record Differs(Refusal refusal, String detail) implements Match {}
  }

  static SuitManifest manifest(Release release) {
    Bytes slot = Bytes.ofInts(release.component());
    SuitCommon common =
        SuitCommon.of(
            List.of(
                ComponentId.of(slot),
                ComponentId.of(slot, Bytes.ofUtf8("h")),
                ComponentId.of(slot, Bytes.ofUtf8("c")),
                ComponentId.of(slot, Bytes.ofUtf8("b"))),
            SuitSequence.of(
                select(0),
                override(
                    new SuitParameter.VendorId(release.vendor().bytes()),
                    new SuitParameter.ClassId(release.deviceClass().bytes()),
                    new SuitParameter.ImageDigest(release.fileDigest()),
                    new SuitParameter.ImageSize(release.size())),
                check(Condition.VENDOR_ID),
                check(Condition.CLASS_ID),
                select(1),
                override(new SuitParameter.ImageDigest(release.imageHash())),
                select(2),
                override(
                    new SuitParameter.Content(
                        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
                            .u32(release.securityCounter())
                            .toBytes())),
                select(3),
                override(
                    new SuitParameter.ImageDigest(release.tableDigest()),
                    new SuitParameter.ImageSize(release.tableSize()))));
    SuitSequence install =
        SuitSequence.of(
            select(3),
            override(new SuitParameter.Uri(TABLE_URI)),
            new SuitCommand.Act(Directive.FETCH, ReportPolicy.ALL),
            check(Condition.IMAGE_MATCH),
            select(0),
            override(new SuitParameter.Uri(FIRMWARE_URI)),
            new SuitCommand.Act(Directive.FETCH, ReportPolicy.ALL),
            check(Condition.IMAGE_MATCH));
    SuitSequence validate =
        SuitSequence.of(
            select(0),
            check(Condition.IMAGE_MATCH),
            select(1),
            check(Condition.IMAGE_MATCH),
            select(2),
            check(Condition.CHECK_CONTENT));
    return new SuitManifest(
        release.sequence().value(),
        common,
        Optional.empty(),
        Optional.empty(),
        Optional.of(release.version()),
        Map.of(
            SuitSection.INSTALL, new SuitMember.Inside<>(install),
            SuitSection.VALIDATE, new SuitMember.Inside<>(validate)),
        Optional.empty(),
        Optional.empty());
  }

  static Match match(SuitManifest manifest) {
    List<SuitCommand> shared =
        manifest.common().shared().map(SuitSequence::commands).orElse(List.of());
    // Named apart from all else that may differ: a manifest that asks nobody's vendor or class
    // would run anywhere (T10).
    if (!shared.contains(check(Condition.VENDOR_ID))) {
      return new Match.Differs(Refusal.R8, "the manifest does not check the vendor");
    }
    if (!shared.contains(check(Condition.CLASS_ID))) {
      return new Match.Differs(Refusal.R9, "the manifest does not check the class");
    }
    Optional<Release> release = pick(manifest, shared);
    return release.isPresent() && manifest(release.get()).equals(manifest)
        ? new Match.Fits(release.get())
        : new Match.Differs(Refusal.R2, "the manifest is not of the one form that devices accept");
  }

  private static Optional<Release> pick(SuitManifest manifest, List<SuitCommand> shared) {
    Optional<Integer> slot =
        manifest.common().components().stream()
            .findFirst()
            .flatMap(id -> id.path().stream().findFirst())
            .filter(part -> part.size() == 1)
            .map(part -> part.at(0));
    Optional<SuitParameter.VendorId> vendor = parameter(shared, 1, SuitParameter.VendorId.class);
    Optional<SuitParameter.ClassId> deviceClass = parameter(shared, 1, SuitParameter.ClassId.class);
    Optional<SuitParameter.ImageSize> size = parameter(shared, 1, SuitParameter.ImageSize.class);
    Optional<SuitDigest> fileDigest = digest(shared, 1).filter(ManifestProfile::isSha256);
    Optional<SuitDigest> imageHash = digest(shared, 5);
    Optional<Long> counter =
        parameter(shared, 7, SuitParameter.Content.class).flatMap(ManifestProfile::counter);
    Optional<SuitDigest> tableDigest = digest(shared, 9).filter(ManifestProfile::isSha256);
    if (slot.isEmpty()
        || vendor.isEmpty()
        || deviceClass.isEmpty()
        || size.isEmpty()
        || size.get().bytes() < 1
        || size.get().bytes() > Release.SIZE_MAX
        || fileDigest.isEmpty()
        || imageHash.isEmpty()
        || counter.isEmpty()
        || tableDigest.isEmpty()
        || manifest.version().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Release(
            new VendorId(vendor.get().id()),
            new ClassId(deviceClass.get().id()),
            SequenceNumber.of(manifest.sequenceNumber()),
            manifest.version().get(),
            slot.get(),
            size.get().bytes(),
            fileDigest.get(),
            imageHash.get(),
            counter.get(),
            tableDigest.get()));
  }

  private static boolean isSha256(SuitDigest digest) {
    return digest.algorithm() == SuitDigest.Algorithm.SHA_256;
  }

  private static Optional<SuitDigest> digest(List<SuitCommand> commands, int at) {
    return parameter(commands, at, SuitParameter.ImageDigest.class)
        .map(SuitParameter.ImageDigest::digest);
  }

  private static <P extends SuitParameter> Optional<P> parameter(
      List<SuitCommand> commands, int at, Class<P> type) {
    if (at >= commands.size()
        || !(commands.get(at) instanceof SuitCommand.OverrideParameters(var parameters))) {
      return Optional.empty();
    }
    return parameters.list().stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Optional<Long> counter(SuitParameter.Content content) {
    Bytes bytes = content.bytes();
    if (bytes.size() != COUNTER_BYTES) {
      return Optional.empty();
    }
    long value = 0;
    for (int i = COUNTER_BYTES - 1; i >= 0; i--) {
      value = value << 8 | bytes.at(i);
    }
    return Optional.of(value);
  }

  private static SuitCommand select(long component) {
    return new SuitCommand.SetComponentIndex(new ComponentIndex.One(component));
  }

  private static SuitCommand override(SuitParameter... parameters) {
    return new SuitCommand.OverrideParameters(SuitParameters.of(parameters));
  }

  private static SuitCommand check(Condition condition) {
    return new Check(condition, ReportPolicy.ALL);
  }
}
