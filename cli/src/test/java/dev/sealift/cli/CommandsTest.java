// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.testkit.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command as people and scripts meet it.
class CommandsTest {
  @TempDir private Path folder;

  private String key;
  private String publicKey;
  private String firmware;
  private String image;

  @BeforeEach
  void sign_an_image() throws Exception {
    key = path("k.pem");
    publicKey = path("k.pub.pem");
    firmware = path("app.bin");
    image = path("image.bin");
    Files.write(Path.of(firmware), new byte[9000]);
    assertThat(type("key", "new", key).exit()).isZero();
    assertThat(sign(key, image).exit()).isZero();
  }

  private Typed sign(String signer, String output) {
    return type(
        "image",
        "sign",
        "--key",
        signer,
        "--version",
        "1.2.3",
        "--slot-size",
        "0x20000",
        "--pad-header",
        "--sequence",
        "1",
        firmware,
        output);
  }

  @Test
  void a_private_key_is_its_owners_alone_and_never_written_over() throws Exception {
    assertThat(Files.getPosixFilePermissions(Path.of(key))).hasSize(2);
    String before = Files.readString(Path.of(key));
    Typed again = type("key", "new", key);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");
    assertThat(Files.readString(Path.of(key))).isEqualTo(before);
    assertThat(type("key", "show", key).out()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void an_image_is_verified_with_the_right_key_alone() {
    assertThat(type("image", "verify", "--key", publicKey, image).exit()).isZero();
    type("key", "new", path("other.pem"));
    Typed other = type("image", "verify", "--key", path("other.pub.pem"), image);
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).contains("unknown-key");
  }

  @Test
  void json_is_one_object_a_line_with_a_stable_reason() throws Exception {
    byte[] damaged = Files.readAllBytes(Path.of(image));
    damaged[600] ^= 1;
    Files.write(Path.of(path("damaged.bin")), damaged);
    Typed typed = type("image", "verify", "--json", "--key", publicKey, path("damaged.bin"), image);
    assertThat(typed.exit()).isEqualTo(1);
    List<String> lines = typed.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(CborFields.of(Json.read(lines.get(0)), "line").text("reason"))
        .isEqualTo("hash-mismatch");
    assertThat(CborFields.of(Json.read(lines.get(1)), "line").text("verdict")).isEqualTo("accept");
  }

  /// Among them an image in binary that only calls itself HEX.
  @Test
  void every_hostile_hex_file_of_the_vectors_is_refused() throws Exception {
    Vectors vectors = Vectors.of("mcuboot");
    int refused = 0;
    for (CborItem item : CborFields.of(vectors.json("vectors.json"), "vectors").list("hostile")) {
      CborFields hostile = CborFields.of(item, "hostile");
      if (hostile.text("file").endsWith(".hex")) {
        String file = vectors.folder().resolve(hostile.text("file")).toString();
        Typed typed = type("image", "verify", "--hash-only", "--json", file);
        assertThat(typed.exit()).as(hostile.text("name")).isEqualTo(1);
        if (hostile.text("reason_code").equals("BAD_HEX")) {
          assertThat(CborFields.of(Json.read(typed.out()), "line").text("reason"))
              .as(hostile.text("name"))
              .isEqualTo("bad-hex");
        }
        refused++;
      }
    }
    System.out.println("hostile HEX files refused: " + refused);
    assertThat(refused).isPositive();
  }

  @Test
  void an_encrypted_image_is_closed_without_the_devices_key() throws Exception {
    Path vectors = Vectors.of("mcuboot").folder();
    String encrypted = vectors.resolve("images/enc-x25519-128.bin").toString();
    String signer = vectors.resolve("keys/ed25519.pub.pem").toString();
    String device = vectors.resolve("keys/enc-x25519.pem").toString();
    String signing = vectors.resolve("keys/ed25519.pem").toString();
    String other = vectors.resolve("keys/enc-p256.pem").toString();

    Typed without = type("image", "verify", "--key", signer, encrypted);
    assertThat(without.exit()).isEqualTo(1);
    assertThat(without.out()).contains("reason encrypted");
    Typed wrong = type("image", "verify", "--key", signer, "--decrypt", other, encrypted);
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.out()).contains("reason enc-key");
    Typed right = type("image", "verify", "--key", signer, "--decrypt", device, encrypted);
    assertThat(right.exit()).isZero();
    assertThat(right.out()).contains("encrypted, and opened with the key given");
    assertThat(type("image", "verify", "--key", signer, "--decrypt", signing, encrypted).err())
        .contains("cannot decrypt with", "nothing can be encrypted");

    assertThat(type("image", "show", encrypted).out())
        .contains("encryption    ECIES-X25519, content key of 128 bits")
        .doesNotContain("decrypted");
    assertThat(type("image", "show", "--decrypt", device, encrypted).out())
        .containsPattern("decrypted     SHA-256 [0-9a-f]{64}, as the image says");
    assertThat(type("image", "show", "--json", "--decrypt", other, encrypted).out())
        .contains("\"decrypted\":{\"problem\"");
  }

