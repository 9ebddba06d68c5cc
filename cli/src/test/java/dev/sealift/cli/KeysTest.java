// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sealift.bytes.Secret;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.testkit.SoftHsm;
import dev.sealift.testkit.Tool;
import dev.sealift.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys wherever they are: in files plain and under a password, in a token, behind a command.
class KeysTest {
  @TempDir private Path folder;

  private String passwordFile;
  private String image;
  private String release;

  @BeforeEach
  void make_a_release_that_nobody_signed() throws Exception {
    passwordFile = path("password.txt");
    Files.writeString(Path.of(passwordFile), "open, sesame\n");
    image = path("image.bin");
    release = path("image.sealift");
    Files.write(Path.of(path("app.bin")), new byte[3000]);
    made("key", "new", path("image.pem"));
    made(sign("--key", path("image.pem")));
    made("release", "make", image, "--vendor", "a", "--class", "b", "-o", release);
  }

  @Test
  void the_help_says_all_three_ways_to_name_a_key() {
    for (String verb : List.of("release", "image")) {
      assertThat(type(verb, "sign", "--help").out())
          .containsSubsequence("FILE (PEM), pkcs11:URI or cmd:PROGRAM ARGS", "--public=FILE");
    }
    assertThat(type("key", "--help").out())
        .contains("FILE  ", "pkcs11:token=", "cmd:PROGRAM")
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 80));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Typed made(String... args) {
    Typed typed = type(args);
    assertThat(typed.exit()).as("%s%s", typed.out(), typed.err()).isZero();
    return typed;
  }

  private String[] sign(String... with) {
    List<String> args = new ArrayList<>(List.of("image", "sign"));
    args.addAll(List.of(with));
    args.addAll(List.of("--version", "1.0.0", "--slot-size", "0x20000", "--pad-header"));
    args.addAll(List.of("--sequence", "1", path("app.bin"), image));
    return args.toArray(String[]::new);
  }

  private static void failed(int exit, String sentence, String... args) {
    Typed typed = type(args);
    assertThat(typed.exit()).as("%s%s", typed.out(), typed.err()).isEqualTo(exit);
    assertThat(typed.err()).contains(sentence);
  }

  /// What a device with this root alone would say.
  private Typed check(String publicKey) {
    if (!Files.exists(Path.of(path("root.pem")))) {
      made("key", "new", path("root.pem"));
    }
    made(
        "trust",
        "root",
        "make",
        "--root-key",
        path("root.pub.pem"),
        "--release",
        publicKey,
        "-o",
        path("root.cbor"));
    return type(
        "release", "check", release, "--root", path("root.cbor"), "--vendor", "a", "--class", "b");
  }

  @Test
  void a_key_under_a_password_signs_with_it_alone() throws Exception {
    String key = path("alice.pem");
    Typed typed = made("key", "new", "--password-file", passwordFile, key);
    assertThat(typed.out()).contains("under the password", "key id");
    assertThat(Files.readString(Path.of(key))).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    assertThat(Files.getPosixFilePermissions(Path.of(key))).hasSize(2);

    byte[] before = Files.readAllBytes(Path.of(release));
    failed(
        1, "the password or PIN of " + key + " is needed", "release", "sign", release, "-k", key);
    Files.writeString(Path.of(path("wrong.txt")), "open sesame\n");
    failed(
        1,
        "cannot use %s: wrong password".formatted(key),
        "release",
        "sign",
        release,
        "-k",
        key,
        "--password-file",
        path("wrong.txt"));
    assertThat(Files.readAllBytes(Path.of(release))).isEqualTo(before);

    made("release", "sign", release, "-k", key, "--password-file", passwordFile);
    assertThat(check(path("alice.pub.pem")).exit()).isZero();
    byte[] written = Files.readAllBytes(Path.of(key));
    failed(1, "exists already", "key", "new", "--password-file", passwordFile, key);
    assertThat(Files.readAllBytes(Path.of(key))).isEqualTo(written);
  }

  @Test
  void keys_under_a_password_are_shown_and_open_images() throws Exception {
    Path vectors = Vectors.of("mcuboot").folder();
    String locked = vectors.resolve("keys/p256-pw.pem").toString();
    Files.writeString(Path.of(passwordFile), "vector-pass-1");
    Typed shown = made("key", "show", locked, "--password-file", passwordFile);
    assertThat(shown.out()).contains("private key of type ecdsa-p256").doesNotContain("PRIVATE");
    Typed hash = made("key", "hash", locked, "--password-file", passwordFile);
    assertThat(shown.out()).contains("key hash  " + hash.out().strip());
    made("key", "public", locked, "--password-file", passwordFile, "-o", path("p256.pub.pem"));
    failed(1, "is needed", "key", "show", locked);
    failed(1, "only its public half is wanted", "image", "verify", "-k", locked, image);
    failed(
        1,
        "only its public half",
        "trust",
        "root",
        "make",
        "--root-key",
        locked,
        "--release",
        locked,
        "-o",
        path("r"));

    made(sign("-k", locked, "--password-file", passwordFile));
    made("image", "verify", "-k", path("p256.pub.pem"), image);

    made("key", "new", "-t", "x25519", "--password-file", passwordFile, path("device.pem"));
    made("key", "new", "-t", "ed25519", path("ed.pem"));
    made(sign("-k", path("ed.pem"), "--encrypt", path("device.pub.pem")));
    String[] verify = {
      "image", "verify", "-k", path("ed.pub.pem"), "--decrypt", path("device.pem"), image
    };
    failed(1, "is needed", verify);
    List<String> withPassword = new ArrayList<>(List.of(verify));
    withPassword.addAll(List.of("--password-file", passwordFile));
    made(withPassword.toArray(String[]::new));
    made("image", "show", "--decrypt", path("device.pem"), "--password-file", passwordFile, image);
  }

  @Test
  void a_post_quantum_key_signs_permits_and_nothing_else() throws Exception {
    String key = path("future.pem");
    Typed typed = made("key", "new", "--type", "ml-dsa-44", "--json", key);
    CborFields json = CborFields.of(Json.read(typed.out().strip()), "made");
    assertThat(made("key", "show", key).out())
        .contains("private key of type ml-dsa-44", "key id    " + json.text("keyId"))
        .doesNotContain("key hash");
    assertThat(made("key", "public", key).out())
        .isEqualTo(Files.readString(Path.of(path("future.pub.pem"))));
    failed(1, "no image names a key of type ml-dsa-44", "key", "hash", key);
    made("release", "sign", release, "--key", key);
    assertThat(check(path("future.pub.pem")).exit()).isZero();
    byte[] before = Files.readAllBytes(Path.of(image));
    failed(1, "a key of type ml-dsa-44 signs no images", sign("--key", key));
    assertThat(Files.readAllBytes(Path.of(image))).isEqualTo(before);
    failed(1, "signs no images", "image", "verify", "-k", path("future.pub.pem"), image);
  }

  @Test
  void a_command_signs_releases_and_images() throws Exception {
    Optional<Tool> openssl = Tool.find("openssl", "openssl");
    assumeTrue(openssl.isPresent());
    made("key", "new", path("bob.pem"));
    String command =
        "cmd:%s dgst -sha256 -sign '%s'"
            .formatted(openssl.orElseThrow().program(), path("bob.pem"));
    failed(1, "give it with --public", "release", "sign", release, "--key", command);
    made("release", "sign", release, "--key", command, "--public", path("bob.pub.pem"));
    assertThat(check(path("bob.pub.pem")).exit()).isZero();
    made(sign("--key", command, "--public", path("bob.pub.pem")));
    made("image", "verify", "--key", path("bob.pub.pem"), image);

    byte[] before = Files.readAllBytes(Path.of(image));
    failed(3, "is no signature by", sign("--key", command, "--public", path("image.pub.pem")));
    failed(3, "exit code 1", sign("--key", "cmd:false", "--public", path("image.pub.pem")));
    failed(3, "No such file", sign("--key", "cmd:./none", "--public", path("image.pub.pem")));
    failed(2, "names no program", sign("--key", "cmd:", "--public", path("image.pub.pem")));
    failed(2, "does not tell its public key", "key", "public", command);
    failed(1, "expected key", sign("--key", path("bob.pem"), "--public", path("image.pub.pem")));
    assertThat(Files.readAllBytes(Path.of(image))).isEqualTo(before);
  }

  @Test
  void a_token_signs_releases_and_images() throws Exception {
    Optional<SoftHsm> found = SoftHsm.start();
    assumeTrue(found.isPresent());
    SoftHsm hsm = found.orElseThrow();
    made("key", "new", path("in-hsm.pem"));
    hsm.token("Ours");
    hsm.key("Ours", "release key", "01", Path.of(path("in-hsm.pem")));
    String key = hsm.uri("token=Ours;object=release%20key");
    Files.writeString(Path.of(passwordFile), SoftHsm.PIN);

    made("key", "public", key, "--password-file", passwordFile, "-o", path("hsm.pub.pem"));
    assertThat(Files.readString(Path.of(path("hsm.pub.pem"))))
        .isEqualTo(Files.readString(Path.of(path("in-hsm.pub.pem"))));
    assertThat(made("key", "show", key, "--password-file", passwordFile).out())
        .contains("pkcs11:token=Ours;object=release key: private key of type ecdsa-p256");
    made("release", "sign", release, "-k", key, "--password-file", passwordFile);
    assertThat(check(path("hsm.pub.pem")).exit()).isZero();
    made(sign("-k", key, "--password-file", passwordFile));
    made("image", "verify", "-k", path("hsm.pub.pem"), image);

    byte[] before = Files.readAllBytes(Path.of(image));
    failed(1, "the password or PIN of token 'Ours' is needed", sign("-k", key));
    failed(
        1, "no such private key", sign("-k", hsm.uri("object=x") + "&pin-source=" + passwordFile));
    failed(2, "there for all to read", sign("-k", key + "&pin-value=1234"));
    failed(2, "names no library", sign("-k", "pkcs11:token=Ours"));
    failed(3, "no such library", sign("-k", "pkcs11:?module-path=" + path("none.so")));
    Files.writeString(Path.of(passwordFile), "4321");
    failed(1, "wrong PIN for token 'Ours'", sign("-k", key, "--password-file", passwordFile));
    assertThat(Files.readAllBytes(Path.of(image))).isEqualTo(before);
  }

  @Test
  void the_environment_may_hold_the_password() throws Exception {
    Secret secret = Secret.of("abc".getBytes(StandardCharsets.UTF_8));
    assertThat(Passwords.ofEnvironment(Map.of("SEALIFT_PASSWORD", "abc")).password("x"))
        .contains(secret);
    assertThat(Passwords.ofEnvironment(Map.of("SEALIFT_PASSWORD", "")).password("x")).isEmpty();
    assertThat(Passwords.ofEnvironment(Map.of()).password("x")).isEmpty();
  }

  @Test
  void a_new_key_wants_a_password_where_one_was_asked_for() {
    failed(1, "is needed", "key", "new", "--password", path("k.pem"));
    failed(3, "no such file", "key", "new", "--password-file", path("none"), path("k.pem"));
    assertThat(Path.of(path("k.pem"))).doesNotExist();
    assertThat(Path.of(path("k.pub.pem"))).doesNotExist();
  }
}
