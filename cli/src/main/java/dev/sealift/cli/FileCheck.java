// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.smp.Files;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.CRC32;

/// Whether the beginning of a file on a device is what it should be, by the best checksum that the
/// device has.
sealed interface FileCheck {
  record Same(String type) implements FileCheck {}

  record Different(String type) implements FileCheck {}

  /// The device has no checksum that we know, or not for this file.
  record Unknown() implements FileCheck {}

  static FileCheck of(SmpClient client, String name, Bytes expected) throws IOException {
    if (expected.isEmpty()) {
      return new Unknown();
    }
    CRC32 crc = new CRC32();
    crc.update(expected.toBuffer());
    Optional<CborItem> sha = sum(client, name, "sha256", expected.size());
    if (sha.isPresent()) {
      return judged("SHA-256", sha.get().equals(new CborBytes(expected.sha256())));
    }
    return sum(client, name, "crc32", expected.size())
        .map(sum -> judged("CRC-32", sum.equals(CborInt.of(crc.getValue()))))
        .orElseGet(Unknown::new);
  }

  private static FileCheck judged(String type, boolean isSame) {
    return isSame ? new Same(type) : new Different(type);
  }

  /// Empty where it is refused, or is of fewer bytes than were asked for.
  private static Optional<CborItem> sum(SmpClient client, String name, String type, long length)
      throws IOException {
    return DeviceCommand.optional(
            client,
            new Files.Checksum(name, Optional.of(type), Optional.empty(), Optional.of(length)))
        .filter(reply -> reply.length() == length)
        .flatMap(Files.ChecksumReply::output);
  }
}
