// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes MESSAGE = Bytes.ofUtf8("firmware");

  /// Made once: an RSA key takes seconds.
  private static final Map<KeyType, LocalKey> KEYS = new EnumMap<>(KeyType.class);

  private static LocalKey key(KeyType type) {
    return KEYS.computeIfAbsent(type, t -> LocalKey.generate(t, RANDOM));
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void a_new_key_signs_and_its_files_are_read_again(KeyType type) throws MalformedException {
    LocalKey key = key(type);
    assertThat(key.type()).isEqualTo(type);
    assertThat(KeyFile.readPrivate(key.exposePem())).isEqualTo(key);
    assertThat(KeyFile.readPublic(key.exposePem())).isEqualTo(key.publicKey());
    assertThat(KeyFile.readPublic(key.publicKey().toPem())).isEqualTo(key.publicKey());
    assertThat(VerifyingKey.read(key.publicKey().spki())).isEqualTo(key.publicKey());
    assertThat(KeyType.named(type.toString())).contains(type);

    Bytes signature = key.signing(RANDOM).sign(MESSAGE);
    assertThat(key.publicKey().check(MESSAGE, signature)).isEqualTo(new SignatureCheck.Genuine());
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"ECDSA_P256", "ECDSA_P384", "ED25519"})
  void the_signature_of_another_key_is_wrong(KeyType type) {
    LocalKey other = LocalKey.generate(type, RANDOM);
    assertThat(other).isNotEqualTo(key(type));
    assertThat(other.publicKey().check(MESSAGE, key(type).signing(RANDOM).sign(MESSAGE)))
        .isInstanceOf(SignatureCheck.Wrong.class);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void any_flipped_bit_of_message_or_signature_is_wrong(KeyType type) {
    LocalKey key = key(type);
    Bytes signature = key.signing(RANDOM).sign(MESSAGE);
    for (int bit = 0; bit < 8 * signature.size(); bit += type.isRsa() ? 61 : 1) {
      assertThat(key.publicKey().check(MESSAGE, flipped(signature, bit)))
          .as("bit %d", bit)
          .isInstanceOf(SignatureCheck.Wrong.class);
    }
    for (int bit = 0; bit < 8 * MESSAGE.size(); bit++) {
      assertThat(key.publicKey().check(flipped(MESSAGE, bit), signature))
          .isInstanceOf(SignatureCheck.Wrong.class);
    }
    for (Bytes odd : new Bytes[] {Bytes.EMPTY, signature.plus(Bytes.ofHex("00")), MESSAGE}) {
      assertThat(key.publicKey().check(MESSAGE, odd)).isInstanceOf(SignatureCheck.Wrong.class);
    }
  }

  @Test
  void an_ecdsa_signature_can_be_checked_by_the_hash_alone() {
    LocalKey key = key(KeyType.ECDSA_P256);
    Bytes signature = key.signing(RANDOM).sign(MESSAGE);
    Bytes hash = MESSAGE.sha256();
    VerifyingKey publicKey = key.publicKey();
    assertThat(publicKey.checkHashed(hash, signature)).isEqualTo(new SignatureCheck.Genuine());
    for (int bit = 0; bit < 8 * hash.size(); bit++) {
      assertThat(publicKey.checkHashed(flipped(hash, bit), signature))
          .isInstanceOf(SignatureCheck.Wrong.class);
    }
    for (int bit = 0; bit < 8 * signature.size(); bit++) {
      assertThat(publicKey.checkHashed(hash, flipped(signature, bit)))
          .isInstanceOf(SignatureCheck.Wrong.class);
    }
    assertThatThrownBy(() -> publicKey.checkHashed(MESSAGE, signature))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> key(KeyType.ED25519).publicKey().checkHashed(hash, signature))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Bytes flipped(Bytes bytes, int bit) {
    byte[] array = bytes.toArray();
    array[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.owning(array);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void a_private_key_prints_nothing_of_itself(KeyType type) {
    LocalKey key = key(type);
    String named = "private key of " + key.publicKey();
    assertThat(key).hasToString(named);
    assertThat(key.signing(RANDOM)).hasToString(named);
    assertThat(new KeyFile.Private(key)).hasToString("Private[key=" + named + "]");
  }

  @Test
  void what_is_no_key_we_take_says_what_it_is() {
    LocalKey key = key(KeyType.ECDSA_P256);
    String pem = key.exposePem();
    refused("hello", "nothing begins with -----BEGIN");
    refused("", "nothing begins with -----BEGIN");
    refused(pem.substring(0, 100), "the key is cut off");
    refused(pem + pem, "more than one key");
    refused(pem.replace("PRIVATE", "ENCRYPTED PRIVATE"), "protected by a password");
    refused(pem.replace("PRIVATE KEY", "CERTIFICATE"), "the file holds a certificate");
    refused(pem.replace("MIG", "!!!"), "no base64 inside");
    refused("x".repeat(70_000), "70000 characters are no key");
    refused(spki("300506032b656e032100" + "00".repeat(32)), "an X25519 key, which encrypts");
    refused(spki("301006072a8648ce3d020106052b81040023"), "an EC key on P-521");
    assertThatThrownBy(() -> KeyFile.readPrivate(key.publicKey().toPem()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("only a public key");
  }

  private static String spki(String content) {
    Bytes der = Der.element(Der.SEQUENCE, Bytes.ofHex(content));
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getEncoder().encodeToString(der.toArray())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static void refused(String pem, String sentence) {
    assertThatThrownBy(() -> KeyFile.read(pem))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void a_point_off_the_curve_is_no_key() {
    Bytes spki = key(KeyType.ECDSA_P256).publicKey().spki();
    assertThatThrownBy(() -> VerifyingKey.read(flipped(spki, 8 * spki.size() - 1)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("the point is not on P-256");
  }

  @Test
  void every_cut_of_a_key_is_refused() {
    Bytes spki = key(KeyType.RSA_2048).publicKey().spki();
    for (int size = 0; size < spki.size(); size++) {
      Bytes cut = spki.first(size);
      assertThatThrownBy(() -> VerifyingKey.read(cut)).isInstanceOf(MalformedException.class);
    }
  }
}
