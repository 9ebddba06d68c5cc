// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static dev.sealift.keys.Samples.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.SigningKey;
import dev.sealift.testkit.SoftHsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Keys in SoftHSM, as `softhsm2-util --import` puts them there: two objects, no certificate.
class TokenTest {
  private static final PasswordSource PIN = Samples.password(SoftHsm.PIN);

  private static Optional<SoftHsm> found = Optional.empty();

  @BeforeAll
  static void three_tokens(@TempDir Path folder) throws Exception {
    found = SoftHsm.start();
    if (found.isEmpty()) {
      return;
    }
    SoftHsm hsm = found.get();
    hsm.token("First token");
    hsm.token("Second");
    hsm.token("By keytool");
    for (KeyType type : KeyType.values()) {
      Path pem = Samples.file(folder, type + ".pem", Samples.key(type).exposePem());
      hsm.key("First token", type.toString(), Bytes.ofUtf8("id of " + type).toHex(), pem);
    }
    Path pem = Samples.file(folder, "k.pem", Samples.key(KeyType.ECDSA_P256).exposePem());
    hsm.key("Second", "one", "aa", pem);
    hsm.key("Second", "two", "bb", pem);
    System.out.println("PKCS#11 tests run against " + hsm.library());
  }

  private static String uri(String attributes) {
    assumeTrue(found.isPresent());
    return found.orElseThrow().uri(attributes);
  }

  private static Signer open(String uri, PasswordSource passwords) throws Exception {
    return Signers.of(passwords, Samples.RANDOM).open(KeyPlace.parse(uri), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void a_key_in_a_token_signs_images(KeyType type) throws Exception {
    String uri = uri("token=First%20token;object=" + type);
    try (Signer signer = open(uri, PIN)) {
      SigningKey key = signer.forImages();
      assertThat(key.publicKey()).isEqualTo(Samples.key(type).publicKey());
      for (int i = 0; i < 3; i++) {
        assertThat(key.publicKey().check(MESSAGE, key.sign(MESSAGE)))
            .isEqualTo(new SignatureCheck.Genuine());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"ECDSA_P256", "ED25519"})
  void a_key_in_a_token_signs_permits(KeyType type) throws Exception {
    String uri = uri("token=First%20token;id=id%20of%20" + type);
    try (Signer signer = open(uri, PIN)) {
      SignersTest.assertSignsPermits(signer);
    }
  }

  @Test
  void the_pin_may_lie_in_a_file(@TempDir Path folder) throws Exception {
    Path pin = Samples.file(folder, "pin", SoftHsm.PIN + "\n");
    PasswordSource never =
        _ -> {
          throw new AssertionError("asked");
        };
    String uri = uri("token=Second;object=one") + "&pin-source=file:" + pin;
    try (Signer signer = open(uri, never)) {
      SignersTest.assertSignsPermits(signer);
    }
    Files.writeString(pin, "4321\n");
    refused(uri, never, "wrong PIN for token 'Second'");
  }

  @Test
  void a_wrong_pin_is_told_and_the_next_try_may_be_right() throws Exception {
    String uri = uri("token=Second;object=one");
    refused(uri, Samples.password("4321"), "wrong PIN for token 'Second'");
    refused(uri, Samples.password("1"), "wrong PIN for token 'Second'");
    refused(uri, PasswordSource.none(), "token 'Second' wants a PIN, and none was given");
    open(uri, PIN).close();
  }

  @Test
  void what_is_not_there_once_is_told_with_what_is_there() throws Exception {
    refused(
        uri("token=Third"), PIN, "no such token, expected one; there are: 'By keytool' (serial ");
    refused(uri("object=one"), PIN, "3 such tokens, expected one");
    refused(uri("token=Second;serial=0"), PIN, "no such token");
    refused(
        uri("token=Second;object=three"),
        PIN,
        "no such private key, expected one; the token has: 'one' (id aa), 'two' (id bb)");
    refused(uri("token=Second;object=one;id=%bb"), PIN, "no such private key");
    refused(uri("token=Second"), PIN, "2 such private keys, expected one; the token has: ");
  }

  @Test
  void the_public_key_beside_it_must_be_the_one_expected() throws Exception {
    KeyPlace place = KeyPlace.parse(uri("token=Second;object=one"));
    PublicHalf other =
        PublicHalf.of(LocalKey.generate(KeyType.ED25519, Samples.RANDOM).publicKey());
    assertThatThrownBy(() -> Signers.of(PIN, Samples.RANDOM).open(place, Optional.of(other)))
        .isInstanceOf(KeyRefusedException.class)
        .hasMessageContaining("expected " + other);
  }

  /// As the JDK's own keytool leaves a key: its alias for an id, a certificate, no public object.
  @Test
  void a_certificate_will_do_for_the_public_key(@TempDir Path folder) throws Exception {
    String uri = uri("token=By%20keytool;id=by-keytool");
    SoftHsm hsm = found.orElseThrow();
    long slot =
        Cryptoki.load(hsm.library()).tokens().stream()
            .filter(token -> token.label().equals("By keytool"))
            .findFirst()
            .orElseThrow()
            .slot();
    Path provider =
        Samples.file(
            folder, "provider", "name=hsm\nlibrary=%s\nslot=%d\n".formatted(hsm.library(), slot));
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String arguments =
        "-genkeypair -alias by-keytool -keyalg EC -groupname secp256r1 -dname CN=test"
            + " -keystore NONE -storetype PKCS11 -storepass "
            + SoftHsm.PIN
            + " -addprovider SunPKCS11 -providerarg "
            + provider;
    List<String> words = new ArrayList<>(List.of(keytool.toString()));
    words.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(words).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    try (Signer signer = open(uri, PIN)) {
      assertThat(signer.publicHalf().type()).isEqualTo("ecdsa-p256");
      SignersTest.assertSignsPermits(signer);
    }
  }

  @Test
  void several_signers_of_one_token_do_not_disturb_each_other() throws Exception {
    String uri = uri("token=Second;object=one");
    try (Signer staying = open(uri, PIN)) {
      try (Signer going = open(uri("token=Second;object=two"), PIN)) {
        SignersTest.assertSignsPermits(going);
      }
      Callable<Boolean> signing =
          () -> {
            SignersTest.assertSignsPermits(staying);
            return true;
          };
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        for (var each : threads.invokeAll(List.of(signing, signing, signing, signing))) {
          assertThat(each.get()).isTrue();
        }
      }
    }
  }

  @Test
  void a_library_that_is_none_is_the_worlds_failure(@TempDir Path folder) throws Exception {
    Path text = Samples.file(folder, "text.so", "hello");
    failed("pkcs11:?module-path=" + folder.resolve("none.so"), "no such library");
    failed("pkcs11:?module-path=" + text, "cannot be loaded as a library");
    Path libjvm = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
    assumeTrue(Files.exists(libjvm));
    failed("pkcs11:?module-path=" + libjvm, "is no PKCS#11 library");
  }

  private static void failed(String uri, String sentence) {
    assertThatThrownBy(() -> open(uri, PIN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(sentence);
  }

  private static void refused(String uri, PasswordSource passwords, String sentence) {
    assertThatThrownBy(() -> open(uri, passwords))
        .as(uri)
        .isInstanceOf(KeyRefusedException.class)
        .hasMessageContaining(sentence);
  }
}
