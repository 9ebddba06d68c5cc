// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurveSigningTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// RFC 6979, A.2.5.
  @Test
  void the_example_on_p256_comes_out() throws MalformedException {
    assertThat(
            signed(
                Curve.P256,
                "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                    + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"))
        .isEqualTo(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  }

  /// RFC 6979, A.2.6.
  @Test
  void the_example_on_p384_comes_out() throws MalformedException {
    assertThat(
            signed(
                Curve.P384,
                "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8"
                    + "96d5724e4c70a825f872c9ea60d2edf5",
                "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
                    + "def8f0ea9055866064a254515480bc13"
                    + "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1"
                    + "288b231c3ae0d4fe7344fd2533264720"))
        .isEqualTo(
            "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
                + "81a648152e44acf96e36dd1e80fabe46"
                + "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
                + "a329c145786e679e7b82c71a38628ac8");
  }

  private static String signed(Curve curve, String scalar, String point) throws MalformedException {
    Bytes sec1 =
        Der.element(
            Der.SEQUENCE,
            Der.integer(java.math.BigInteger.ONE),
            Der.element(Der.OCTET_STRING, Bytes.ofHex(scalar)),
            Der.element(Der.CONTEXT_1, Der.bitString(Bytes.ofHex("04" + point))));
    SigningKey key =
        LocalKey.ofSec1(sec1, Optional.of(curve)).signingDeterministically().orElseThrow();
    return EcdsaSignature.ofDer(curve, key.sign(Bytes.ofUtf8("sample"))).toRaw().toHex();
  }

  @ParameterizedTest
  @EnumSource
  void the_same_is_signed_the_same_and_genuinely_where_the_type_can(KeyType type) {
    LocalKey key = LocalKey.generate(type, RANDOM);
    Optional<SigningKey> signing = key.signingDeterministically();
    assertThat(signing.isEmpty()).isEqualTo(type.isRsa());
    if (signing.isPresent()) {
      Bytes message = Bytes.ofUtf8("an image");
      Bytes signature = signing.get().sign(message);
      assertThat(signing.get().sign(message)).isEqualTo(signature);
      assertThat(key.publicKey().check(message, signature))
          .isInstanceOf(SignatureCheck.Genuine.class);
      assertThat(key.publicKey().check(message.plus(message), signature))
          .isInstanceOf(SignatureCheck.Wrong.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_signature_made_at_once_is_genuine_for_the_jdk_too(KeyType type) throws Exception {
    LocalKey key = LocalKey.generate(type, RANDOM);
    Bytes message = Bytes.ofUtf8("an image");
    SigningKey signing = key.signingAtOnce(RANDOM);
    Bytes signature = signing.sign(message);
    Signature jdk = VerifyingKey.signature(type);
    jdk.initVerify(
        KeyFactory.getInstance(type.factory())
            .generatePublic(new X509EncodedKeySpec(key.publicKey().spki().toArray())));
    jdk.update(message.toArray());
    assertThat(jdk.verify(signature.toArray())).isTrue();
    assertThat(signing.sign(message).equals(signature)).isEqualTo(type == KeyType.ED25519);
  }
}
