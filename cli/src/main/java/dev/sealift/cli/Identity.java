// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.ClassId;
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

  static VendorId vendor(String text) {
    return UUID.matcher(text).matches() ? VendorId.parse(text) : VendorId.ofDomain(text);
  }

  static ClassId deviceClass(VendorId vendor, String text) {
    return UUID.matcher(text).matches() ? ClassId.parse(text) : ClassId.of(vendor, text);
  }
}
