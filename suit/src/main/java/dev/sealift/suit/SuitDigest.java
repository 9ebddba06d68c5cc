// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import java.util.Arrays;

/// A digest with its algorithm: `[ algorithm, bytes ]`.
public record SuitDigest(Algorithm algorithm, Bytes value) {
  /// The ones every JDK has; SHA-256 is the one all must know.
  public enum Algorithm {
    SHA_256(-16, "SHA-256", 32),
    SHA_384(-43, "SHA-384", 48),
    SHA_512(-44, "SHA-512", 64);

    private final long id;
    private final String jdkName;
    private final int size;

    Algorithm(long id, String jdkName, int size) {
      this.id = id;
      this.jdkName = jdkName;
      this.size = size;
    }

    public long id() {
      return id;
    }
  }

  public SuitDigest {
    if (value.size() != algorithm.size) {
      throw new IllegalArgumentException(
          "%s has %d bytes, not %d".formatted(algorithm, algorithm.size, value.size()));
    }
  }

  public static SuitDigest sha256(Bytes value) {
    return new SuitDigest(Algorithm.SHA_256, value);
  }

  /// The digest of some content, as of a payload.
  public static SuitDigest of(Bytes content) {
    return sha256(content.sha256());
  }

  /// The digest by which manifests and severable members are named: over the byte string that
  /// carries them, its head included.
  public static SuitDigest ofWrapped(Bytes content) {
    return of(wrapped(content));
  }

  public boolean fits(Bytes content) {
    return content.digest(algorithm.jdkName).equals(value);
  }

  public boolean fitsWrapped(Bytes content) {
    return fits(wrapped(content));
  }

  public CborItem toCbor() {
    return CborList.of(CborInt.of(algorithm.id), new CborBytes(value));
  }

  public Bytes encode() {
    return Cbor.deterministic(toCbor());
  }

  static SuitDigest fromCbor(CborItem item) throws MalformedException, RefusedException {
    CborList list = CborFields.expect(item, CborList.class, "digest");
    if (list.size() < 2) {
      throw new MalformedException("digest of " + list.size() + " parts", 0);
    }
    if (list.size() > 2) {
      throw RefusedException.unsupported("digest with extensions");
    }
    long id =
        CborFields.toLong(
            CborFields.expect(list.get(0), CborInt.class, "digest algorithm"), "digest algorithm");
    Bytes value = CborFields.expect(list.get(1), CborBytes.class, "digest bytes").value();
    Algorithm algorithm =
        Arrays.stream(Algorithm.values())
            .filter(known -> known.id == id)
            .findFirst()
            .orElseThrow(
                () -> RefusedException.unsupported("digest algorithm " + id + " is not known"));
    if (value.size() != algorithm.size) {
      throw new MalformedException(
          "%s of %d bytes, expected %d".formatted(algorithm, value.size(), algorithm.size), 0);
    }
    return new SuitDigest(algorithm, value);
  }

  private static Bytes wrapped(Bytes content) {
    return Cbor.encode(new CborBytes(content));
  }
}
