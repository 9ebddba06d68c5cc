// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.GivenDice;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.curve.CurvePoint;
import dev.sealift.suit.cose.CoseVerification.Reason;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoseTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes PAYLOAD = Bytes.ofUtf8("what is meant");
  private static final Bytes AAD = Bytes.ofUtf8("test/1");

  private final CoseKeyPair p256 = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);

  @ParameterizedTest
  @EnumSource
  void what_is_signed_verifies_and_nothing_else_does(CoseAlgorithm algorithm)
      throws MalformedException {
    CoseKeyPair pair = CoseKeyPair.generate(algorithm, RANDOM);
    CoseSign1 message = CoseSign1.decode(CoseSign1.signDetached(pair, PAYLOAD, AAD).encode());
    assertThat(message.verifyDetached(pair.publicKey(), PAYLOAD, AAD, AlgorithmNames.CURRENT))
        .isEqualTo(new CoseVerification.Verified(pair.publicKey(), PAYLOAD));
    assertThat(reason(message, pair.publicKey(), PAYLOAD.plus(PAYLOAD), AAD))
        .isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(reason(message, pair.publicKey(), PAYLOAD, Bytes.EMPTY))
        .isEqualTo(Reason.BAD_SIGNATURE);
    CoseKey other = CoseKeyPair.generate(algorithm, RANDOM).publicKey();
    assertThat(reason(message, other, PAYLOAD, AAD)).isEqualTo(Reason.BAD_SIGNATURE);
  }

  @ParameterizedTest
  @EnumSource
  void keys_come_back_from_either_of_their_forms(CoseAlgorithm algorithm)
      throws MalformedException {
    for (int i = 0; i < 8; i++) {
      CoseKey key = CoseKeyPair.generate(algorithm, RANDOM).publicKey();
      assertThat(CoseKey.decode(key.encode())).isEqualTo(key);
      assertThat(CoseKey.fromCbor(key.required())).isEqualTo(key);
    }
  }

  /// RFC 9679, section 6: the example key and its thumbprint.
  @Test
  void the_thumbprint_is_the_one_of_the_standard() throws MalformedException {
    CoseKey key =
        CoseKey.P256.of(
            Bytes.ofHex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"),
            Bytes.ofHex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"));
    assertThat(key.thumbprint().toHex())
        .isEqualTo("496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec");
    assertThat(key.id()).isEqualTo(KeyId.ofHex("496bd8afadf307e5"));
  }

  /// The key of the seed of zeros and its thumbprint are those of RFC 9964, section 3; the
  /// signature, made with zeros for dice, is among its working group's examples.
  @Test
  void an_ml_dsa_key_and_its_signature_are_those_of_the_standard() {
    Bytes zeros = Bytes.filled(32, 0);
    CoseKeyPair pair =
        CoseKeyPair.ofMlDsaSeed(
            Secret.of(zeros.toArray()), GivenDice.of(Secret.of(zeros.toArray())));
    assertThat(pair.publicKey().thumbprint().toHex())
        .isEqualTo("b8969ab4b37da9f0684e42647eb8a0be8b5b661ebf5d76f0583bf5b8d3a8059a");
    Bytes header =
        Cbor.deterministic(
            CborMap.builder().put(1, -48).put(4, pair.publicKey().thumbprint()).build());
    Bytes toBeSigned =
        Cbor.deterministic(
            CborList.of(
                new CborText("Signature1"),
                new CborBytes(header),
                new CborBytes(Bytes.EMPTY),
                new CborBytes(Bytes.ofUtf8("hello post quantum signatures"))));
    Bytes signature = pair.sign(toBeSigned);
    assertThat(signature.size()).isEqualTo(2420);
    assertThat(signature.sha256().toHex())
        .isEqualTo("70322443c0af44300780ef1cbd5430f2b9a6d8e7b851f3afd25c36c36087d584");
  }

  @Test
  void an_ml_dsa_key_says_its_algorithm_and_has_its_size() {
    CoseKey.MlDsa44 key =
        (CoseKey.MlDsa44) CoseKeyPair.generate(CoseAlgorithm.ML_DSA_44, RANDOM).publicKey();
    assertThat(key.encode().size()).isEqualTo(1322);
    List<CborMap> wrong =
        List.of(
            CborMap.builder().put(1, 7).put(-1, key.encoded()).build(),
            CborMap.builder().put(1, 7).put(3, -49).put(-1, key.encoded()).build(),
            CborMap.builder().put(1, 7).put(3, -48).put(-1, key.encoded().first(1311)).build(),
            CborMap.builder().put(1, 7).put(3, -48).build(),
            CborMap.builder()
                .put(1, 7)
                .put(3, -48)
                .put(-1, key.encoded())
                .put(-2, Bytes.filled(32, 0))
                .build());
    for (CborMap map : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> CoseKey.decode(Cbor.deterministic(map)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CoseKey.MlDsa44(key.encoded().first(1311)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoseKeyPair.ofMlDsaSeed(Secret.of(new byte[31]), RANDOM));
  }

  @ParameterizedTest
  @EnumSource
  void a_signature_that_is_too_short_too_long_or_damaged_is_none(CoseAlgorithm algorithm) {
    CoseKeyPair pair = CoseKeyPair.generate(algorithm, RANDOM);
    CoseSign1 good = CoseSign1.signDetached(pair, PAYLOAD, AAD);
    byte[] damaged = good.signature().toArray();
    damaged[damaged.length / 2] ^= 1;
    for (Bytes signature :
        List.of(
            Bytes.EMPTY,
            good.signature().first(algorithm.signatureBytes() - 1),
            good.signature().plus(Bytes.filled(1, 0)),
            Bytes.filled(algorithm.signatureBytes(), 0),
            Bytes.owning(damaged))) {
      CoseSign1 message = new CoseSign1(good.headers(), good.payload(), signature);
      assertThat(reason(message, pair.publicKey())).isEqualTo(Reason.BAD_SIGNATURE);
    }
  }

  @Test
  void a_payload_is_where_it_was_expected_or_the_message_is_refused() {
    CoseSign1 attached = CoseSign1.signAttached(p256, PAYLOAD, AAD);
    assertThat(attached.verifyAttached(p256.publicKey(), AAD, AlgorithmNames.CURRENT))
        .isEqualTo(new CoseVerification.Verified(p256.publicKey(), PAYLOAD));
    assertThat(reason(attached, p256.publicKey(), PAYLOAD, AAD)).isEqualTo(Reason.UNSUPPORTED);
    CoseSign1 detached = CoseSign1.signDetached(p256, PAYLOAD, AAD);
    assertThat(detached.verifyAttached(p256.publicKey(), AAD, AlgorithmNames.CURRENT))
        .isInstanceOf(CoseVerification.Refused.class);
  }

  @Test
  void no_key_works_under_another_algorithm_than_its_own() throws MalformedException {
    CoseKeyPair edwards = CoseKeyPair.generate(CoseAlgorithm.ED25519, RANDOM);
    CoseSign1 claimsEdwards = signedWithHeader(header(1, -19), CborMap.EMPTY);
    assertThat(reason(claimsEdwards, p256.publicKey(), PAYLOAD, AAD))
        .isEqualTo(Reason.FOREIGN_ALGORITHM);
    assertThat(reason(CoseSign1.signDetached(p256, PAYLOAD, AAD), edwards.publicKey()))
        .isEqualTo(Reason.FOREIGN_ALGORITHM);
  }

  @Test
  void the_deprecated_name_counts_only_where_it_is_allowed() throws MalformedException {
    CoseSign1 message = signedWithHeader(header(1, -7), CborMap.EMPTY);
    assertThat(reason(message, p256.publicKey(), PAYLOAD, AAD)).isEqualTo(Reason.UNSUPPORTED);
    assertThat(
            message.verifyDetached(p256.publicKey(), PAYLOAD, AAD, AlgorithmNames.WITH_DEPRECATED))
        .isInstanceOf(CoseVerification.Verified.class);
  }

  @Test
  void headers_that_ask_for_more_than_we_know_are_refused() throws MalformedException {
    CborMap critical =
        CborMap.builder().put(1, -9).put(2, CborList.of(CborInt.of(-70001))).put(-70001, 1).build();
    CborMap emptyCritical = CborMap.builder().put(1, -9).put(2, CborList.of()).build();
    CborMap unknownAlgorithm = header(1, -65000);
    for (CborMap header : List.of(critical, emptyCritical, unknownAlgorithm, CborMap.EMPTY)) {
      assertThat(reason(signedWithHeader(header, CborMap.EMPTY), p256.publicKey(), PAYLOAD, AAD))
          .as("%s", header)
          .isEqualTo(Reason.UNSUPPORTED);
    }
    CoseSign1 outside = signedWithHeader(CborMap.EMPTY, header(1, -9));
    assertThat(reason(outside, p256.publicKey(), PAYLOAD, AAD)).isEqualTo(Reason.UNSUPPORTED);
  }

  @Test
  void no_message_is_read_from_another_shape() {
    CoseSign1 good = CoseSign1.signDetached(p256, PAYLOAD, AAD);
    CborList parts = (CborList) ((CborTag) good.toCbor()).item();
    List<CborItem> wrong =
        List.of(
            parts,
            new CborTag(98, parts),
            new CborTag(18, CborList.of(parts.get(0), parts.get(1), parts.get(2))),
            new CborTag(18, CborList.of(parts.get(1), parts.get(1), parts.get(2), parts.get(3))),
            new CborTag(
                18,
                CborList.of(parts.get(0), header(4, -9), new CborNull(), new CborBytes(PAYLOAD))));
    for (CborItem item : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> CoseSign1.decode(Cbor.deterministic(item)));
    }
  }

  @Test
  void points_off_the_curve_and_keys_of_other_kinds_are_refused() {
    CoseKey.P256 key = (CoseKey.P256) p256.publicKey();
    CurvePoint point = key.point();
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CoseKey.P256.of(point.y(), point.x()));
    Function<CborMap.Builder, Bytes> encoded = map -> Cbor.deterministic(map.build());
    List<Bytes> wrong =
        List.of(
            encoded.apply(CborMap.builder().put(1, 2).put(-1, 2).put(-2, point.x())),
            encoded.apply(CborMap.builder().put(1, 2).put(-1, 1).put(-2, point.x())),
            encoded.apply(
                CborMap.builder().put(1, 2).put(-1, 1).put(-2, point.x()).put(-3, point.x())),
            encoded.apply(
                CborMap.builder()
                    .put(1, 2)
                    .put(3, -19)
                    .put(-1, 1)
                    .put(-2, point.x())
                    .put(-3, point.y())),
            encoded.apply(CborMap.builder().put(1, 1).put(-1, 6).put(-2, point.x().first(31))),
            encoded.apply(CborMap.builder().put(1, 4).put(-1, point.x())),
            encoded.apply(
                CborMap.builder()
                    .put(1, 2)
                    .put(-1, 1)
                    .put(-2, Bytes.filled(32, 0xff))
                    .put(-3, point.y())));
    for (Bytes bytes : wrong) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> CoseKey.decode(bytes));
    }
  }

  @Test
  void halves_that_do_not_belong_together_make_no_pair() {
    CoseKeyPair other = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
    assertThat(CoseKeyPair.of(p256.publicKey(), p256.privateKey(), RANDOM).keyId())
        .isEqualTo(p256.keyId());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoseKeyPair.of(other.publicKey(), p256.privateKey(), RANDOM));
    assertThat(p256).hasToString("key pair " + p256.keyId());
  }

  private static CborMap header(long label, long value) {
    return CborMap.builder().put(label, value).build();
  }

  /// A message whose signature is good under the headers given, whatever they say.
  private CoseSign1 signedWithHeader(CborMap protectedMap, CborMap unprotectedMap)
      throws MalformedException {
    Bytes encoded = protectedMap.size() == 0 ? Bytes.EMPTY : Cbor.deterministic(protectedMap);
    CborItem toBeSigned =
        CborList.of(
            new CborText("Signature1"),
            new CborBytes(encoded),
            new CborBytes(AAD),
            new CborBytes(PAYLOAD));
    return CoseSign1.fromCbor(
        new CborTag(
            CoseSign1.TAG,
            CborList.of(
                new CborBytes(encoded),
                unprotectedMap,
                new CborNull(),
                new CborBytes(p256.sign(Cbor.deterministic(toBeSigned))))));
  }

  private static Reason reason(CoseSign1 message, CoseKey key) {
    return reason(message, key, PAYLOAD, AAD);
  }

  private static Reason reason(CoseSign1 message, CoseKey key, Bytes payload, Bytes aad) {
    return switch (message.verifyDetached(key, payload, aad, AlgorithmNames.CURRENT)) {
      case CoseVerification.Refused(var reason, _) -> reason;
      case CoseVerification.Verified _ -> throw new AssertionError("verified");
    };
  }
}
