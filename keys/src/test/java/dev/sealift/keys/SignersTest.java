// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static dev.sealift.keys.Samples.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.SigningKey;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSign1;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.CoseVerification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignersTest {
  @TempDir private Path folder;

  private static Signers signers(PasswordSource passwords) {
    return Signers.of(passwords, Samples.RANDOM);
  }

  private Signer open(String pem) throws Exception {
    return signers(PasswordSource.none()).open(place("key.pem", pem), Optional.empty());
  }

  private KeyPlace place(String name, String pem) throws IOException {
    return new KeyPlace.InFile(Samples.file(folder, name, pem));
  }

  @ParameterizedTest
  @EnumSource
  void a_key_in_a_file_signs_images(KeyType type) throws Exception {
    try (Signer signer = open(Samples.key(type).exposePem())) {
      SigningKey key = signer.forImages();
      assertThat(key.publicKey()).isEqualTo(Samples.key(type).publicKey());
      assertThat(key.publicKey().check(MESSAGE, key.sign(MESSAGE)))
          .isEqualTo(new SignatureCheck.Genuine());
      assertThat(signer).asString().contains("key.pem", type.toString());
    }
  }

  @Test
  void a_key_in_a_file_signs_permits() throws Exception {
    String mlDsa = MlDsaKey.generate(Samples.RANDOM).exposePem();
    String p256 = Samples.key(KeyType.ECDSA_P256).exposePem();
    String edwards = Samples.key(KeyType.ED25519).exposePem();
    for (String pem : new String[] {mlDsa, p256, edwards}) {
      try (Signer signer = open(pem)) {
        assertSignsPermits(signer);
      }
    }
  }

  static void assertSignsPermits(Signer signer) throws KeyRefusedException {
    CoseSigner cose = signer.forPermits();
    CoseKey key = signer.publicHalf().forPermits().orElseThrow();
    assertThat(cose.keyId()).isEqualTo(key.id());
    assertThat(
            CoseSign1.signDetached(cose, MESSAGE, Bytes.EMPTY)
                .verifyDetached(key, MESSAGE, Bytes.EMPTY, AlgorithmNames.CURRENT))
        .isEqualTo(new CoseVerification.Verified(key, MESSAGE));
  }

  @Test
  void a_key_signs_nothing_that_its_type_is_not_for() throws Exception {
    try (Signer rsa = open(Samples.key(KeyType.RSA_2048).exposePem());
        Signer mlDsa = open(MlDsaKey.generate(Samples.RANDOM).exposePem())) {
      assertThatThrownBy(rsa::forPermits)
          .isInstanceOf(KeyRefusedException.class)
          .hasMessage(
              "a key of type rsa-2048 signs no permits; ecdsa-p256, ed25519 and ml-dsa-44 do");
      assertThatThrownBy(mlDsa::forImages)
          .isInstanceOf(KeyRefusedException.class)
          .hasMessageContaining("a key of type ml-dsa-44 signs no images");
    }
  }

  @Test
  void a_file_under_a_password_wants_the_right_one_and_asks_once() throws Exception {
    String plain = MlDsaKey.generate(Samples.RANDOM).exposePem();
    KeyPlace place =
        place(
            "locked.pem",
            LockedPem.lock(plain, Secret.of(new byte[] {'s', 'o'}), Samples.RANDOM).text());
    AtomicInteger asked = new AtomicInteger();
    PasswordSource counting =
        purpose -> {
          asked.incrementAndGet();
          assertThat(purpose).endsWith("locked.pem");
          return Samples.password("so").password(purpose);
        };
    try (Signer signer = signers(counting).open(place, Optional.empty())) {
      assertSignsPermits(signer);
    }
    assertThat(asked).hasValue(1);
    refused(Samples.password("So"), place, "wrong password");
    refused(PasswordSource.none(), place, "protected by a password, and none was given");
  }

  @Test
  void no_password_is_asked_for_a_plain_file() throws Exception {
    PasswordSource never =
        _ -> {
          throw new AssertionError("asked");
        };
    KeyPlace place = place("plain.pem", Samples.key(KeyType.ED25519).exposePem());
    signers(never).open(place, Optional.empty()).close();
  }

  @Test
  void what_is_no_private_key_is_refused() throws Exception {
    LocalKey key = Samples.key(KeyType.ECDSA_P256);
    refused(PasswordSource.none(), place("a", "hello"), "nothing begins with -----BEGIN");
    refused(PasswordSource.none(), place("b", key.publicKey().toPem()), "only a public key");
    refused(PasswordSource.none(), place("c", "x".repeat(70_000)), "more than 65536 bytes");
    assertThatThrownBy(
            () ->
                signers(PasswordSource.none())
                    .open(new KeyPlace.InFile(folder.resolve("none")), Optional.empty()))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(
            () ->
                signers(PasswordSource.none()).open(new KeyPlace.InFile(folder), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessage("it is a folder");
  }

  @Test
  void a_key_that_is_not_the_one_expected_is_refused() throws Exception {
    KeyPlace place = place("key.pem", Samples.key(KeyType.ECDSA_P256).exposePem());
    PublicHalf own = PublicHalf.of(Samples.key(KeyType.ECDSA_P256).publicKey());
    PublicHalf other =
        PublicHalf.of(LocalKey.generate(KeyType.ECDSA_P256, Samples.RANDOM).publicKey());
    signers(PasswordSource.none()).open(place, Optional.of(own)).close();
    assertThatThrownBy(() -> signers(PasswordSource.none()).open(place, Optional.of(other)))
        .isInstanceOf(KeyRefusedException.class)
        .hasMessage("there is %s, expected %s", own, other);
  }

  /// A file whose halves do not belong together, a fault in the arithmetic, another key behind a
  /// command: the answer never gets out.
  @Test
  void a_signature_that_does_not_verify_is_never_handed_out() throws Exception {
    LocalKey key = Samples.key(KeyType.ECDSA_P256);
    LocalKey other = LocalKey.generate(KeyType.ECDSA_P256, Samples.RANDOM);
    Bytes good = key.signing(Samples.RANDOM).sign(MESSAGE);
    Bytes foreign = other.signing(Samples.RANDOM).sign(MESSAGE);
    for (Bytes answer :
        new Bytes[] {
          foreign, Bytes.EMPTY, good.plus(Bytes.ofHex("0a")), Bytes.filled(64, 0), good.from(1)
        }) {
      try (Signer signer = answering(key, answer)) {
        assertThatThrownBy(() -> signer.forImages().sign(MESSAGE))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining(
                "its answer of %d bytes is no signature by".formatted(answer.size()));
        assertThatThrownBy(() -> signer.forPermits().sign(MESSAGE))
            .isInstanceOf(UncheckedIOException.class);
      }
    }
    try (Signer signer = answering(key, good)) {
      assertThat(signer.forImages().sign(MESSAGE)).isEqualTo(good);
      assertThatThrownBy(() -> signer.forImages().sign(MESSAGE.plus(MESSAGE)))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  private static Signer answering(LocalKey key, Bytes answer) {
    return new Signer(
        new KeyPlace.InFile(Path.of("a.pem")), PublicHalf.of(key.publicKey()), _ -> answer);
  }

  private static void refused(PasswordSource passwords, KeyPlace place, String sentence)
      throws IOException {
    byte[] before = Files.readAllBytes(((KeyPlace.InFile) place).file());
    assertThatThrownBy(() -> signers(passwords).open(place, Optional.empty()))
        .isInstanceOf(KeyRefusedException.class)
        .hasMessageContaining(sentence);
    assertThat(Files.readAllBytes(((KeyPlace.InFile) place).file())).isEqualTo(before);
  }
}