  @Test
  void a_compressed_image_is_verified_to_what_it_becomes() throws Exception {
    Path vectors = Vectors.of("mcuboot").folder();
    Typed typed =
        type(
            "image",
            "verify",
            "--key",
            vectors.resolve("keys/p256.pub.pem").toString(),
            "--decrypt",
            vectors.resolve("keys/enc-p256.pem").toString(),
            vectors.resolve("images/lzma2thumb-enc-p256-256.bin").toString());
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("encrypted, and opened", "bytes become 10240");
  }

  private Typed encrypt(String output, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("image", "sign", "--key", path("ed.pem"), "--version", "1.2.3"));
    args.addAll(List.of("--slot-size", "0x20000", "--pad-header"));
    args.addAll(List.of(more));
    args.addAll(List.of(firmware, output));
    return type(args.toArray(String[]::new));
  }

  @Test
  void an_image_is_encrypted_for_the_device_alone() throws Exception {
    assertThat(type("key", "new", "--type", "ed25519", path("ed.pem")).exit()).isZero();
    Typed made = type("key", "new", "--type", "x25519", path("device.pem"));
    assertThat(made.exit()).isZero();
    assertThat(made.out()).contains("give it to whoever encrypts").doesNotContain("key hash");
    for (String half : List.of("device.pem", "device.pub.pem")) {
      assertThat(type("key", "show", path(half)).out())
          .contains("of type x25519, for encryption only", "BEGIN PUBLIC KEY")
          .doesNotContain("PRIVATE KEY");
    }
    Files.writeString(Path.of(path("kek.b64")), "5TF1QKmEAAMjZNydh+H4SUVGR0hJSktMTU5PUFFSU1Q=\n");
    Path secret = Path.of(firmware);
    Files.writeString(secret, "the secret of this product. ".repeat(200));
    List<List<String>> ways =
        List.of(
            List.of("--encrypt", path("device.pub.pem")),
            List.of("-E", path("device.pub.pem"), "--encrypt-keylen", "256", "--hmac-sha", "512"),
            List.of("-E", path("device.pub.pem"), "--compression", "lzma2"),
            List.of("-E", path("device.pem"), "--compression", "lzma2armthumb"),
            List.of("-E", path("kek.b64")));
    for (List<String> way : ways) {
      String output = path("secret.bin");
      Typed typed = encrypt(output, way.toArray(String[]::new));
      assertThat(typed.exit()).as(typed.err()).isZero();
      assertThat(typed.out()).contains("encrypted");
      assertThat(Files.readString(Path.of(output), ISO_8859_1)).doesNotContain("the secret");
      String opening = way.contains(path("kek.b64")) ? path("kek.b64") : path("device.pem");
      Typed judged =
          type("image", "verify", "-k", path("ed.pub.pem"), "--decrypt", opening, output);
      assertThat(judged.exit()).as(judged.out()).isZero();
      assertThat(type("image", "verify", "-k", path("ed.pub.pem"), output).exit()).isEqualTo(1);
    }
    Typed clear = encrypt(path("clear.bin"), "-E", path("device.pub.pem"), "--clear");
    assertThat(clear.out()).contains("for the primary slot only");
    assertThat(type("image", "verify", "-k", path("ed.pub.pem"), path("clear.bin")).out())
        .contains("flagged as encrypted, but in clear");
    Files.write(secret, new byte[] {1, 2, 3});
    assertThat(encrypt(path("small.bin"), "--compression", "lzma2").out())
        .contains("not compressed: that would not make it smaller");
  }

  @Test
  void an_image_that_nobody_could_open_is_not_made() throws Exception {
    type("key", "new", "--type", "ed25519", path("ed.pem"));
    type("key", "new", "--type", "x25519", path("device.pem"));
    Path vectors = Vectors.of("mcuboot").folder();
    String device = path("device.pub.pem");
    List<Case> cases =
        List.of(
            new Case("a key that signs", 1, "cannot encrypt for", "-E", path("ed.pub.pem")),
            new Case(
                "P-384",
                1,
                "nothing can be encrypted for a key of type ecdsa-p384",
                "-E",
                vectors.resolve("keys/enc-p384.pub.pem").toString()),
            new Case(
                "RSA of 3072 bits",
                1,
                "nothing can be encrypted for a key of type rsa-3072",
                "-E",
                vectors.resolve("keys/enc-rsa3072.pub.pem").toString()),
            new Case("192 bits", 2, "128 or 256", "-E", device, "--encrypt-keylen", "192"),
            new Case("an odd hash", 2, "256 or 512", "-E", device, "--hmac-sha", "384"),
            new Case("SHA-512 with P-256", 2, "does not go with", "-E", key, "--hmac-sha", "512"),
            new Case("in clear, for nobody", 2, "go with --encrypt", "--clear"),
            new Case("gzip", 2, "lzma2, lzma2armthumb or disabled", "--compression", "gzip"),
            new Case("no such file", 3, "no such file", "-E", path("nowhere.pem")));
    for (Case wrong : cases) {
      Typed typed = encrypt(path("none.bin"), wrong.args().toArray(String[]::new));
      assertThat(typed.exit()).as(wrong.name() + typed.err()).isEqualTo(wrong.exit());
      assertThat(typed.err()).as(wrong.name()).contains(wrong.sentence());
      assertThat(Path.of(path("none.bin"))).as(wrong.name()).doesNotExist();
    }
  }

  private record Case(String name, int exit, String sentence, List<String> args) {
    Case(String name, int exit, String sentence, String... args) {
      this(name, exit, sentence, List.of(args));
    }
  }

  @Test
  void wrong_input_gets_a_sentence_the_right_code_and_no_trace() throws Exception {
    Files.writeString(Path.of(path("text.txt")), "hello");
    Files.writeString(Path.of(path("text.hex")), "hello");
    type("key", "new", "--type", "rsa-2048", path("rsa.pem"));
    int deaf;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      deaf = socket.getLocalPort();
    }
    String gone = "udp://127.0.0.1:" + deaf;
    List<Case> cases =
        List.of(
            new Case("nothing", 2, "a command is missing"),
            new Case("no verb", 2, "a verb is missing", "image"),
            new Case("unknown verb", 2, "unmatched argument", "image", "bake"),
            new Case("unknown option", 2, "unknown option", "key", "new", "--colour", "x"),
            new Case("missing file", 3, "no such file", "image", "show", path("nowhere.bin")),
            new Case("a folder", 3, "it is a folder", "image", "show", folder.toString()),
            new Case("not an image", 1, "no MCUboot image", "image", "show", path("text.txt")),
            new Case("not a key", 1, "as a key", "key", "show", path("text.txt")),
            new Case(
                "public half where the private is needed",
                1,
                "only a public key",
                "image",
                "sign",
                "-k",
                publicKey,
                "-v",
                "1.0.0",
                "-S",
                "0x20000",
                "--pad-header",
                firmware,
                path("o.bin")),
            new Case(
                "a key of a type that permits do not know",
                1,
                "rsa-2048",
                "trust",
                "root",
                "make",
                "--root-key",
                publicKey,
                "--release",
                path("rsa.pub.pem"),
                "-o",
                path("r.cbor")),
            new Case(
                "a version that is none",
                2,
                "cannot sign like that",
                "image",
                "sign",
                "-k",
                key,
                "-v",
                "one",
                "-S",
                "0x20000",
                firmware,
                path("o.bin")),
            new Case(
                "too large for the slot",
                1,
                "too many",
                "image",
                "sign",
                "-k",
                key,
                "-v",
                "1.0.0",
                "-S",
                "0x2400",
                "--pad-header",
                firmware,
                path("o.bin")),
            new Case("not a release", 1, "is no release", "release", "show", path("text.txt")),
            new Case(
                "an image where a release is needed", 1, "not a release", "release", "show", image),
            new Case("not HEX", 1, "as Intel HEX: line 1", "image", "show", path("text.hex")),
            new Case("no HEX there", 3, "no such file", "image", "show", path("nowhere.hex")),
            new Case("no target", 2, "--to", "device", "info"),
            new Case("a wrong target", 2, "expected udp", "device", "info", "--to", "nonsense"),
            new Case(
                "no such port",
                3,
                "there is no serial port /dev/nowhere",
                "device",
                "info",
                "--to",
                "serial:///dev/nowhere"),
            new Case(
                "a wire without its keys",
                2,
                "psk-id=NAME",
                "device",
                "info",
                "--to",
                "dtls://lamp"),
            new Case("no time to scan", 2, "--seconds", "device", "scan", "--seconds", "0"),
            new Case("nobody there", 3, "nobody listens", "device", "info", "--to", gone),
            new Case("no such row", 2, "T99", "attacks", "T99"));
    for (Case c : cases) {
      Typed typed = type(c.args().toArray(String[]::new));
      assertThat(typed.exit()).as(c.name() + ": " + typed.err()).isEqualTo(c.exit());
      assertThat(typed.err().toLowerCase(java.util.Locale.ROOT))
          .as(c.name())
          .startsWith("sealift: ")
          .contains(c.sentence().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("exception")
          .doesNotContain("\tat ");
    }
    assertThat(Path.of(path("o.bin"))).doesNotExist();
  }

  @Test
  void a_device_that_does_not_answer_is_named() throws Exception {
    try (DatagramSocket deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Typed typed =
          type("device", "images", "--json", "--to", "udp://127.0.0.1:" + deaf.getLocalPort());
      assertThat(typed.exit()).isEqualTo(3);
      assertThat(typed.err()).contains("no answer from udp://127.0.0.1:" + deaf.getLocalPort());
      assertThat(CborFields.of(Json.read(typed.out().strip()), "line").integer("exit"))
          .isEqualTo(3);
    }
  }

  @Test
  void the_shipped_profiles_are_listed_and_one_printed_is_a_profile() throws Exception {
    assertThat(type("virtual", "profiles").out()).contains("nrf52840", "nrf54l15");
    Path mine = folder.resolve("mine.toml");
    Files.writeString(mine, type("virtual", "profiles", "nrf54l15").out());
    Typed typed = type("image", "verify", "--device", mine.toString(), "--key", publicKey, image);
    assertThat(typed.exit()).as(typed.out() + typed.err()).isZero();
    assertThat(typed.out()).contains("accepted").contains("nrf54l15 would take it");
    assertThat(type("virtual", "profiles", "nrf99").exit()).isEqualTo(2);
  }

  @Test
  void a_device_says_of_an_image_what_its_bootloader_would() throws Exception {
    Path profile = folder.resolve("careful.toml");
    Files.writeString(
        profile,
        type("virtual", "profiles", "nrf52840")
            .out()
            .replace("[boot]", "[boot]\nkeys = [\"k.pub.pem\"]\nrollback = \"counter-in-device\""));
    Typed typed = type("image", "verify", "--device", profile.toString(), image);
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out())
        .contains("accepted")
        .contains("nrf52840 would refuse it")
        .contains("no security counter");
    Typed json = type("image", "verify", "--json", "--device", profile.toString(), image);
    assertThat(json.out()).contains("\"reason\":\"counter-missing\"");
    assertThat(type("image", "verify", "--device", "nrf52841", image).err()).contains("nrf52840");
    Files.writeString(profile, "name = 7");
    assertThat(type("image", "verify", "--device", profile.toString(), image).err())
        .contains("name: must be a text");
  }

  @Test
  void an_image_that_a_bootloader_would_die_of_is_told_before_it_is_sent() throws Exception {
    Path small = folder.resolve("small.bin");
    Path body = folder.resolve("small.body");
    Files.write(body, new byte[1500]);
    String privateKey = publicKey.replace(".pub.pem", ".pem");
    Typed signed =
        type(
            "image",
            "sign",
            "-k",
            privateKey,
            "-v",
            "1.2.3",
            "-H",
            "0x200",
            "--pad-header",
            "-S",
            "0x70000",
            body.toString(),
            small.toString());
    assertThat(signed.exit()).as(signed.err()).isZero();
    Typed typed =
        type("image", "verify", "--device", "nrf52840", "--key", publicKey, small.toString());
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out())
        .contains("nrf52840 would take it")
        .contains("danger: the image fits one");
    Typed json =
        type(
            "image",
            "verify",
            "--json",
            "--device",
            "nrf52840",
            "--key",
            publicKey,
            small.toString());
    assertThat(json.out()).contains("\"hazards\":[\"one-sector-in-offset\"]");
    // Nobody is at that address: the update must end before it looks.
    Typed update =
        type(
            "device",
            "update",
            small.toString(),
            "--profile",
            "nrf52840",
            "--to",
            "udp://127.0.0.1:9");
    assertThat(update.exit()).isEqualTo(1);
    assertThat(update.out()).contains("danger: the image fits one sector");
    assertThat(update.err()).contains("stopped");
    Typed usage =
        type("device", "update", small.toString(), "--despite-danger", "--to", "udp://127.0.0.1:9");
    assertThat(usage.exit()).isEqualTo(2);
  }

  @Test
  void every_command_has_help_with_an_example() {
    for (List<String> command :
        List.of(
            List.of("demo"),
            List.of("key", "new"),
            List.of("key", "show"),
            List.of("key", "public"),
            List.of("key", "hash"),
            List.of("image", "sign"),
            List.of("image", "verify"),
            List.of("image", "show"),
            List.of("trust", "root", "make"),
            List.of("trust", "root", "sign"),
            List.of("trust", "root", "rotate"),
            List.of("trust", "root", "show"),
            List.of("trust", "delegate"),
            List.of("trust", "beacon"),
            List.of("trust", "session"),
            List.of("trust", "serve"),
            List.of("trust", "show"),
            List.of("release", "make"),
            List.of("release", "sign"),
            List.of("release", "approve"),
            List.of("package", "make"),
            List.of("package", "show"),
            List.of("release", "attach"),
            List.of("release", "check"),
            List.of("release", "show"),
            List.of("virtual"),
            List.of("virtual", "profiles"),
            List.of("device", "info"),
            List.of("device", "images"),
            List.of("device", "upload"),
            List.of("device", "update"),
            List.of("device", "nonce"),
            List.of("device", "session"),
            List.of("device", "have"),
            List.of("device", "test"),
            List.of("device", "confirm"),
            List.of("device", "reset"),
            List.of("attacks"))) {
      String[] args = Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new);
      Typed typed = type(args);
      assertThat(typed.exit()).as(command.toString()).isZero();
      assertThat(typed.out())
          .as(command.toString())
          .contains("Example: sealift")
          .contains("--json");
    }
  }

  @Test
  void progress_fits_a_narrow_terminal() {
    for (int columns : new int[] {24, 40, 80, 200}) {
      ByteArrayOutputStream drawn = new ByteArrayOutputStream();
      Console console =
          new Console(
              new PrintStream(drawn, true, UTF_8),
              new PrintStream(drawn, true, UTF_8),
              new Terminal(Terminal.Kind.INTERACTIVE, columns));
      long[] now = {0};
      Progress progress =
          new Progress(console, "  image", Progress.Company.ALONE, () -> now[0] += 1_000_000_000);
      progress.at(0, 100_000);
      progress.at(50_000, 100_000);
      assertThat(drawn.toString(UTF_8).split("\r", -1))
          .as("%d columns", columns)
          .allSatisfy(line -> assertThat(line).hasSizeLessThan(columns))
          .anySatisfy(line -> assertThat(line).contains("50%"));
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
