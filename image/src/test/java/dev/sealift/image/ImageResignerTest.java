// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageResigner.Others;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageResignerTest {
  private static final Bytes BINARY = Bytes.filled(3000, 0x41);
  private static final LocalKey NEXT = LocalKey.generate(KeyType.ECDSA_P256, Keys.RANDOM);
  private static final OpeningKey DEVICE = OpeningKey.generate(SealingKeyType.X25519, Keys.RANDOM);
  private static final List<DecryptionKey> OPENING = List.of(new DecryptionKey.Private(DEVICE));

  private static SignOptions.Builder options() {
    return SignOptions.of(
        new ImageVersion(1, 2, 3, 4),
        new SignOptions.HeaderRoom(64, SignOptions.Source.PREPENDED),
        SlotLayout.swap(0x4000, 8))
        .toBuilder();
  }

  private static SignOptions.Protected withRecord() {
    return new SignOptions.Protected(
        new SignOptions.Counter.FromVersion(),
        Optional.of("APP"),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(9),
        List.of());
  }

  private static Image signed(KeyType type, SignOptions options) throws SigningException {
    return ImageSigner.sign(BINARY, options, Keys.signing(type));
  }

  private static ImageVerdict verdict(Image image, VerifyingKey... keys) {
    return ImageVerifier.verify(image.write(), Trust.in(keys), OPENING, List.of());
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void an_image_of_any_key_is_signed_again_by_another(KeyType type) throws SigningException {
    for (SignOptions.Padding padding : SignOptions.Padding.values()) {
      Image image = signed(type, options().padding(padding).build());
      Image again =
          ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.REPLACED, List.of());
      assertThat(again.header()).isEqualTo(image.header());
      assertThat(again.payload()).isEqualTo(image.payload());
      assertThat(verdict(again, NEXT.publicKey())).isInstanceOf(ImageVerdict.Verified.class);
      assertThat(verdict(again, Keys.local(type).publicKey()))
          .isInstanceOf(ImageVerdict.Refused.class);
      assertThat(SlotRest.of(again)).isEqualTo(SlotRest.of(image));
      if (padding != SignOptions.Padding.NONE) {
        assertThat(again.write().size()).isEqualTo(0x4000);
      }
    }
  }

  @Test
  void a_second_key_signs_beside_the_first() throws SigningException {
    Image image = signed(KeyType.ECDSA_P256, options().build());
    Image both = ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.KEPT, List.of());
    VerifyingKey first = Keys.local(KeyType.ECDSA_P256).publicKey();
    assertThat(verdict(both, first)).isInstanceOf(ImageVerdict.Verified.class);
    assertThat(verdict(both, NEXT.publicKey())).isInstanceOf(ImageVerdict.Verified.class);
    assertThat(verdict(both, first, NEXT.publicKey()))
        .isInstanceOfSatisfying(
            ImageVerdict.Verified.class,
            verified ->
                assertThat(verified.image().signers()).containsExactly(first, NEXT.publicKey()));
  }

  @Test
  void a_boot_record_names_the_new_signer() throws SigningException {
    Image image = signed(KeyType.ECDSA_P256, options().protectedData(withRecord()).build());
    Image again =
        ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.REPLACED, List.of());
    assertThat(verdict(again, NEXT.publicKey())).isInstanceOf(ImageVerdict.Verified.class);
    assertThat(again)
        .extracting(one -> one.protectedArea().orElseThrow().first(TlvType.BOOT_RECORD))
        .isEqualTo(
            ImageSigner.sign(
                    BINARY,
                    options().protectedData(withRecord()).build(),
                    NEXT.signing(Keys.RANDOM))
                .protectedArea()
                .orElseThrow()
                .first(TlvType.BOOT_RECORD));
    refused(image, Others.KEPT, "names its signer among what is signed");
  }

  @Test
  void an_encrypted_image_stays_encrypted_for_its_device() throws SigningException {
    Image image =
        signed(
            KeyType.ED25519,
            options()
                .secrecy(
                    new SignOptions.Secrecy.Encrypted(
                        new EncryptionKey.Public(DEVICE.publicKey())
                            .contentKeys(
                                EncryptionScheme.ECIES_X25519,
                                ContentKeySize.AES_128,
                                Keys.RANDOM)))
                .build());
    assertThatThrownBy(
            () ->
                ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.REPLACED, List.of()))
        .isInstanceOf(SigningException.class);
    Image again = ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.REPLACED, OPENING);
    assertThat(again.payload()).isEqualTo(image.payload());
    assertThat(verdict(again, NEXT.publicKey())).isInstanceOf(ImageVerdict.Verified.class);
  }

  @Test
  void a_compressed_image_is_signed_inside_and_out() throws SigningException {
    Image image =
        signed(KeyType.ECDSA_P256, options().compression(Optional.of(Compression.LZMA2)).build());
    assertThat(image.header().isCompressed()).isTrue();
    Image again =
        ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), Others.REPLACED, List.of());
    assertThat(verdict(again, NEXT.publicKey())).isInstanceOf(ImageVerdict.Verified.class);
  }

  @Test
  void what_was_changed_or_cannot_go_together_is_not_signed() throws SigningException {
    Image image = signed(KeyType.ED25519, options().build());
    Image changed = image.withPayload(Bytes.filled(3000, 0x42));
    refused(changed, Others.REPLACED, "its hash does not fit");
    Image pure = signed(KeyType.ED25519, options().signedOver(SignatureScheme.Over.IMAGE).build());
    refused(pure, Others.REPLACED, "which only ed25519 can");
    Image sha512 =
        signed(KeyType.ED25519, options().hash(Optional.of(HashAlgorithm.SHA512)).build());
    refused(sha512, Others.KEPT, "the image has SHA-512 all through");
    assertThat(
            verdict(
                ImageResigner.resign(sha512, NEXT.signing(Keys.RANDOM), Others.REPLACED, List.of()),
                NEXT.publicKey()))
        .isInstanceOf(ImageVerdict.Verified.class);
  }

  private static void refused(Image image, Others others, String sentence) {
    assertThatThrownBy(
            () -> ImageResigner.resign(image, NEXT.signing(Keys.RANDOM), others, List.of()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(sentence);
  }
}
