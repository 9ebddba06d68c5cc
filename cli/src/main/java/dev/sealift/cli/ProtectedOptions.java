// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Dependency;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.Tlv;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What an image says in its protected TLVs.
final class ProtectedOptions {
  private String securityCounter = "";
  private String sequence = "";
  private final List<String> dependencies = new ArrayList<>();
  private String vendor = "";
  private String deviceClass = "";
  private String bootRecord = "";

  void declare(Options options) {
    options.value(
        "-s --security-counter",
        "N",
        "number, or 'auto' from the version",
        value -> securityCounter = value);
    options.value(
        "--sequence",
        "[EPOCH:]N",
        "the release's sequence number, protected by the image's signature",
        value -> sequence = value);
    options.values(
        "-d --dependency",
        "IMAGE:VERSION",
        "needs that image at least at that version; may be given again",
        value -> dependencies.add(value));
    options.value("--vid", "NAME|UUID", "vendor: a domain name or UUID", value -> vendor = value);
    options.value(
        "--cid", "NAME|UUID", "class of device: a name or UUID", value -> deviceClass = value);
    options.value(
        "--boot-record",
        "TYPE",
        "software type for measured boot, at most 12 characters",
        value -> bootRecord = value);
    options.values(
        "--custom-tlv",
        "TAG=VALUE",
        "a protected TLV: 0x and hex digits, or text; may be given again",
        value -> customTlvs.add(value));
    options.values(
        "--custom-tlv-file",
        "TAG=FILE",
        "a protected TLV with what the file holds; may be given again",
        value -> customTlvFiles.add(value));
  }

  private final List<String> customTlvs = new ArrayList<>();
  private final List<String> customTlvFiles = new ArrayList<>();

  SignOptions.Protected protectedData() throws MalformedException {
    Optional<UUID> vid =
        vendor.isEmpty() ? Optional.empty() : Optional.of(ImageUuid.vendor(vendor));
    Optional<UUID> cid =
        deviceClass.isEmpty() ? Optional.empty() : Optional.of(deviceClass(vendor, deviceClass));
    List<Dependency> needed = new ArrayList<>();
    for (String dependency : dependencies) {
      needed.add(imageAndVersion("--dependency", dependency));
    }
    return new SignOptions.Protected(
        counter(),
        bootRecord.isEmpty() ? Optional.empty() : Optional.of(bootRecord),
        needed,
        vid,
        cid,
        sequence.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Sequences.parse("--sequence", sequence).value().longValueExact()),
        customTlvs());
  }

  /// A class by name is named within its vendor, so that one must be there.
  static UUID deviceClass(String vendor, String deviceClass) throws MalformedException {
    if (vendor.isEmpty() && !ImageUuid.isRaw(deviceClass)) {
      throw Failure.usage("--cid by name needs --vid, the class is named within its vendor");
    }
    return ImageUuid.deviceClass(
        vendor.isEmpty() ? new UUID(0, 0) : ImageUuid.vendor(vendor), deviceClass);
  }

  /// As in `1:2.0.0`.
  static Dependency imageAndVersion(String option, String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw Failure.usage("%s is IMAGE:VERSION, not '%s'".formatted(option, text));
    }
    try {
      return new Dependency(
          Numbers.parseInt("the image of " + option, text.substring(0, colon), 0, 255),
          ImageVersion.parse(text.substring(colon + 1)));
    } catch (MalformedException e) {
      throw Failure.usage("%s: %s".formatted(option, e.getMessage()));
    }
  }

  private SignOptions.Counter counter() {
    return switch (securityCounter) {
      case "" -> new SignOptions.Counter.None();
      case "auto" -> new SignOptions.Counter.FromVersion();
      default ->
          new SignOptions.Counter.Is(
              new SecurityCounter(
                  Numbers.parse("--security-counter", securityCounter, 0, 0xffff_ffffL)));
    };
  }

  private List<Tlv> customTlvs() throws MalformedException {
    List<Tlv> tlvs = new ArrayList<>();
    for (String given : customTlvs) {
      String value = after("--custom-tlv", given);
      tlvs.add(
          Tlv.of(
              tag("--custom-tlv", given),
              value.startsWith("0x")
                  ? Hex.parse("the value of --custom-tlv", value.substring(2))
                  : Bytes.ofUtf8(value)));
    }
    for (String given : customTlvFiles) {
      tlvs.add(
          Tlv.of(
              tag("--custom-tlv-file", given),
              Files.read(Path.of(after("--custom-tlv-file", given)))));
    }
    return tlvs;
  }

  private static int tag(String option, String given) {
    return Numbers.parseInt(
        "the tag of " + option, given.substring(0, given.indexOf('=')), 0, Tlv.TYPE_MAX);
  }

  private static String after(String option, String given) {
    int equals = given.indexOf('=');
    if (equals < 1) {
      throw Failure.usage("%s is TAG=VALUE, not '%s'".formatted(option, given));
    }
    return given.substring(equals + 1);
  }
}
