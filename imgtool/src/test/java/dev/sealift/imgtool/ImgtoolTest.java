// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.TlvType;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LockedPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImgtoolTest {
  @TempDir private Path empty;
  private Workbench bench;

  @BeforeEach
  void open() {
    bench = new Workbench(empty);
    bench.write("in.bin", Bytes.filled(500, 0x5a));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Workbench.Run run(String... argv) {
    return bench.run(List.of(argv), "");
  }

  private Workbench.Run refused(int exit, String... argv) {
    List<String> before = bench.listing();
    Workbench.Run run = run(argv);
    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.isOneSentence()).as(run.err()).isTrue();
    assertThat(bench.listing()).isEqualTo(before);
    return run;
  }

  private Workbench.Run sign(String... more) {
    List<String> argv =
        new java.util.ArrayList<>(
            List.of("sign", "-H", "0x20", "-S", "0x8000", "-v", "1.2.3", "--pad-header"));
    argv.addAll(List.of(more));
    argv.addAll(List.of("in.bin", "out.bin"));
    return bench.run(argv, "");
  }

  @Test
  void a_new_key_is_its_owners_alone_and_signs() throws Exception {
    for (String type : List.of("ecdsa-p256", "ed25519", "x25519", "rsa-2048")) {
      assertThat(run("keygen", "-t", type, "-k", type + ".pem").exit()).as(type).isZero();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(bench.path(type + ".pem"))))
          .isEqualTo("rw-------");
      assertThat(run("keyinfo", "-k", type + ".pem").out().toUtf8()).isEqualTo("private\n");
    }
    assertThat(sign("-k", "ed25519.pem").exit()).isZero();
    assertThat(run("verify", "-k", "ed25519.pem", "out.bin").exit()).isZero();
    assertThat(refused(1, "verify", "-k", "ecdsa-p256.pem", "out.bin").err()).contains("out.bin");
  }

  @Test
  void a_key_is_never_written_over_another() {
    run("keygen", "-t", "ed25519", "-k", "a.pem");
    Bytes key = bench.file("a.pem").orElseThrow();
    assertThat(refused(1, "keygen", "-t", "ed25519", "-k", "a.pem").err()).contains("a.pem exists");
    assertThat(bench.file("a.pem")).contains(key);
  }

  @Test
  void a_password_is_asked_for_twice_and_protects_the_key() throws Exception {
    List<String> argv = List.of("keygen", "-t", "ecdsa-p256", "-k", "a.pem", "-p");
    Workbench.Run run = bench.run(argv, "one\ntwo\nsecret\nsecret\n");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().toUtf8()).isEqualTo("Passwords do not match, try again\n");
    assertThat(LockedPem.find(bench.file("a.pem").orElseThrow().toUtf8())).isPresent();
    List<String> getpub = List.of("getpub", "-k", "a.pem", "-e", "pem", "-o", "a.pub.pem");
    assertThat(bench.run(getpub, "wrong\n").exit()).isEqualTo(1);
    assertThat(bench.run(getpub, "secret\n").exit()).isZero();
    assertThat(KeyFile.read(bench.file("a.pub.pem").orElseThrow().toUtf8()))
        .isInstanceOf(KeyFile.Public.class);
  }

  @Test
  void an_empty_password_is_refused() {
    Workbench.Run run = bench.run(List.of("keygen", "-t", "ed25519", "-k", "a.pem", "-p"), "\n\n");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(bench.file("a.pem")).isEmpty();
  }

  @Test
  void the_signature_that_is_asked_for_is_that_of_the_image() {
    run("keygen", "-t", "ed25519", "-k", "a.pem");
    assertThat(sign("-k", "a.pem", "--sig-out", "sig.b64").exit()).isZero();
    run("getpub", "-k", "a.pem", "-e", "pem", "-o", "a.pub.pem");
    Bytes signed = bench.file("out.bin").orElseThrow();
    bench.remove("out.bin");
    assertThat(sign("--fix-sig", "sig.b64", "--fix-sig-pubkey", "a.pub.pem").exit()).isZero();
    assertThat(bench.file("out.bin")).contains(signed);
  }

  @Test
  void a_signature_of_another_image_is_refused() {
    run("keygen", "-t", "ed25519", "-k", "a.pem");
    sign("-k", "a.pem", "--sig-out", "sig.b64");
    bench.remove("out.bin");
    Workbench.Run run = sign("--fix-sig", "sig.b64", "--fix-sig-pubkey", "a.pem", "-s", "1");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(bench.file("out.bin")).isEmpty();
  }

  @Test
  void what_would_mislead_is_refused() {
    run("keygen", "-t", "ed25519", "-k", "a.pem");
    assertThat(sign("--fix-sig-pubkey", "a.pem").exit()).isEqualTo(2);
    assertThat(sign("--pure").exit()).isEqualTo(2);
    assertThat(sign("--sig-out", "sig.b64").exit()).isEqualTo(1);
    assertThat(sign("--edt-config", "edt.pickle").exit()).isEqualTo(1);
    assertThat(sign("--pad-value", "0", "--pad").exit()).isEqualTo(2);
    assertThat(sign("-S", "0", "--pad").exit()).isEqualTo(2);
    assertThat(bench.file("out.bin")).isEmpty();
  }

  @Test
  void the_header_is_as_small_as_it_can_be_when_asked() {
    assertThat(sign("-H", "auto", "--pad-value", "0xff").exit()).isZero();
    Bytes automatic = bench.file("out.bin").orElseThrow();
    sign();
    assertThat(bench.file("out.bin")).contains(automatic);
  }

  @Test
  void a_link_stays_and_what_it_points_to_is_replaced() throws IOException {
    Files.createDirectory(bench.path("build"));
    bench.write("build/real.bin", Bytes.EMPTY);
    Files.createSymbolicLink(bench.path("out.bin"), Path.of("build/real.bin"));
    assertThat(sign().exit()).isZero();
    assertThat(Files.isSymbolicLink(bench.path("out.bin"))).isTrue();
    assertThat(Files.isRegularFile(bench.path("build/real.bin"), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
    assertThat(bench.file("build/real.bin").orElseThrow().size()).isPositive();
  }

  @Test
  void a_device_is_written_to_and_not_replaced() {
    assertThat(
            run("sign", "-H", "32", "-S", "0", "-v", "1", "--pad-header", "in.bin", "/dev/null")
                .exit())
        .isZero();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void a_last_protected_tlv_without_a_value_is_warned_about() {
    Workbench.Run run = sign("--custom-tlv", "0xa5", "");
    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("warning", "0x00a5");
  }

  @Test
  void machines_get_no_warning_among_their_data() {
    sign();
    Bytes image = bench.file("out.bin").orElseThrow();
    bench.write("foreign.bin", image.plus(Bytes.filled(64, 0x77)));
    Workbench.Run json = run("dumpinfo", "-f", "json", "foreign.bin");
    assertThat(json.out().toUtf8()).startsWith("{\n  \"filename\": \"foreign.bin\"");
    assertThat(json.err()).contains("magic");
    assertThat(run("dumpinfo", "foreign.bin").out().toUtf8()).startsWith("Warning: ");
  }

  @Test
  void names_of_files_are_quoted_where_machines_read() {
    sign();
    bench.write("a b\u00e9.bin", bench.file("out.bin").orElseThrow());
    assertThat(run("dumpinfo", "-f", "json", "a b\u00e9.bin").out().toUtf8())
        .contains("\"filename\": \"a b\\u00e9.bin\"");
    assertThat(run("dumpinfo", "-f", "yaml", "a b\u00e9.bin").out().toUtf8())
        .contains("filename: \"a b\\u00e9.bin\"");
  }

  @Test
  void a_file_that_ends_too_early_is_no_image() {
    sign();
    Bytes image = bench.file("out.bin").orElseThrow();
    for (int size = 0; size < image.size(); size += 7) {
      bench.write("cut.bin", image.first(size));
      assertThat(run("dumpinfo", "cut.bin").exit()).as("%d bytes", size).isEqualTo(1);
      assertThat(run("verify", "cut.bin").exit()).as("%d bytes", size).isEqualTo(1);
    }
  }

  @Test
  void every_command_has_help() {
    for (String name :
        List.of(
            "create",
            "dumpinfo",
            "getpriv",
            "getpub",
            "getpubhash",
            "keygen",
            "keyinfo",
            "sign",
            "verify",
            "version")) {
      Workbench.Run run = run(name, "--help");
      assertThat(run.exit()).as(name).isZero();
      assertThat(run.out().toUtf8()).startsWith("Usage: imgtool " + name);
    }
    assertThat(run("--help").out()).isEqualTo(run().out());
    assertThat(refused(2, "--verbose").err()).contains("--verbose");
  }

  @Test
  void a_manifest_names_images_by_file_or_digest() throws Exception {
    sign();
    bench.write("other.bin", bench.file("out.bin").orElseThrow());
    String digest = "63385a1463224c18d0686ce45450f217913b07dbcb3aaae5a361ebfa086b9262";
    manifest("[{index: 1, path: other.bin}, {index: 2, hash: " + digest + "}]");
    assertThat(sign("--manifest", "m.yaml").exit()).isZero();
    Image image = Image.read(bench.file("out.bin").orElseThrow());
    Bytes value = image.protectedArea().orElseThrow().first(TlvType.MANIFEST).orElseThrow().value();
    Bytes other = Image.read(bench.file("other.bin").orElseThrow()).hash().orElseThrow();
    assertThat(value)
        .isEqualTo(Bytes.concat(Bytes.ofHex("0100000002000000"), other, Bytes.ofHex(digest)));
  }

  private void manifest(String images) {
    bench.write("m.yaml", Bytes.ofUtf8("format: 1\nmanifest_index: 0\nimages: " + images + "\n"));
  }

  @Test
  void a_manifest_that_is_none_is_refused() {
    for (String images :
        List.of(
            "[]",
            "[{index: 2, hash: 00}, {index: 1, hash: 00}]",
            "[{index: 0, hash: 00}]",
            "[{index: 1}]",
            "[{index: 1, hash: 00, path: in.bin}]",
            "[{index: 1, hash: xx}]",
            "[{index: 1, path: in.bin}]",
            "[{index: 1, path: none.bin}]",
            "[{index: 1, hash: 00}, {index: 2, hash: 0000}]",
            "{index: 1}",
            "[[[[[[[[[[[[1]]]]]]]]]]]]",
            "!!java.net.URL [\"http://192.0.2.1\"]",
            "[")) {
      manifest(images);
      Workbench.Run run = sign("--manifest", "m.yaml");
      assertThat(run.exit()).as(images).isEqualTo(1);
      assertThat(run.isOneSentence()).as(run.err()).isTrue();
      assertThat(bench.file("out.bin")).as(images).isEmpty();
    }
  }

  @Test
  void an_address_without_room_for_the_header_is_refused() {
    assertThat(sign().exit()).isZero();
    run(
        "sign",
        "-H",
        "32",
        "-S",
        "0",
        "-v",
        "1",
        "--pad-header",
        "-x",
        "0x10",
        "in.bin",
        "low.hex");
    List<String> argv =
        List.of("sign", "-H", "64", "-S", "0", "-v", "1", "--pad-header", "low.hex", "o.hex");
    assertThat(bench.run(argv, "").exit()).isEqualTo(1);
    assertThat(bench.file("o.hex")).isEmpty();
    assertThat(run("verify", "low.hex").exit()).isZero();
  }
}
