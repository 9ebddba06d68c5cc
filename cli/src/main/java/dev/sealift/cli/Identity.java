// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.VendorId;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// Whose devices and which: the options that several commands share.
final class Identity {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  @Option(
      names = "--vendor",
      paramLabel = "DOMAIN|UUID",
      required = true,
      description = "the vendor, by domain name or UUID")
  private String vendor = "";

  @Option(
      names = "--class",
      paramLabel = "NAME|UUID",
      required = true,
      description = "the class of devices, by name or UUID")
  private String deviceClass = "";

  VendorId vendor() {
    return vendor(vendor);
  }

  ClassId deviceClass() {
    return deviceClass(vendor(), deviceClass);
  }

  static boolean isUuid(String text) {
    return UUID.matcher(text).matches();
  }

  static VendorId vendor(String text) {
    return isUuid(text) ? VendorId.parse(text) : VendorId.ofDomain(text);
  }

  static ClassId deviceClass(VendorId vendor, String text) {
    return isUuid(text) ? ClassId.parse(text) : ClassId.of(vendor, text);
  }

  /// A UUID, or the operator's domain name and their own word: `acme.example/plant-7`.
  static DeploymentId deployment(String what, String text) {
    if (isUuid(text)) {
      return DeploymentId.parse(text);
    }
    int slash = text.indexOf('/');
    if (slash < 1 || slash == text.length() - 1) {
      throw Failure.usage(
          "%s must be a UUID or like acme.example/plant-7, is '%s'".formatted(what, text));
    }
    return DeploymentId.of(text.substring(0, slash), text.substring(slash + 1));
  }

  /// A UUID, or the serial number of one of this vendor's devices.
  static DeviceId device(VendorId vendor, String text) {
    return isUuid(text) ? DeviceId.parse(text) : DeviceId.of(vendor, text);
  }
}
