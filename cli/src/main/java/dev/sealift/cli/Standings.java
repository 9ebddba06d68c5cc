// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a beacon says of a class of devices, from what people give: a release file, or the facts
/// one by one.
final class Standings {
  private static final Pattern TAG = Pattern.compile("[0-9a-fA-F]{16}");

  private Standings() {}

  /// A class by its tag and its standing.
  record Of(Bytes tag, Beacon.Standing standing) {}

  /// This release is the latest of its class. Without a floor nothing older is forbidden.
  static Of latest(Path file, Optional<SequenceNumber> floor) {
    Releases.Named release = Releases.named(file);
    return of(
        "the floor of " + file,
        release.release().deviceClass().tag(),
        floor.orElse(SequenceNumber.LOWEST),
        release.release().sequence(),
        release.digest().value());
  }

  /// `CLASS:floor=[E:]N,latest=[E:]N,digest=HEX`, where the class is `vendor/class`, a UUID or a
  /// tag.
  static Of parse(String what, String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw wrong(what, text);
    }
    Optional<SequenceNumber> floor = Optional.empty();
    Optional<SequenceNumber> latest = Optional.empty();
    Optional<Bytes> digest = Optional.empty();
    for (String word : text.substring(colon + 1).split(",", -1)) {
      int equals = word.indexOf('=');
      String value = word.substring(equals + 1).strip();
      switch (equals < 0 ? "" : word.substring(0, equals).strip()) {
        case "floor" -> floor = Optional.of(Sequences.parse(what, value));
        case "latest" -> latest = Optional.of(Sequences.parse(what, value));
        case "digest" -> digest = Optional.of(digest(what, value));
        default -> throw wrong(what, text);
      }
    }
    if (latest.isEmpty() || digest.isEmpty()) {
      throw wrong(what, text);
    }
    return of(
        what,
        tag(what, text.substring(0, colon)),
        floor.orElse(SequenceNumber.LOWEST),
        latest.get(),
        digest.get());
  }

  static Of of(
      String what, Bytes tag, SequenceNumber floor, SequenceNumber latest, Bytes manifest) {
    if (floor.compareTo(latest) > 0) {
      throw Failure.refused(
          "%s is %s, above the latest release, %s".formatted(what, floor, latest));
    }
    return new Of(tag, new Beacon.Standing(floor, latest, manifest.first(Beacon.PREFIX_BYTES)));
  }

  private static Failure wrong(String what, String text) {
    return Failure.usage(
        "%s must be like acme.example/sensor-1:floor=1:2,latest=1:5,digest=HEX, is '%s'"
            .formatted(what, text));
  }

  static Bytes tag(String what, String text) {
    String stripped = text.strip();
    if (TAG.matcher(stripped).matches()) {
      return Bytes.ofHex(stripped);
    }
    if (Identity.isUuid(stripped)) {
      return ClassId.parse(stripped).tag();
    }
    int slash = stripped.indexOf('/');
    if (slash < 1 || slash == stripped.length() - 1) {
      throw Failure.usage(
          "%s: a class is like acme.example/sensor-1, a UUID or a tag of 16 hex digits, is '%s'"
              .formatted(what, text));
    }
    return Identity.deviceClass(
            Identity.vendor(stripped.substring(0, slash)), stripped.substring(slash + 1))
        .tag();
  }

  /// Of a manifest: at least as much of it as a beacon says.
  static Bytes digest(String what, String hex) {
    Bytes digest = Hex.parse(what, hex);
    if (digest.size() < Beacon.PREFIX_BYTES) {
      throw Failure.usage(
          "%s: at least the first %d bytes of a manifest's digest are needed, is '%s'"
              .formatted(what, Beacon.PREFIX_BYTES, hex));
    }
    return digest;
  }

  static KeyId keyId(String what, String hex) {
    Bytes id = Hex.parse(what, hex);
    if (id.size() != KeyId.SIZE) {
      throw Failure.usage(
          "%s: a key id has %d hex digits, is '%s'".formatted(what, 2 * KeyId.SIZE, hex));
    }
    return new KeyId(id);
  }
}
