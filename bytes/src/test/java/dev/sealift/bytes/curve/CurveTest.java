// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The library against the JDK: keys and signatures that one made, looked at by the other.
class CurveTest {
  private static final Bytes MESSAGE = Bytes.ofUtf8("what was signed");

  @ParameterizedTest
  @EnumSource(Curve.class)
  void a_signature_by_the_jdk_is_one_and_any_change_of_it_is_none(Curve curve)
      throws GeneralSecurityException, MalformedException {
    KeyPair pair = pair(curve);
    CurvePoint point = point(curve, pair);
    Bytes digest = digest(curve);
    for (int i = 0; i < 20; i++) {
      Signature signer =
          Signature.getInstance(
              (curve == Curve.P256 ? "SHA256" : "SHA384") + "withECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(MESSAGE.toArray());
      Bytes raw = Bytes.owning(signer.sign());
      BigInteger r = number(raw.first(curve.bytes()));
      BigInteger s = number(raw.from(curve.bytes()));
      assertThat(point.hasSigned(digest, r, s)).isTrue();
      assertThat(point.hasSigned(digest, s, r)).isFalse();
      assertThat(point.hasSigned(digest, r.add(BigInteger.ONE), s)).isFalse();
      assertThat(point.hasSigned(digest.sha256(), r, s)).isFalse();
      // The same residue, but not in the range that a signature has.
      assertThat(point.hasSigned(digest, r.add(curve.order()), s)).isFalse();
      assertThat(point.hasSigned(digest, r, s.subtract(curve.order()))).isFalse();
    }
    assertThat(point.hasSigned(digest, BigInteger.ZERO, BigInteger.ZERO)).isFalse();
    assertThat(point.hasSigned(digest, BigInteger.ONE, BigInteger.ZERO)).isFalse();
    assertThat(point.hasSigned(digest, curve.order(), BigInteger.ONE)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void a_point_is_read_in_both_forms_and_its_neighbours_are_none(Curve curve)
      throws GeneralSecurityException, MalformedException {
    CurvePoint point = point(curve, pair(curve));
    assertThat(CurvePoint.decode(curve, point.uncompressed())).isEqualTo(point);
    assertThat(CurvePoint.decompress(curve, point.x(), point.parity())).isEqualTo(point);
    CurvePoint.Parity other =
        point.parity() == CurvePoint.Parity.ODD ? CurvePoint.Parity.EVEN : CurvePoint.Parity.ODD;
    assertThat(CurvePoint.decompress(curve, point.x(), other)).isNotEqualTo(point);
    assertThatThrownBy(() -> CurvePoint.decode(curve, point.y(), point.x()))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> CurvePoint.decode(curve, Bytes.filled(1, 0)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> CurvePoint.decode(curve, Bytes.EMPTY))
        .isInstanceOf(MalformedException.class);
    // The hybrid form and a coordinate above the prime.
    assertThatThrownBy(
            () -> CurvePoint.decode(curve, Bytes.of((byte) 6).plus(point.uncompressed().from(1))))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> CurvePoint.decode(curve, Bytes.filled(curve.bytes(), 0xff), point.y()))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void an_edwards_signature_by_the_jdk_is_one_and_any_changed_bit_makes_it_none()
      throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Bytes spki = Bytes.owning(pair.getPublic().getEncoded());
    EdwardsPoint point = EdwardsPoint.decode(spki.from(spki.size() - 32)).orElseThrow();
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE.toArray());
    byte[] signature = signer.sign();
    assertThat(point.hasSigned(MESSAGE, Bytes.of(signature))).isTrue();
    assertThat(point.hasSigned(MESSAGE.plus(MESSAGE), Bytes.of(signature))).isFalse();
    assertThat(point.hasSigned(MESSAGE, Bytes.of(signature).first(63))).isFalse();
    for (int bit = 0; bit < 512; bit++) {
      signature[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(point.hasSigned(MESSAGE, Bytes.of(signature))).as("bit %d", bit).isFalse();
      signature[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  /// The neutral point, the points of order 2, 4 and 8, and an encoding of a y above the prime:
  /// "signatures" by such keys can be made by anybody.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void a_point_of_small_order_or_of_another_encoding_is_no_key(String encoded) {
    assertThat(EdwardsPoint.decode(Bytes.ofHex(encoded))).isEmpty();
  }

  @Test
  void other_sizes_are_no_edwards_point() {
    assertThat(EdwardsPoint.decode(Bytes.EMPTY)).isEmpty();
    assertThat(EdwardsPoint.decode(Bytes.filled(33, 1))).isEmpty();
  }

  private static KeyPair pair(Curve curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve == Curve.P256 ? "secp256r1" : "secp384r1"));
    return generator.generateKeyPair();
  }

  private static CurvePoint point(Curve curve, KeyPair pair) throws MalformedException {
    Bytes spki = Bytes.owning(((ECPublicKey) pair.getPublic()).getEncoded());
    return CurvePoint.decode(curve, spki.from(spki.size() - 1 - 2 * curve.bytes()));
  }

  private static Bytes digest(Curve curve) throws GeneralSecurityException {
    return Bytes.owning(
        MessageDigest.getInstance(curve == Curve.P256 ? "SHA-256" : "SHA-384")
            .digest(MESSAGE.toArray()));
  }

  private static BigInteger number(Bytes bytes) {
    return new BigInteger(1, bytes.toArray());
  }
}
