// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseHeaders;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.CoseVerification;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Optional;

/// One of our own objects as it travels. What it says can be read before anybody is believed; what
/// it is worth only a [Keyring] says.
public record Signed<T extends SignedObject>(T content, CoseSign message) {

  /// An object that nobody has signed yet.
  public static <T extends SignedObject> Signed<T> unsigned(T content) {
    return new Signed<>(content, CoseSign.unsigned(content.encode()));
  }

  /// How what it says is read.
  @FunctionalInterface
  public interface Decoder<T extends SignedObject> {
    T decode(Bytes payload) throws MalformedException;
  }

  public static <T extends SignedObject> Signed<T> decode(Bytes bytes, Decoder<T> decoder)
      throws MalformedException {
    CoseSign message = CoseSign.decode(bytes);
    return new Signed<>(decoder.decode(message.payload()), message);
  }

  /// With one more signature; those that are there stay as they are.
  public Signed<T> signedBy(CoseSigner signer) {
    return new Signed<>(content, message.signedBy(signer, content.kind().externalData()));
  }

  public Bytes encode() {
    return message.encode();
  }

  /// By whom the signatures say they are; the ones that name nobody are left out.
  public List<KeyId> keyIds() {
    return message.signatures().stream()
        .map(signature -> keyId(signature.headers()))
        .flatMap(Optional::stream)
        .toList();
  }

  /// The keys with a role of their own in that root whose signatures under this hold, each once.
  /// Keys that only a certificate speaks for are not among them.
  public List<KeyId> signers(Root root, Role role) {
    return message.signatures().stream()
        .flatMap(
            signature ->
                keyId(signature.headers())
                    .flatMap(root::key)
                    .filter(key -> root.roleOf(key).equals(Optional.of(role)))
                    .filter(key -> verify(signature, key) instanceof CoseVerification.Verified)
                    .map(CoseKey::id)
                    .stream())
        .distinct()
        .toList();
  }

  static Optional<KeyId> keyId(CoseHeaders headers) {
    return headers.keyId().filter(id -> id.size() == KeyId.SIZE).map(KeyId::new);
  }

  CoseVerification verify(CoseSign.Signed signature, CoseKey key) {
    return message.verify(signature, key, content.kind().externalData(), AlgorithmNames.CURRENT);
  }
}
