// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.ApprovalPlan;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.Signed;
import dev.sealift.permit.SignedObject;
import java.nio.file.Path;

/// Files of signed things, each with a sentence where it is something else.
final class SignedFiles {
  private static final Bytes PEM = Bytes.ofUtf8("-----BEGIN ");

  private SignedFiles() {}

  static Signed<Certificate> certificate(Path file) {
    return read(file, Certificate::decode, "certificate");
  }

  static Signed<Beacon> beacon(Path file) {
    return read(file, Beacon::decode, "beacon");
  }

  /// A beacon that is longer is kept by no device.
  static Signed<Beacon> requireShort(Signed<Beacon> beacon) {
    int size = beacon.encode().size();
    if (size > Beacon.BYTES_MAX) {
      throw Failure.refused(
              "the beacon would have %d bytes, devices keep %d".formatted(size, Beacon.BYTES_MAX))
          .hint("say fewer classes or keys in one, or sign with fewer keys");
    }
    return beacon;
  }

  static ApprovalPlan plan(Path file) {
    Bytes content = Files.read(file);
    try {
      return ApprovalPlan.decode(content);
    } catch (MalformedException e) {
      throw another(file, content, "approval plan", e);
    }
  }

  private static <T extends SignedObject> Signed<T> read(
      Path file, Signed.Decoder<T> decoder, String what) {
    Bytes content = Files.read(file);
    try {
      return Signed.decode(content, decoder);
    } catch (MalformedException e) {
      throw another(file, content, what, e);
    }
  }

  /// A key in the place of what it has signed is the usual mistake.
  static Failure another(Path file, Bytes content, String what, MalformedException e) {
    return content.startsWith(PEM)
        ? Failure.refused("%s is a key as PEM, not a %s".formatted(file, what))
        : Failure.refused("%s is no %s: %s".formatted(file, what, e.getMessage()))
            .hint("'sealift trust show' says what a file is");
  }
}
