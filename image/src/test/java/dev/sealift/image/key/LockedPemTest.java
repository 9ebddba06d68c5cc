// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.LockedPem.Unlocking.Unlocked;
import dev.sealift.image.key.LockedPem.Unlocking.WrongPassword;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockedPemTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static Secret password(String text) {
    return Secret.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A key file that OpenSSL wrote; each says so at its top.
  private static String file(String name) throws IOException {
    try (InputStream in = LockedPemTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static LockedPem locked(String name) throws Exception {
    return LockedPem.find(file(name)).orElseThrow();
  }

  @Test
  void what_openssl_locked_is_unlocked_with_the_password_alone() throws Exception {
    LockedPem p256 = locked("p256-aes256.pem");
    assertThat(publicHalf(p256.unlock(password("open-secret"))))
        .isEqualTo(KeyFile.readPublic(file("p256.pub.pem")));
    for (String wrong : new String[] {"open-secre", "Open-secret", " open-secret", "", "\0"}) {
      assertThat(p256.unlock(password(wrong))).as(wrong).isEqualTo(new WrongPassword());
    }
  }

  @Test
  void a_password_is_utf_8() throws Exception {
    LockedPem edwards = locked("ed25519-aes128-sha512.pem");
    assertThat(publicHalf(edwards.unlock(password("offenes Geheimnis äöü€"))))
        .isEqualTo(KeyFile.readPublic(file("ed25519.pub.pem")));
    assertThat(edwards.unlock(password("offenes Geheimnis aou"))).isEqualTo(new WrongPassword());
  }

  private static VerifyingKey publicHalf(LockedPem.Unlocking unlocking) throws MalformedException {
    assertThat(unlocking).hasToString("an unlocked private key");
    return KeyFile.readPublic(((Unlocked) unlocking).pem());
  }

  @Test
  void what_is_locked_here_comes_back_with_the_password_alone() throws Exception {
    String plain = LocalKey.generate(KeyType.ECDSA_P256, RANDOM).exposePem();
    LockedPem locked = LockedPem.lock(plain, password("größer als nichts"), RANDOM);
    assertThat(locked).hasToString("a private key under a password");
    LockedPem read = LockedPem.find(locked.text()).orElseThrow();
    assertThat(read.unlock(password("größer als nichts"))).isEqualTo(new Unlocked(plain));
    assertThat(read.unlock(password("groesser"))).isEqualTo(new WrongPassword());
    assertThat(locked.text()).contains("ENCRYPTED PRIVATE KEY");
    // 600,000 as an integer in DER: the work that a guess takes.
    assertThat(Pem.read(locked.text()).content().toHex()).contains("0203" + "0927c0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refused-des3.pem",
        "refused-scrypt.pem",
        "refused-pbes1.pem",
        "refused-iterations.pem"
      })
  void other_protections_are_refused_before_any_password_is_tried(String name) throws Exception {
    String text = file(name);
    assertThatThrownBy(() -> LockedPem.find(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageMatching("(?s).*(openssl pkcs8 -topk8|at most 10000000).*");
  }

  @Test
  void a_plain_key_is_not_locked_and_a_locked_one_is_no_plain_key() throws Exception {
    assertThat(LockedPem.find(LocalKey.generate(KeyType.ED25519, RANDOM).exposePem())).isEmpty();
    assertThat(LockedPem.find("")).isEmpty();
    assertThat(LockedPem.find(file("refused-proc-type.pem"))).isEmpty();
    refused("p256-aes256.pem", "protected by a password, and none was given");
    refused("refused-proc-type.pem", "OpenSSL's old way");
    String publicKey = file("p256.pub.pem");
    assertThatThrownBy(() -> LockedPem.lock(publicKey, password("x"), RANDOM))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("a public key is not put under a password");
  }

  private static void refused(String name, String sentence) throws IOException {
    String text = file(name);
    assertThatThrownBy(() -> KeyFile.read(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> OpeningKey.read(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> SealingKey.read(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void every_cut_of_a_locked_key_is_refused() throws Exception {
    Pem whole = Pem.read(locked("p256-aes256.pem").text());
    for (int size = 0; size < whole.content().size(); size++) {
      String cut = Pem.write(whole.label(), whole.content().first(size));
      assertThatThrownBy(() -> LockedPem.find(cut)).isInstanceOf(MalformedException.class);
    }
  }
}
