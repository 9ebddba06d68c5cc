// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborTag;
import java.security.SecureRandom;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class CoseSignTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes PAYLOAD = Bytes.ofUtf8("what is meant");
  private static final Bytes AAD = Bytes.ofUtf8("test/1");

  private final CoseKeyPair one = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  private final CoseKeyPair two = CoseKeyPair.generate(CoseAlgorithm.ED25519, RANDOM);
  private final CoseSign message = CoseSign.unsigned(PAYLOAD).signedBy(one, AAD).signedBy(two, AAD);

  @Test
  void every_signer_can_be_checked_alone_and_adding_one_leaves_the_others()
      throws MalformedException {
    CoseSign read = CoseSign.decode(message.encode());
    assertThat(read).isEqualTo(message);
    assertThat(verify(read, 0, one, AAD))
        .isEqualTo(new CoseVerification.Verified(one.publicKey(), PAYLOAD));
    assertThat(verify(read, 1, two, AAD))
        .isEqualTo(new CoseVerification.Verified(two.publicKey(), PAYLOAD));
  }

  @Test
  void another_key_payload_or_purpose_does_not_verify() {
    assertThat(verify(message, 0, two, AAD)).isInstanceOf(CoseVerification.Refused.class);
    assertThat(verify(message, 0, one, Bytes.ofUtf8("other/1")))
        .isInstanceOf(CoseVerification.Refused.class);
    assertThat(
            verify(new CoseSign(PAYLOAD.plus(Bytes.ofInts(0)), message.signatures()), 0, one, AAD))
        .isInstanceOf(CoseVerification.Refused.class);
  }

  @Test
  void a_key_that_is_no_point_has_signed_nothing() {
    // y beyond the field, and the first y that no point has.
    for (Bytes x :
        new Bytes[] {Bytes.filled(32, 0xff), Bytes.ofInts(2).plus(Bytes.filled(31, 0))}) {
      CoseKey none = new CoseKey.Ed25519(x);
      assertThat(message.verify(message.signatures().get(1), none, AAD, AlgorithmNames.CURRENT))
          .isInstanceOfSatisfying(
              CoseVerification.Refused.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(CoseVerification.Reason.BAD_SIGNATURE));
    }
  }

  @Test
  void a_signature_of_a_message_with_one_signer_is_no_signature_here() {
    // RFC 9052 gives the two kinds different contexts, so neither can be turned into the other.
    CoseSign1 alone = CoseSign1.signAttached(one, PAYLOAD, AAD);
    CoseSign turned =
        new CoseSign(
            PAYLOAD,
            Collections.singletonList(new CoseSign.Signed(alone.headers(), alone.signature())));
    assertThat(verify(turned, 0, one, AAD)).isInstanceOf(CoseVerification.Refused.class);
  }

  @Test
  void other_shapes_are_refused() {
    CborItem none = new CborList(java.util.List.of());
    refused(new CborTag(18, CborList.of()));
    refused(new CborTag(98, CborList.of(new CborBytes(Bytes.EMPTY), CborMap.EMPTY, none)));
    refused(
        new CborTag(
            98,
            CborList.of(
                new CborBytes(Bytes.ofHex("a10126")),
                CborMap.EMPTY,
                new CborBytes(PAYLOAD),
                none)));
    refused(
        new CborTag(
            98,
            CborList.of(
                new CborBytes(Bytes.EMPTY),
                CborMap.EMPTY,
                new CborBytes(PAYLOAD),
                new CborList(Collections.nCopies(17, CborList.of())))));
    refused(
        new CborTag(
            98,
            CborList.of(
                new CborBytes(Bytes.EMPTY),
                CborMap.EMPTY,
                new CborBytes(PAYLOAD),
                CborList.of(CborList.of(new CborBytes(Bytes.EMPTY))))));
  }

  private static void refused(CborItem item) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CoseSign.decode(Cbor.deterministic(item)));
  }

  private static CoseVerification verify(CoseSign message, int at, CoseKeyPair by, Bytes aad) {
    return message.verify(
        message.signatures().get(at), by.publicKey(), aad, AlgorithmNames.CURRENT);
  }
}
