// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.VerifyingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImageVerifierTest {
  private static final UUID VENDOR = new UUID(1, 2);
  private static final SlotLayout SLOT = SlotLayout.swap(0x4000, 8);
  private static final SignOptions OPTIONS =
      SignOptions.of(
              new ImageVersion(1, 2, 3, 4),
              new SignOptions.HeaderRoom(64, SignOptions.Source.PREPENDED),
              SLOT)
          .toBuilder()
          .protectedData(
              new SignOptions.Protected(
                  new SignOptions.Counter.Is(new SecurityCounter(5)),
                  Optional.empty(),
                  List.of(new Dependency(1, ImageVersion.of(2, 0, 0))),
                  Optional.of(VENDOR),
                  Optional.empty(),
                  OptionalLong.of(7),
                  List.of()))
          .build();
  private static final Image IMAGE = signed(KeyType.ED25519);

  private static Image signed(KeyType type) {
    try {
      return ImageSigner.sign(Bytes.filled(120, 3), OPTIONS, Keys.signing(type));
    } catch (SigningException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ImageVerdict verify(Bytes file, Expectation... expectations) {
    return ImageVerifier.verify(
        file, Keys.trust(KeyType.ED25519), List.of(), List.of(expectations));
  }

  private static ImageVerdict.Refused refused(RefusalReason reason, ImageVerdict verdict) {
    assertThat(verdict).isInstanceOf(ImageVerdict.Refused.class);
    ImageVerdict.Refused refused = (ImageVerdict.Refused) verdict;
    assertThat(refused.reason()).as(refused.sentence()).isEqualTo(reason);
    return refused;
  }

  private static Bytes flipped(Bytes file, int bit) {
    byte[] damaged = file.toArray();
    damaged[bit / 8] ^= (byte) (1 << (bit % 8));
    return Bytes.owning(damaged);
  }

  @Test
  void any_one_flipped_bit_of_an_image_is_refused() {
    Bytes file = IMAGE.write();
    for (int bit = 0; bit < 8 * file.size(); bit++) {
      assertThat(verify(flipped(file, bit)))
          .as("bit %d of byte %d", bit % 8, bit / 8)
          .isInstanceOf(ImageVerdict.Refused.class);
    }
  }

  @Property(tries = 300)
  void any_flipped_bit_of_an_ecdsa_signed_image_is_refused(
      @ForAll @IntRange(max = 1_000_000) int dice) {
    Bytes file = ECDSA.write();
    assertThat(
            ImageVerifier.verify(
                flipped(file, dice % (8 * file.size())),
                Keys.trust(KeyType.ECDSA_P256),
                List.of(),
                List.of()))
        .isInstanceOf(ImageVerdict.Refused.class);
  }

  private static final Image ECDSA = signed(KeyType.ECDSA_P256);

  @Test
  void every_cut_of_an_image_is_refused() {
    Bytes file = IMAGE.write();
    for (int size = 0; size < file.size(); size++) {
      refused(RefusalReason.TRUNCATED, verify(file.first(size)));
    }
  }

  @Provide
  Arbitrary<Image> images() {
    return ImageSamples.images();
  }

  @Property
  void an_image_nobody_signed_is_never_verified(@ForAll("images") Image image) {
    assertThat(verify(image.write())).isInstanceOf(ImageVerdict.Refused.class);
  }

  @Test
  void an_unsigned_image_is_refused_unless_the_hash_alone_is_trusted() throws SigningException {
    Bytes file = ImageSigner.hashOnly(Bytes.filled(10, 1), OPTIONS).write();
    refused(RefusalReason.NO_SIGNATURE, verify(file));
    assertThat(ImageVerifier.verify(file, new Trust.HashOnly(), List.of(), List.of()))
        .isInstanceOfSatisfying(
            ImageVerdict.Verified.class,
            verified -> assertThat(verified.image().signers()).isEmpty());
    refused(
        RefusalReason.HASH_MISMATCH,
        ImageVerifier.verify(flipped(file, 8 * 70), new Trust.HashOnly(), List.of(), List.of()));
  }

  @Test
  void a_signature_of_a_key_we_do_not_trust_is_refused_and_names_it() {
    LocalKey other = LocalKey.generate(KeyType.ED25519, Keys.RANDOM);
    ImageVerdict verdict =
        ImageVerifier.verify(IMAGE.write(), Trust.in(other.publicKey()), List.of(), List.of());
    assertThat(refused(RefusalReason.UNKNOWN_KEY, verdict).sentence())
        .contains(Keys.local(KeyType.ED25519).publicKey().hash().first(8).toHex());
  }

  @Test
  void a_second_signature_by_a_key_we_do_not_know_does_no_harm() {
    List<Tlv> tlvs = new ArrayList<>(IMAGE.unprotectedArea().tlvs());
    tlvs.add(Tlv.of(0x01, Bytes.filled(32, 9)));
    tlvs.add(Tlv.of(0x24, Bytes.filled(64, 9)));
    assertThat(verify(with(tlvs, Bytes.EMPTY))).isInstanceOf(ImageVerdict.Verified.class);
  }

  private static Bytes with(List<Tlv> tlvs, Bytes rest) {
    return new Image(
            IMAGE.header(),
            IMAGE.fill(),
            IMAGE.payload(),
            IMAGE.protectedArea(),
            new TlvArea(tlvs),
            rest)
        .write();
  }

  @Test
  void only_erased_flash_or_a_whole_trailer_may_follow_an_image() {
    Bytes erased = Bytes.filled(100, 0xff);
    Bytes cells = Bytes.filled(32, 0xff);
    Bytes imageOk = Bytes.ofHex("01ffffffffffffff");
    accepted(erased);
    accepted(Bytes.filled(100, 0));
    accepted(Bytes.concat(erased, SlotLayout.MAGIC));
    accepted(Bytes.concat(erased, imageOk, SlotLayout.MAGIC));
    foreign(RefusalReason.TRAILING_DATA, Bytes.of((byte) 1));
    foreign(RefusalReason.TRAILING_DATA, IMAGE.write());
    foreign(
        RefusalReason.TRAILING_DATA,
        Bytes.concat(Bytes.of((byte) 1), erased, cells, SlotLayout.MAGIC));
    foreign(RefusalReason.BAD_TRAILER, Bytes.concat(erased, Bytes.filled(16, 7)));
    foreign(RefusalReason.BAD_TRAILER, SlotLayout.MAGIC);
    foreign(
        RefusalReason.BAD_TRAILER,
        Bytes.concat(erased, Bytes.ofHex("02ffffffffffffff"), SlotLayout.MAGIC));
    foreign(
        RefusalReason.BAD_TRAILER,
        Bytes.concat(erased, Bytes.ofHex("01fffffffffffffe"), SlotLayout.MAGIC));
  }

  private static void accepted(Bytes rest) {
    assertThat(verify(with(IMAGE.unprotectedArea().tlvs(), rest)))
        .isInstanceOf(ImageVerdict.Verified.class);
  }

  private static void foreign(RefusalReason reason, Bytes rest) {
    ImageVerdict verdict = verify(with(IMAGE.unprotectedArea().tlvs(), rest));
    assertThat(refused(reason, verdict).offset()).isGreaterThanOrEqualTo(IMAGE.size());
  }

  @Test
  void what_the_device_expects_is_held_against_the_image() {
    Bytes file = IMAGE.write();
    assertThat(
            verify(
                file,
                new Expectation.FitsSlot(SLOT),
                new Expectation.VersionAtLeast(new ImageVersion(1, 2, 3, 9)),
                new Expectation.CounterAtLeast(new SecurityCounter(5)),
                new Expectation.ImagesPresent(Map.of(1, ImageVersion.of(2, 0, 0))),
                new Expectation.VendorIs(VENDOR),
                new Expectation.RunsAt(0x8000)))
        .isInstanceOf(ImageVerdict.Verified.class);
    refused(
        RefusalReason.TOO_BIG,
        verify(file, new Expectation.FitsSlot(SlotLayout.overwriteOnly(300, 1))));
    refused(
        RefusalReason.DOWNGRADE_VERSION,
        verify(file, new Expectation.VersionAtLeast(ImageVersion.of(1, 2, 4))));
    refused(
        RefusalReason.DOWNGRADE_COUNTER,
        verify(file, new Expectation.CounterAtLeast(new SecurityCounter(6))));
    refused(
        RefusalReason.DEPENDENCY_UNMET,
        verify(file, new Expectation.ImagesPresent(Map.of(1, ImageVersion.of(1, 9, 9)))));
    refused(RefusalReason.DEPENDENCY_UNMET, verify(file, new Expectation.ImagesPresent(Map.of())));
    refused(RefusalReason.UUID_MISMATCH, verify(file, new Expectation.VendorIs(new UUID(1, 3))));
    refused(RefusalReason.UUID_MISMATCH, verify(file, new Expectation.DeviceClassIs(VENDOR)));
    Expectation.AddressRange range = new Expectation.AddressRange(0x2000_0000L, 0x1000);
    refused(RefusalReason.WRONG_SLOT_ADDRESS, verify(file, new Expectation.LoadsWithin(range)));
    refused(RefusalReason.WRONG_SLOT_ADDRESS, verify(file, new Expectation.ResetsWithin(range)));
  }

  @Test
  void the_bootloaders_choice_of_a_key_looks_at_as_many_bytes_as_there_are() {
    VerifyingKey key = Keys.local(KeyType.ED25519).publicKey();
    VerifyingKey other = Keys.local(KeyType.ECDSA_P256).publicKey();
    List<VerifyingKey> keys = List.of(other, key);
    HashAlgorithm hash = HashAlgorithm.SHA256;
    assertThat(SignatureScheme.bootloaderChoice(keys, key.hash(), hash)).contains(key);
    assertThat(SignatureScheme.bootloaderChoice(keys, key.hash().first(4), hash)).contains(key);
    assertThat(SignatureScheme.bootloaderChoice(keys, Bytes.EMPTY, hash)).contains(other);
    assertThat(SignatureScheme.bootloaderChoice(keys, key.hash().plus(Bytes.of((byte) 0)), hash))
        .isEmpty();
  }

  @Test
  void codes_are_lower_case_with_hyphens() {
    assertThat(RefusalReason.UNPROTECTED_TLV_NOT_ALLOWED.code())
        .isEqualTo("unprotected-tlv-not-allowed");
  }

  @Test
  void the_summary_shows_what_the_image_says() {
    ImageSummary summary = new ImageSummary(IMAGE, List.of());
    assertThat(summary.lines())
        .contains("version       1.2.3+4", "header        64 bytes, little endian")
        .anyMatch(line -> line.contains("DEPENDENCY") && line.endsWith("image 1 at 2.0.0"))
        .anyMatch(line -> line.contains("UUID_VID") && line.endsWith(VENDOR.toString()))
        .contains("behind it     nothing");
    assertThat(Json.write(summary.toMap()))
        .contains("\"version\":\"1.2.3+4\"", "\"sequence\":7", "\"security-counter\":5")
        .contains("\"hash\":\"" + IMAGE.hash().orElseThrow().toHex() + "\"")
        .contains("\"rest\":{\"size\":0,\"kind\":\"nothing\"}");
  }

  @Test
  void every_check_says_what_it_found_up_to_the_one_that_refuses() {
    Bytes file = ECDSA.write();
    List<Expectation> expected =
        List.of(
            new Expectation.FitsSlot(SLOT),
            new Expectation.VersionAtLeast(ImageVersion.of(0, 1, 0)),
            new Expectation.VersionAtLeast(ImageVersion.of(200, 0, 0)),
            new Expectation.FitsSlot(SLOT));
    ImageReport report =
        ImageVerifier.report(file, Keys.trust(KeyType.ECDSA_P256), List.of(), expected);
    assertThat(report.passed())
        .extracting(ImageReport.Passed::check)
        .containsExactly("form", "flags", "TLVs", "hash", "signature", "rest", "size", "version");
    assertThat(report.verdict())
        .isInstanceOfSatisfying(
            ImageVerdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.DOWNGRADE_VERSION));
    ImageReport wrong =
        ImageVerifier.report(file, Keys.trust(KeyType.ED25519), List.of(), expected);
    assertThat(wrong.passed())
        .extracting(ImageReport.Passed::check)
        .containsExactly("form", "flags", "TLVs", "hash");
  }

  @Test
  void a_padded_signature_is_refused_by_its_name() throws SigningException {
    SignOptions padded =
        SignOptions.of(
                ImageVersion.of(1, 0, 0),
                new SignOptions.HeaderRoom(32, SignOptions.Source.PREPENDED),
                SLOT)
            .toBuilder()
            .signatureForm(SignOptions.SignatureForm.PADDED)
            .build();
    Image image;
    do {
      image = ImageSigner.sign(Bytes.filled(100, 7), padded, Keys.signing(KeyType.ECDSA_P256));
    } while (signature(image).at(71) != 0);
    assertThat(
            ImageVerifier.verify(
                image.write(), Keys.trust(KeyType.ECDSA_P256), List.of(), List.of()))
        .isInstanceOfSatisfying(
            ImageVerdict.Refused.class,
            refused ->
                assertThat(refused.sentence()).contains("follow a genuine signature (--pad-sig)"));
  }

  private static Bytes signature(Image image) {
    return image.unprotectedArea().first(TlvType.ECDSA_SIG).orElseThrow().value();
  }
}
