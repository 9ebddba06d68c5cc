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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one form a manifest may have on a device, so that a device needs no interpreter.
///
/// ```
/// components  0 [place]  1 [place,'h']  2 [place,'c']  3 [place,'b']      and four for each
///             the file   its hash       its counter    its block table    further part
/// shared      12 0  20 {vendor, class, file digest, size}  1  2
///             12 1  20 {image hash}
///             12 2  20 {content: security counter, 4 bytes, lowest first}
///             12 3  20 {table digest, table size}
///             12 4  20 {file digest, size}  12 5 …   the same for each further part
/// install     12 3  20 {uri "#bdt"}  21  3
///             12 0  20 {uri "#fw"}   21  3           further parts: "#bdt1" "#fw1", …
/// validate    12 0  3   12 1  3   12 2  6            and for each further part
/// ```
///
/// `place` is the image's number in one byte, followed by the slot's where the image is linked for
/// one slot. Reading picks the values from their places and writes the manifest they would have:
/// what is not equal to that is refused, whatever it would have meant.
final class ManifestProfile {
  static final String FIRMWARE_URI = "#fw";
  static final String TABLE_URI = "#bdt";

  private static final int COUNTER_BYTES = 4;
  private static final int COMPONENTS_PER_PART = 4;

  /// Commands of the shared sequence for the first part, and for each further one: vendor and class
  /// are asked once.
  private static final int FIRST_COMMANDS = 10;

  private static final int NEXT_COMMANDS = 8;

  private ManifestProfile() {}

  /// What a manifest is in the eyes of the profile.
  sealed interface Match {
    record Fits(Release release) implements Match {}

    record Differs(Refusal refusal, String detail) implements Match {}
  }

  static SuitManifest manifest(Release release) {
    List<ComponentId> components = new ArrayList<>();
    List<SuitCommand> shared = new ArrayList<>();
    List<SuitCommand> install = new ArrayList<>();
    List<SuitCommand> validate = new ArrayList<>();
    for (int i = 0; i < release.parts().size(); i++) {
      Release.Part part = release.parts().get(i);
      Bytes place = part.place().segment();
      int first = COMPONENTS_PER_PART * i;
      components.add(ComponentId.of(place));
      components.add(ComponentId.of(place, Bytes.ofUtf8("h")));
      components.add(ComponentId.of(place, Bytes.ofUtf8("c")));
      components.add(ComponentId.of(place, Bytes.ofUtf8("b")));
      shared.add(select(first));
      if (i == 0) {
        shared.add(
            override(
                new SuitParameter.VendorId(release.vendor().bytes()),
                new SuitParameter.ClassId(release.deviceClass().bytes()),
                new SuitParameter.ImageDigest(part.fileDigest()),
                new SuitParameter.ImageSize(part.size())));
        shared.add(check(Condition.VENDOR_ID));
        shared.add(check(Condition.CLASS_ID));
      } else {
        shared.add(
            override(
                new SuitParameter.ImageDigest(part.fileDigest()),
                new SuitParameter.ImageSize(part.size())));
      }
      shared.add(select(first + 1));
      shared.add(override(new SuitParameter.ImageDigest(part.imageHash())));
      shared.add(select(first + 2));
      shared.add(
          override(
              new SuitParameter.Content(
                  new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(part.securityCounter()).toBytes())));
      shared.add(select(first + 3));
      shared.add(
          override(
              new SuitParameter.ImageDigest(part.tableDigest()),
              new SuitParameter.ImageSize(part.tableSize())));
      String number = i == 0 ? "" : Integer.toString(i);
      install.add(select(first + 3));
      install.add(override(new SuitParameter.Uri(TABLE_URI + number)));
      install.add(new SuitCommand.Act(Directive.FETCH, ReportPolicy.ALL));
      install.add(check(Condition.IMAGE_MATCH));
      install.add(select(first));
      install.add(override(new SuitParameter.Uri(FIRMWARE_URI + number)));
      install.add(new SuitCommand.Act(Directive.FETCH, ReportPolicy.ALL));
      install.add(check(Condition.IMAGE_MATCH));
      validate.add(select(first));
      validate.add(check(Condition.IMAGE_MATCH));
      validate.add(select(first + 1));
      validate.add(check(Condition.IMAGE_MATCH));
      validate.add(select(first + 2));
      validate.add(check(Condition.CHECK_CONTENT));
    }
    return new SuitManifest(
        release.sequence().value(),
        SuitCommon.of(components, new SuitSequence(shared)),
        Optional.empty(),
        Optional.empty(),
        Optional.of(release.version()),
        Map.of(
            SuitSection.INSTALL, new SuitMember.Inside<>(new SuitSequence(install)),
            SuitSection.VALIDATE, new SuitMember.Inside<>(new SuitSequence(validate))),
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
    List<ComponentId> components = manifest.common().components();
    int count = components.size() / COMPONENTS_PER_PART;
    Optional<SuitParameter.VendorId> vendor = parameter(shared, 1, SuitParameter.VendorId.class);
    Optional<SuitParameter.ClassId> deviceClass = parameter(shared, 1, SuitParameter.ClassId.class);
    if (count < 1
        || count > Release.PARTS_MAX
        || vendor.isEmpty()
        || deviceClass.isEmpty()
        || manifest.version().isEmpty()) {
      return Optional.empty();
    }
    List<Release.Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Counted from the end of the part: what stands before differs in the first one.
      int end = FIRST_COMMANDS + NEXT_COMMANDS * i;
      int file = i == 0 ? 1 : end - NEXT_COMMANDS + 1;
      Optional<Release.Part> part =
          Place.of(components.get(COMPONENTS_PER_PART * i))
              .flatMap(place -> pick(place, shared, file, end));
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    try {
      return Optional.of(
          new Release(
              new VendorId(vendor.get().id()),
              new ClassId(deviceClass.get().id()),
              SequenceNumber.of(manifest.sequenceNumber()),
              manifest.version().get(),
              parts));
    } catch (IllegalArgumentException _) {
      // Two parts for one place.
      return Optional.empty();
    }
  }

  private static Optional<Release.Part> pick(
      Place place, List<SuitCommand> shared, int file, int end) {
    Optional<SuitParameter.ImageSize> size = parameter(shared, file, SuitParameter.ImageSize.class);
    Optional<SuitDigest> fileDigest = digest(shared, file).filter(ManifestProfile::isSha256);
    Optional<SuitDigest> imageHash = digest(shared, end - 5);
    Optional<Long> counter =
        parameter(shared, end - 3, SuitParameter.Content.class).flatMap(ManifestProfile::counter);
    Optional<SuitDigest> tableDigest = digest(shared, end - 1).filter(ManifestProfile::isSha256);
    if (size.isEmpty()
        || size.get().bytes() < 1
        || size.get().bytes() > Release.SIZE_MAX
        || fileDigest.isEmpty()
        || imageHash.isEmpty()
        || counter.isEmpty()
        || tableDigest.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Release.Part(
            place,
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
