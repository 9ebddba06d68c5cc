// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.BootPolicy.Scramble;
import dev.sealift.boot.BootPolicy.TlvRule;
import dev.sealift.boot.BootPolicy.Unpacking;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeviceProfileFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final LocalKey P256 = LocalKey.generate(KeyType.ECDSA_P256, RANDOM);
  private static final LocalKey ED25519 = LocalKey.generate(KeyType.ED25519, RANDOM);
  private static final OpeningKey OPENING = OpeningKey.generate(SealingKeyType.P256, RANDOM);
  private static final Map<String, String> KEYS =
      Map.of(
          "p256.pem", P256.exposePem(),
          "ed.pem", ED25519.exposePem(),
          "enc.pem", OPENING.exposePem(),
          "odd.pem", "no key");

  /// Nothing but what must be said.
  private static final String SMALL =
      """
      name = "small"
      board = "native_sim"
      [flash]
      size = "64 KiB"
      sector = 4096
      write-unit = 4
      [boot]
      [[image]]
      primary = { start = 0x0, size = "28 KiB" }
      secondary = { start = 0x7000, size = 0x7000 }
      """;

  private static DeviceProfile read(String text) throws MalformedException {
    return DeviceProfileFile.read(
        text,
        name ->
            Optional.ofNullable(KEYS.get(name))
                .orElseThrow(() -> new MalformedException("no such file", 0)));
  }

  private static void assertFault(String text, String... words) {
    assertThatThrownBy(() -> read(text))
        .as(text)
        .isInstanceOf(MalformedException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void what_is_not_said_is_as_zephyr_has_it() throws MalformedException {
    DeviceProfile profile = read(SMALL);
    assertThat(profile)
        .isEqualTo(
            new DeviceProfile(
                "small",
                "native_sim",
                new BootConfig(
                    new Mode.SwapOffset(),
                    new FlashGeometry(0x10000, 0x1000, 4),
                    new FlashArea(0, 0x7000),
                    new FlashArea(0x7000, 0x7000),
                    8,
                    7,
                    BootPolicy.of(new Trust.HashOnly())),
                FlashTimings.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new SmpBuffers(384, 4)));
    assertThat(profile.boot().policy().tlvRule()).isEqualTo(TlvRule.ALLOW_LIST);
  }

  @Test
  void only_a_bootloader_that_overwrites_can_unpack() throws MalformedException {
    String unpacking = "[boot]\nunpacking = \"lzma2\"\n";
    DeviceProfile profile = read(SMALL.replace("[boot]\n", unpacking + "mode = \"overwrite\"\n"));
    assertThat(profile.boot().policy().unpacking()).isEqualTo(Unpacking.LZMA2);
    assertFault(SMALL.replace("[boot]\n", unpacking), "overwrites");
  }

  @Test
  void everything_can_be_said() throws MalformedException {
    DeviceProfile profile =
        read(
            """
            name = "all"
            board = "some/board"
            vendor = "acme.example"
            class = "lamp"
            [flash]
            size = "1 MiB"
            sector = "4 KiB"
            write-unit = 8
            erased-value = 0x00
            programming = "clears-bits"
            [timings]
            erase-us-per-sector = 85000
            program-us-per-unit = 13.25
            read-us-per-kib = 16
            [boot]
            scratch = { start = 0x80000, size = "16 KiB" }
            max-align = 16
            max-sectors = 100
            keys = ["p256.pem"]
            primary-check = "magic-only"
            downgrade = "refused-by-counter"
            rollback = "counter-in-device"
            scramble = "header-and-trailer"
            bootstrap = "from-secondary"
            tlv-rule = "anything"
            identity = "vendor-and-class"
            [boot.decryption]
            key = "enc.pem"
            scheme = "ecies-p256"
            content-key = "aes-256"
            kept = "tlv"
            [[image]]
            primary = { start = 0x0, size = "128 KiB" }
            secondary = { start = 0x20000, size = "128 KiB" }
            [[image]]
            primary = { start = 0x40000, size = "128 KiB" }
            secondary = { start = 0x60000, size = "128 KiB" }
            [storage]
            start = 0x90000
            size = "32 KiB"
            [smp]
            buffer-size = 2048
            buffer-count = 2
            """);
    BootConfig boot = profile.boot();
    assertThat(boot.mode()).isEqualTo(new Mode.SwapScratch(new FlashArea(0x80000, 0x4000)));
    assertThat(boot.flash())
        .isEqualTo(new FlashGeometry(1 << 20, 4096, 8, 0, FlashGeometry.Programming.CLEARS_BITS));
    assertThat(boot.images())
        .containsExactly(
            new ImageSlots(new FlashArea(0, 0x20000), new FlashArea(0x20000, 0x20000)),
            new ImageSlots(new FlashArea(0x40000, 0x20000), new FlashArea(0x60000, 0x20000)));
    assertThat(boot.maxAlign()).isEqualTo(16);
    assertThat(boot.maxSectors()).isEqualTo(100);
    UUID vendor = ImageUuid.vendor("acme.example");
    UUID lamp = ImageUuid.deviceClass(vendor, "lamp");
    assertThat(boot.policy())
        .isEqualTo(
            new BootPolicy(
                new Trust.Signatures(KeyType.ECDSA_P256, List.of(P256.publicKey())),
                PrimaryCheck.MAGIC_ONLY,
                Downgrade.REFUSED_BY_COUNTER,
                Rollback.COUNTER_IN_DEVICE,
                Scramble.HEADER_AND_TRAILER,
                Bootstrap.FROM_SECONDARY,
                TlvRule.ANYTHING,
                new Decryption.With(
                    new dev.sealift.image.encryption.DecryptionKey.Private(OPENING),
                    EncryptionScheme.ECIES_P256,
                    ContentKeySize.AES_256,
                    Decryption.Kept.TLV),
                Unpacking.REFUSED,
                Optional.of(ImageUuid.write(vendor)),
                Optional.of(ImageUuid.write(lamp))));
    assertThat(profile.timings()).isEqualTo(new FlashTimings(85_000_000, 13_250, 16_000));
    assertThat(profile.storage()).contains(new FlashArea(0x90000, 0x8000));
    assertThat(profile.vendor()).contains(vendor);
    assertThat(profile.deviceClass()).contains(lamp);
    assertThat(profile.smp()).isEqualTo(new SmpBuffers(2048, 2));
  }

  @Test
  void a_build_says_by_what_it_knows_images() throws MalformedException {
    assertThat(trust("")).isEqualTo(new Trust.HashOnly());
    assertThat(trust("hash = \"sha384\"")).isEqualTo(new Trust.HashOnly(HashAlgorithm.SHA384));
    Trust.Signatures pure =
        (Trust.Signatures) trust("keys = [\"ed.pem\"]\nsigned = \"image\"\nkey-name = \"whole\"");
    assertThat(pure.hash()).isEqualTo(HashAlgorithm.SHA512);
    assertThat(pure.over()).isEqualTo(SignatureScheme.Over.IMAGE);
    assertThat(pure.keyName()).isEqualTo(Trust.KeyName.WHOLE);
    Trust.Signatures large = (Trust.Signatures) trust("keys = [\"ed.pem\"]\nhash = \"sha512\"");
    assertThat(large.hash()).isEqualTo(HashAlgorithm.SHA512);
    assertThat(large.over()).isEqualTo(SignatureScheme.Over.DIGEST);
  }

  private static Trust trust(String lines) throws MalformedException {
    return read(SMALL.replace("[boot]\n", "[boot]\n" + lines + "\n")).boot().policy().trust();
  }

  private record ModeCase(String lines, Mode mode) {}

  @Test
  void every_mode_has_its_word() throws MalformedException {
    FlashArea ram = new FlashArea(0x2000_0000, 0x4_0000);
    List<ModeCase> cases =
        List.of(
            new ModeCase("mode = \"swap-move\"", new Mode.SwapMove()),
            new ModeCase("mode = \"swap-offset\"", new Mode.SwapOffset()),
            new ModeCase(
                "mode = \"swap-scratch\"\nscratch = { start = 0xe000, size = 4096 }",
                new Mode.SwapScratch(new FlashArea(0xe000, 4096))),
            new ModeCase("mode = \"overwrite\"", new Mode.Overwrite(Mode.Extent.USED_SECTORS)),
            new ModeCase(
                "mode = \"overwrite\"\nextent = \"whole-slot\"",
                new Mode.Overwrite(Mode.Extent.WHOLE_SLOT)),
            new ModeCase("mode = \"direct-xip\"", new Mode.DirectXip(Mode.Retreat.NONE)),
            new ModeCase(
                "mode = \"direct-xip\"\nretreat = \"unless-confirmed\"",
                new Mode.DirectXip(Mode.Retreat.UNLESS_CONFIRMED)),
            new ModeCase(
                "mode = \"ram-load\"\nram = { start = 0x20000000, size = \"256 KiB\" }",
                new Mode.RamLoad(Mode.Retreat.NONE, ram)));
    for (ModeCase each : cases) {
      assertThat(read(SMALL.replace("[boot]", "[boot]\n" + each.lines)).boot().mode())
          .isEqualTo(each.mode);
    }
    String single =
        SMALL
            .replace("[boot]", "[boot]\nmode = \"single-slot\"")
            .replaceAll("secondary = .*\n", "");
    assertThat(read(single).boot().mode()).isEqualTo(new Mode.SingleSlot());
  }

  @Test
  void the_largest_alignment_follows_a_larger_write_unit() throws MalformedException {
    assertThat(read(SMALL.replace("write-unit = 4", "write-unit = 16")).boot().maxAlign())
        .isEqualTo(16);
  }

  @Test
  void ids_may_be_given_as_uuids() throws MalformedException {
    String vendor = "7be3f5b2-5f4c-4d0e-9a55-3a1f0f4c2d11";
    String device = "0dd0a5b1-0a2f-4be0-8f7e-2bd4d8f0a6aa";
    DeviceProfile profile =
        read("vendor = \"%s\"\nclass = \"%s\"\n%s".formatted(vendor, device, SMALL));
    assertThat(profile.vendor()).contains(UUID.fromString(vendor));
    assertThat(profile.deviceClass()).contains(UUID.fromString(device));
    assertThat(read("class = \"%s\"\n%s".formatted(device, SMALL)).deviceClass())
        .contains(UUID.fromString(device));
  }

  @Test
  void a_fault_names_its_key() {
    record Case(String found, String instead, String key, String word) {}
    List<Case> cases =
        List.of(
            new Case("name = \"small\"", "", "name", "missing"),
            new Case("\"small\"", "\"a/b\"", "name", "a/b"),
            new Case("\"small\"", "7", "name", "a text"),
            new Case("board =", "bored =", "board", "missing"),
            new Case("[boot]", "colour = 1\n[boot]", "flash.colour", "unknown"),
            new Case("[boot]", "[boot]\ncolour = 1", "boot.colour", "unknown"),
            new Case("[boot]", "[smp]\nsize = 1\n[boot]", "smp.size", "unknown"),
            new Case("name =", "colour = 1\nname =", "colour", "unknown"),
            new Case("\"64 KiB\"", "\"64 kB\"", "flash.size", "480 KiB"),
            new Case("\"64 KiB\"", "\"4000000 MiB\"", "flash.size", "from 1 to"),
            new Case("\"64 KiB\"", "[64]", "flash.size", "a list"),
            new Case("\"64 KiB\"", "99999999999999999999", "flash.size", "from 1 to"),
            new Case("sector = 4096", "sector = 5000", "flash", "no multiple"),
            new Case("write-unit = 4", "write-unit = 3", "flash", "write unit"),
            new Case("write-unit = 4", "write-unit = 64", "flash.write-unit", "from 1 to 32"),
            new Case("[boot]", "[boot]\nmax-align = 12", "boot.max-align", "8, 16 or 32"),
            new Case("[boot]", "[boot]\nmode = \"swap\"", "boot.mode", "swap-offset"),
            new Case("[boot]", "[boot]\nmode = \"swap-scratch\"", "boot.scratch", "missing"),
            new Case("[boot]", "[boot]\nextent = \"whole-slot\"", "boot.extent", "swap-offset"),
            new Case("[boot]", "[boot]\ndowngrade = true", "boot.downgrade", "a text"),
            new Case("[boot]", "[boot]\nkeys = \"p256.pem\"", "boot.keys", "list"),
            new Case("[boot]", "[boot]\nkeys = [\"none.pem\"]", "boot.keys", "no such file"),
            new Case("[boot]", "[boot]\nkeys = [\"odd.pem\"]", "boot.keys", "odd.pem"),
            new Case(
                "[boot]",
                "[boot]\nkeys = [\"p256.pem\", \"ed.pem\"]",
                "boot.keys",
                "one kind of key"),
            new Case(
                "[boot]",
                "[boot]\nkeys = [\"p256.pem\"]\nhash = \"sha512\"",
                "boot.hash",
                "no bootloader checks ecdsa-p256"),
            new Case(
                "[boot]",
                "[boot]\nkeys = [\"p256.pem\"]\nsigned = \"image\"",
                "boot.signed",
                "pure"),
            new Case("[boot]", "[boot]\nsigned = \"image\"", "boot.signed", "no keys"),
            new Case("[boot]", "[boot]\nkey-name = \"whole\"", "boot.key-name", "no keys"),
            new Case("[boot]", "[boot]\nidentity = \"vendor\"", "boot.identity", "vendor"),
            new Case(
                "[boot]",
                "[boot]\ndecryption = { key = \"odd.pem\", scheme = \"ecies-p256\" }",
                "boot.decryption.key",
                "odd.pem"),
            new Case("name =", "class = \"lamp\"\nname =", "class", "vendor"),
            new Case("[boot]", "[timings]\nerase-us-per-sector = -1\n[boot]", "timings.", "micro"),
            new Case(
                "[boot]", "[timings]\nerase-us-per-sector = 1e999999999\n[boot]", "timings.", "mi"),
            new Case("[boot]", "[smp]\nbuffer-size = 3\n[boot]", "smp", "buffers"),
            new Case("start = 0x7000,", "start = 0x6000,", "image[0].secondary", "overlaps"),
            new Case("start = 0x7000,", "start = 0x7100,", "image[0].secondary", "whole sectors"),
            new Case("start = 0x7000,", "start = 0xa000,", "image[0].secondary", "ends at 0x11000"),
            new Case("start = 0x7000,", "", "image[0].secondary.start", "missing"),
            new Case("start = 0x7000,", "start = -1,", "image[0].secondary.start", "from 0"),
            new Case("secondary =", "third =", "image[0].secondary", "missing"),
            new Case("[[image]]", "[image]", "image", "[[image]]"),
            new Case(
                "[boot]",
                "[boot]\nmax-sectors = 4000",
                "image[0].primary",
                "trailer for 4000 sectors"),
            new Case(
                "[boot]",
                "[storage]\nstart = 0x6000\nsize = 4096\n[boot]",
                "storage",
                "overlaps image[0].primary"),
            new Case(
                "[boot]",
                "[boot]\nscratch = { start = 0, size = 4096 }",
                "boot.scratch",
                "overlaps image[0].primary"));
    for (Case each : cases) {
      assertThat(SMALL).contains(each.found);
      assertFault(SMALL.replace(each.found, each.instead), each.key, each.word);
    }
  }

  @Test
  void a_fault_of_the_notation_names_its_line() {
    assertFault(SMALL.replace("sector = 4096", "sector = = 4096"), "line 5");
    assertFault("name = \"a\"\nname = \"b\"", "line", "duplicate key");
    assertFault("a = " + "[".repeat(10_000), "depth");
    assertFault("#" + "x".repeat(TomlTable.CHARS_MAX), "at most");
  }

  @Test
  void a_digest_tells_devices_apart_but_not_remarks_and_timings() throws MalformedException {
    DeviceProfile profile = read(SMALL);
    assertThat(
            read(
                "# a remark\n" + SMALL.replace("[boot]", "[timings]\nread-us-per-kib = 9\n[boot]")))
        .extracting(DeviceProfile::digest)
        .isEqualTo(profile.digest());
    assertThat(read(SMALL.replace("[boot]", "[boot]\nmode = \"swap-move\"")).digest())
        .isNotEqualTo(profile.digest());
    assertThat(
            profile.trusting(new Trust.Signatures(KeyType.ECDSA_P256, List.of(P256.publicKey()))))
        .extracting(DeviceProfile::digest)
        .isNotEqualTo(profile.digest());
  }
}
