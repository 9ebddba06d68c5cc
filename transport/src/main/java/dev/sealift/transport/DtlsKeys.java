// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.nio.file.Path;
import java.util.Optional;

/// What one end of a DTLS connection proves itself by, and believes the other by: files, read when
/// the connection is opened.
public sealed interface DtlsKeys {
  /// A key both ends have, in hexadecimal digits, and the name it goes by.
  record Psk(String identity, Path file) implements DtlsKeys {
    private static final int IDENTITY_MAX = 128;

    public Psk {
      if (identity.isEmpty() || identity.length() > IDENTITY_MAX) {
        throw new IllegalArgumentException("no PSK identity: '%s'".formatted(identity));
      }
    }
  }

  /// Certificates in PEM: who signs the other end's, and our own.
  record Certificates(Optional<Path> authority, Optional<Own> own) implements DtlsKeys {}

  /// A certificate with the chain above it, and its private key.
  record Own(Path certificate, Path key) {}
}
