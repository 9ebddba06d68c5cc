// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import java.util.Arrays;
import java.util.Optional;

/// The signature algorithms in use, each fully specified: curve and hash, or the parameter set, are
/// part of the name (RFC 9864, RFC 9964). Signatures are raw, never DER.
public enum CoseAlgorithm {
  ESP256(-9, "SHA256withECDSAinP1363Format", 64),
  ED25519(-19, "Ed25519", 64),
  /// With an empty context; the message itself is signed, not its hash.
  ML_DSA_44(-48, "ML-DSA-44", 2420);

  /// ES256: the name ESP256 had before, which left the curve open. Drafts still sign with it.
  static final long ES256_DEPRECATED = -7;

  private final long id;
  private final String jdkName;
  private final int signatureBytes;

  CoseAlgorithm(long id, String jdkName, int signatureBytes) {
    this.id = id;
    this.jdkName = jdkName;
    this.signatureBytes = signatureBytes;
  }

  /// The number in the IANA registry of COSE algorithms.
  public long id() {
    return id;
  }

  public int signatureBytes() {
    return signatureBytes;
  }

  String jdkName() {
    return jdkName;
  }

  static Optional<CoseAlgorithm> named(long id, AlgorithmNames names) {
    long current =
        id == ES256_DEPRECATED && names == AlgorithmNames.WITH_DEPRECATED ? ESP256.id : id;
    return Arrays.stream(values()).filter(algorithm -> algorithm.id == current).findFirst();
  }
}
