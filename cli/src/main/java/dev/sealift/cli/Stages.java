// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Fraction;
import dev.sealift.permit.Targets;
import dev.sealift.permit.VendorId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// For which devices a stage is, as people write it: `10%`, `all`, `list=FILE`, `serials=1-99`.
final class Stages {
  private Stages() {}

  /// With one salt, whoever is in a smaller sample is in every larger one.
  static Targets parse(String text, VendorId vendor, Bytes salt) {
    String stripped = text.strip();
    if (stripped.equals("all") || stripped.equals("100%")) {
      return new Targets.All();
    }
    if (stripped.startsWith("list=")) {
      return list(Path.of(stripped.substring("list=".length())), vendor);
    }
    if (stripped.startsWith("serials=")) {
      return serials(stripped.substring("serials=".length()));
    }
    Fraction fraction = Fractions.parse("--stage", stripped);
    if (fraction.numerator() == 0) {
      throw Failure.usage("--stage %s is for no device".formatted(text));
    }
    return new Targets.Sample(salt, fraction);
  }

  private static Targets serials(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw Failure.usage("--stage serials=FIRST-LAST, is 'serials=%s'".formatted(text));
    }
    long first = number(text.substring(0, dash));
    long last = number(text.substring(dash + 1));
    if (last < first) {
      throw Failure.usage("--stage serials=%s ends before it begins".formatted(text));
    }
    return new Targets.Serials(first, last);
  }

  private static long number(String text) {
    return Numbers.parse("a serial number of --stage", text, 0, Long.MAX_VALUE);
  }

  /// One device a line, by its UUID or its serial number; what follows a # is for people.
  private static Targets list(Path file, VendorId vendor) {
    List<DeviceId> devices = new ArrayList<>();
    for (String line : Files.readText(file).lines().toList()) {
      int remark = line.indexOf('#');
      String device = (remark < 0 ? line : line.substring(0, remark)).strip();
      if (!device.isEmpty()) {
        devices.add(Identity.device(vendor, device));
      }
    }
    try {
      return Targets.Listed.of(devices.stream().distinct().toList());
    } catch (IllegalArgumentException e) {
      throw Failure.refused("%s holds %s".formatted(file, e.getMessage()));
    }
  }

  /// In words, with the number of devices where the size of the fleet is known.
  static String words(Targets targets, long fleet) {
    String words = targets.toString();
    if (fleet == 0) {
      return words;
    }
    return switch (targets) {
      case Targets.All() -> "%s, %d".formatted(words, fleet);
      case Targets.Listed _ -> words;
      case Targets.Sample(_, var part) ->
          "%s, about %d of %d"
              .formatted(
                  words, Math.round((double) fleet * part.numerator() / part.denominator()), fleet);
      case Targets.Serials(var low, var high) ->
          "%s, at most %d".formatted(words, Math.min(fleet, high - low + 1));
    };
  }
}
