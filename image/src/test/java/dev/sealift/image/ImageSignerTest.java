// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.key.GivenSignature;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageSignerTest {
  private static final Bytes BINARY = Bytes.filled(500, 0x55);
  private static final SignOptions OPTIONS =
      SignOptions.of(
          new ImageVersion(1, 2, 3, 4),
          new SignOptions.HeaderRoom(64, SignOptions.Source.PREPENDED),
          SlotLayout.swap(0x4000, 8));

  private static SignOptions.Protected protectedData(OptionalLong sequence, Tlv... custom) {
    return new SignOptions.Protected(
        new SignOptions.Counter.FromVersion(),
        Optional.of("APP"),
        List.of(new Dependency(1, ImageVersion.of(2, 0, 0))),
        Optional.empty(),
        Optional.empty(),
        sequence,
        List.of(custom));
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void what_is_signed_is_verified_with_the_key_and_says_what_was_asked(KeyType type)
      throws SigningException, MalformedException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      SignOptions options =
          OPTIONS.toBuilder()
              .order(order)
              .padding(SignOptions.Padding.CONFIRMED)
              .protectedData(protectedData(OptionalLong.of(1L << 40)))
              .build();
      Image image = ImageSigner.sign(BINARY, options, Keys.signing(type));
      Bytes file = image.write();
      assertThat(file.size()).isEqualTo(0x4000);
      assertThat(Image.read(file)).isEqualTo(image);
      assertThat(image.securityCounter()).contains(new SecurityCounter(0x01020003));
      assertThat(image.sequence()).hasValue(1L << 40);
      assertThat(SlotRest.of(image)).isEqualTo(new SlotRest.Trailer(8, SlotRest.ImageOk.SET));
      assertThat(ImageVerifier.verify(file, Keys.trust(type), List.of(), List.of()))
          .isInstanceOfSatisfying(
              ImageVerdict.Verified.class,
              verified -> {
                assertThat(verified.image().signers())
                    .containsExactly(Keys.local(type).publicKey());
                assertThat(verified.image().version()).isEqualTo(options.version());
                assertThat(verified.image().digest()).isEqualTo(image.hash().orElseThrow());
                assertThat(verified.image().file()).isEqualTo(file);
              });
    }
  }

  @Test
  void a_key_in_full_and_a_pure_signature_are_verified_too() throws SigningException {
    SignOptions options =
        OPTIONS.toBuilder()
            .keyForm(SignOptions.KeyForm.FULL)
            .signedOver(SignatureScheme.Over.IMAGE)
            .build();
    Bytes file = ImageSigner.sign(BINARY, options, Keys.signing(KeyType.ED25519)).write();
    assertThat(ImageVerifier.verify(file, Keys.trust(KeyType.ED25519), List.of(), List.of()))
        .isInstanceOf(ImageVerdict.Verified.class);
  }

  @Test
  void a_binary_without_zeros_for_the_header_is_refused() {
    SignOptions reserved =
        SignOptions.of(
            OPTIONS.version(),
            new SignOptions.HeaderRoom(64, SignOptions.Source.RESERVED),
            OPTIONS.slot());
    refused(BINARY, reserved, "the first 64 bytes of the input must be zeros");
    refused(Bytes.filled(63, 0), reserved, "the first 64 bytes of the input must be zeros");
  }

  @Test
  void what_does_not_fit_the_slot_with_its_trailer_is_refused() throws SigningException {
    int trailer = OPTIONS.slot().trailerSize();
    assertThat(trailer).isEqualTo(128 * 3 * 8 + 4 * 8 + 16);
    int tlvs = 4 + 36;
    SignOptions exact = withSlot(SlotLayout.swap(64 + 500 + tlvs + trailer, 8));
    assertThat(ImageSigner.hashOnly(BINARY, exact).size()).isEqualTo(64 + 500 + tlvs);
    assertThatThrownBy(() -> ImageSigner.hashOnly(BINARY.plus(Bytes.of((byte) 0)), exact))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("1 too many");
    assertThatThrownBy(
            () -> ImageSigner.hashOnly(BINARY, withSlot(SlotLayout.overwriteOnly(400, 1))))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the input has 500 bytes, the slot only 400");
  }

  private static SignOptions withSlot(SlotLayout slot) {
    return SignOptions.of(OPTIONS.version(), OPTIONS.header(), slot);
  }

  @Test
  void hashes_and_signatures_that_do_not_go_together_are_refused() {
    SignOptions sha512 = OPTIONS.toBuilder().hash(Optional.of(HashAlgorithm.SHA512)).build();
    assertThatThrownBy(() -> ImageSigner.sign(BINARY, sha512, Keys.signing(KeyType.ECDSA_P256)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("SHA-512 does not go with a key of type ecdsa-p256");
    SignOptions pure = OPTIONS.toBuilder().signedOver(SignatureScheme.Over.IMAGE).build();
    assertThatThrownBy(() -> ImageSigner.sign(BINARY, pure, Keys.signing(KeyType.ECDSA_P256)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("only ed25519 has pure signatures");
    refused(BINARY, pure, "a pure signature needs a key");
  }

  @Test
  void a_signature_that_does_not_fit_its_public_half_is_not_handed_out() {
    SigningKey broken =
        new SigningKey() {
          @Override
          public VerifyingKey publicKey() {
            return Keys.local(KeyType.ED25519).publicKey();
          }

          @Override
          public Bytes sign(Bytes message) {
            return Bytes.filled(64, 1);
          }
        };
    assertThatThrownBy(() -> ImageSigner.sign(BINARY, OPTIONS, broken))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the private key does not fit its public half");
  }

  @Test
  void options_that_cannot_be_are_refused_when_they_are_written_down() {
    wrong(
        () -> new SignOptions.HeaderRoom(31, SignOptions.Source.PREPENDED),
        "header size must be 32 to 65535, is 31");
    wrong(() -> SlotLayout.swap(0, 8), "a slot has 1 byte to 1 GiB, not 0");
    wrong(() -> SlotLayout.swap(4096, 3), "alignment must be 1, 2, 4, 8, 16 or 32, is 3");
    wrong(() -> OPTIONS.toBuilder().erasedValue(1).build(), "erased flash reads 0 or 0xff");
    wrong(
        () -> protectedData(OptionalLong.empty(), Tlv.of(0x10, Bytes.EMPTY)),
        "custom TLVs have types 0xa0 to 0xfffe, not 0x0010");
    wrong(
        () -> protectedData(OptionalLong.of(1), Tlv.of(0xa0, Bytes.EMPTY)),
        "0x00a0 is there twice");
    wrong(() -> new Dependency(256, OPTIONS.version()), "image number must be 0 to 255");
    wrong(() -> new SecurityCounter(-1), "security counter must be 0 to 4294967295");
    refused(
        BINARY,
        OPTIONS.toBuilder()
            .order(ByteOrder.BIG_ENDIAN)
            .protectedData(protectedData(OptionalLong.empty(), Tlv.of(0x1000, Bytes.EMPTY)))
            .build(),
        "would be read as SHA256");
    refused(
        BINARY,
        OPTIONS.toBuilder()
            .protectedData(
                protectedData(OptionalLong.empty(), Tlv.of(0xa1, Bytes.filled(0xffff, 0))))
            .build(),
        "what is to be protected takes");
  }

  private static void wrong(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String s) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(s);
  }

  private static void refused(Bytes binary, SignOptions options, String sentence) {
    assertThatThrownBy(() -> ImageSigner.hashOnly(binary, options))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void an_image_is_signed_elsewhere_in_two_steps(KeyType type) throws SigningException {
    LocalKey elsewhere = Keys.local(type);
    SignOptions options =
        OPTIONS.toBuilder().protectedData(protectedData(OptionalLong.of(7))).build();
    ImageSigner.Message first = ImageSigner.message(BINARY, options, elsewhere.publicKey());
    Bytes signature = Keys.signing(type).sign(first.message());
    Image image =
        ImageSigner.sign(BINARY, options, new GivenSignature(elsewhere.publicKey(), signature));
    assertThat(image.hashRegion()).isEqualTo(first.region());
    assertThat(image.hash()).contains(first.digest());
    assertThat(ImageVerifier.verify(image.write(), Keys.trust(type), List.of(), List.of()))
        .isInstanceOf(ImageVerdict.Verified.class);
    SignOptions other = options.toBuilder().erasedValue(0).build();
    assertThatThrownBy(
            () ->
                ImageSigner.sign(
                    BINARY, other, new GivenSignature(elsewhere.publicKey(), signature)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the signature is not one of this image");
  }

  @Test
  void what_is_to_be_signed_can_be_had_for_a_type_of_key_alone() throws SigningException {
    for (KeyType type : KeyType.values()) {
      assertThat(ImageSigner.message(BINARY, OPTIONS, type))
          .isEqualTo(ImageSigner.message(BINARY, OPTIONS, Keys.local(type).publicKey()));
    }
    SignOptions pure = OPTIONS.toBuilder().signedOver(SignatureScheme.Over.IMAGE).build();
    assertThat(ImageSigner.message(BINARY, pure, KeyType.ED25519))
        .isEqualTo(ImageSigner.message(BINARY, pure, Keys.local(KeyType.ED25519).publicKey()));
    SignOptions record =
        OPTIONS.toBuilder().protectedData(protectedData(OptionalLong.empty())).build();
    assertThatThrownBy(() -> ImageSigner.message(BINARY, record, KeyType.ED25519))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("a boot record names the key");
    SignOptions compressed =
        OPTIONS.toBuilder().compression(Optional.of(Compression.LZMA2)).build();
    assertThatThrownBy(() -> ImageSigner.message(BINARY, compressed, KeyType.ED25519))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("two signatures");
  }

  @Test
  void a_padded_signature_has_one_length() throws SigningException {
    SignOptions padded =
        OPTIONS.toBuilder().signatureForm(SignOptions.SignatureForm.PADDED).build();
    for (int i = 0; i < 20; i++) {
      Image image = ImageSigner.sign(BINARY, padded, Keys.signing(KeyType.ECDSA_P256));
      assertThat(image.unprotectedArea().first(TlvType.ECDSA_SIG).orElseThrow().value().size())
          .isEqualTo(72);
    }
    Image image = ImageSigner.sign(BINARY, padded, Keys.signing(KeyType.ECDSA_P384));
    assertThat(image.unprotectedArea().first(TlvType.ECDSA_SIG).orElseThrow().value().size())
        .isBetween(103, 104);
    assertThat(
            ImageSigner.sign(BINARY, padded, Keys.signing(KeyType.RSA_2048))
                .unprotectedArea()
                .first(TlvType.RSA2048)
                .orElseThrow()
                .value()
                .size())
        .isEqualTo(256);
  }

  @Test
  void a_manifest_is_protected_and_read_back() throws SigningException, MalformedException {
    Manifest manifest = new Manifest(List.of(Bytes.filled(32, 1), Bytes.filled(32, 2)));
    SignOptions.Protected data =
        new SignOptions.Protected(
            new SignOptions.Counter.None(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            Optional.of(manifest));
    Image image =
        ImageSigner.sign(
            BINARY, OPTIONS.toBuilder().protectedData(data).build(), Keys.signing(KeyType.ED25519));
    Bytes value = image.protectedArea().orElseThrow().first(TlvType.MANIFEST).orElseThrow().value();
    assertThat(Manifest.read(value, HashAlgorithm.SHA256, image.order())).isEqualTo(manifest);
    for (Bytes wrong :
        List.of(
            value.first(value.size() - 1),
            value.plus(Bytes.filled(1, 0)),
            Bytes.ofHex("02000000").plus(value.from(4)),
            Bytes.ofHex("01000000ffffffff"))) {
      assertThatThrownBy(() -> Manifest.read(wrong, HashAlgorithm.SHA256, image.order()))
          .isInstanceOf(MalformedException.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest(Collections.nCopies(17, Bytes.filled(32, 1))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest(List.of(Bytes.filled(32, 1), Bytes.filled(48, 1))));
  }

  @Test
  void a_slot_that_no_bootloader_could_swap_is_refused() throws SigningException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slot(SlotLayout.Mode.SWAP_MOVE, 0x4000, 0x1000, 3))
        .withMessageContaining("nothing at all would boot");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slot(SlotLayout.Mode.SWAP_MOVE, 0x4100, 0x1000, 8))
        .withMessageContaining("whole sectors");
    // Four sectors: one for the trailer and a spare one leave two.
    SlotLayout move = slot(SlotLayout.Mode.SWAP_MOVE, 0x4000, 0x1000, 4);
    int most = 0x2000 - 64 - 40;
    ImageSigner.hashOnly(Bytes.filled(most, 1), withSlot(move));
    assertThatThrownBy(() -> ImageSigner.hashOnly(Bytes.filled(most + 1, 1), withSlot(move)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the slot of 16384 takes 8192 (swap-move): 1 too many");
    SlotLayout offset = slot(SlotLayout.Mode.SWAP_OFFSET, 0x4000, 0x1000, 4);
    SignOptions padded = withSlot(offset).toBuilder().padding(SignOptions.Padding.PADDED).build();
    assertThatThrownBy(() -> ImageSigner.hashOnly(BINARY, padded))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("second sector");
  }

  private static SlotLayout slot(SlotLayout.Mode mode, int size, int sector, int sectorsMax) {
    return new SlotLayout(
        size, mode, 8, 8, sectorsMax, OptionalInt.of(sector), SlotLayout.KeptKey.RAW);
  }

  @Test
  void types_are_numbers_in_a_big_endian_image_unless_imgtools_form_is_asked_for()
      throws SigningException {
    SignOptions big = OPTIONS.toBuilder().order(ByteOrder.BIG_ENDIAN).build();
    Image right = ImageSigner.hashOnly(BINARY, big);
    int at = right.hashRegionSize() + TlvArea.HEAD_SIZE;
    assertThat(right.write().slice(at, at + 4).toHex()).isEqualTo("00100020");
    Image imgtools =
        ImageSigner.hashOnly(BINARY, big.toBuilder().typeForm(Tlv.TypeForm.BYTE_THEN_ZERO).build());
    assertThat(imgtools.write().slice(at, at + 4).toHex()).isEqualTo("10000020");
    for (Image image : List.of(right, imgtools)) {
      assertThat(ImageVerifier.verify(image.write(), new Trust.HashOnly(), List.of(), List.of()))
          .isInstanceOf(ImageVerdict.Verified.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPTIONS.toBuilder().typeForm(Tlv.TypeForm.BYTE_THEN_ZERO).build())
        .withMessageContaining("a number already");
  }
}
