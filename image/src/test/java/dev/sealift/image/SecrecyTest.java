// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.ContentKeySource;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.KeyEncryptionKey;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Images that are encrypted, compressed, or both: made, judged, damaged.
class SecrecyTest {
  private static final OpeningKey DEVICE = OpeningKey.generate(SealingKeyType.X25519, Keys.RANDOM);
  private static final List<DecryptionKey> DEVICE_KEYS = List.of(new DecryptionKey.Private(DEVICE));
  private static final SignOptions OPTIONS =
      SignOptions.of(
          ImageVersion.of(1, 2, 3),
          new SignOptions.HeaderRoom(70, SignOptions.Source.PREPENDED),
          SlotLayout.swap(0x8000, 8));
  private static final Bytes REPEATING = Bytes.ofHex("00f000f8aabbccdd".repeat(400));
  private static final Bytes NOISE = noise(1000);

  private static Bytes noise(int size) {
    byte[] bytes = new byte[size];
    new java.util.Random(1).nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  private static ContentKeySource contentKeys(ContentKeySize size) {
    return new EncryptionKey.Public(DEVICE.publicKey())
        .contentKeys(EncryptionScheme.ECIES_X25519, size, Keys.RANDOM);
  }

  private static SignOptions encrypted() {
    return OPTIONS.toBuilder()
        .secrecy(new SignOptions.Secrecy.Encrypted(contentKeys(ContentKeySize.AES_128)))
        .build();
  }

  private static SignOptions compressed(SignOptions options) {
    return options.toBuilder().compression(Optional.of(Compression.LZMA2)).build();
  }

  private static Image signed(Bytes binary, SignOptions options) {
    try {
      return ImageSigner.sign(binary, options, Keys.signing(KeyType.ED25519));
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }

  private static ImageVerdict verify(Bytes file) {
    return ImageVerifier.verify(file, Keys.trust(KeyType.ED25519), DEVICE_KEYS, List.of());
  }

  private static VerifiedImage verified(Bytes file) {
    return switch (verify(file)) {
      case ImageVerdict.Verified(var image) -> image;
      case ImageVerdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static void refused(RefusalReason reason, ImageVerdict verdict) {
    assertThat(((ImageVerdict.Refused) verdict).reason()).isEqualTo(reason);
  }

  private enum Want {
    PLAIN,
    ENCRYPTED,
    IN_CLEAR
  }

  @Property(tries = 80)
  void what_is_made_is_verified_to_the_binary_it_was_made_of(
      @ForAll Want want,
      @ForAll ContentKeySize size,
      @ForAll Optional<Compression> compression,
      @ForAll @IntRange(max = 3000) int length,
      @ForAll boolean repeats,
      @ForAll boolean bigEndian) {
    Bytes binary = repeats ? REPEATING.first(length) : noise(length);
    SignOptions options =
        OPTIONS.toBuilder()
            .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .compression(compression)
            .secrecy(
                switch (want) {
                  case PLAIN -> new SignOptions.Secrecy.Plain();
                  case ENCRYPTED -> new SignOptions.Secrecy.Encrypted(contentKeys(size));
                  case IN_CLEAR -> new SignOptions.Secrecy.InClear(contentKeys(size));
                })
            .build();
    Image image = signed(binary, options);
    VerifiedImage verified = verified(image.write());
    assertThat(verified.payload().first(binary.size())).isEqualTo(binary);
    assertThat(verified.payload().from(binary.size()).isFilledWith(0)).isTrue();
    assertThat(verified.payload().size() - binary.size()).isLessThan(16);
    assertThat(verified.secrecy())
        .isEqualTo(
            switch (want) {
              case PLAIN -> VerifiedImage.Secrecy.PLAIN;
              case ENCRYPTED ->
                  // Nothing is nothing, encrypted or not.
                  binary.isEmpty() && image.payload().isEmpty()
                      ? VerifiedImage.Secrecy.ENCRYPTED_IN_CLEAR
                      : VerifiedImage.Secrecy.ENCRYPTED;
              case IN_CLEAR -> VerifiedImage.Secrecy.ENCRYPTED_IN_CLEAR;
            });
    if (want != Want.PLAIN) {
      assertThat((image.header().headerSize() + image.payload().size()) % 16).isZero();
      assertThat(image.header().has(size.flag())).isTrue();
    }
    if (image.header().isCompressed()) {
      assertThat(image.size()).isLessThan(signed(binary, without(options)).size() + 16);
    }
  }

  private static SignOptions without(SignOptions options) {
    return options.toBuilder().compression(Optional.empty()).build();
  }

  @Test
  void every_image_has_a_content_key_of_its_own() {
    SignOptions options = encrypted();
    assertThat(signed(NOISE, options).payload()).isNotEqualTo(signed(NOISE, options).payload());
  }

  @Test
  void any_flipped_bit_of_an_encrypted_image_is_refused() {
    for (Image image :
        List.of(signed(NOISE.first(40), encrypted()), signed(REPEATING, compressed(encrypted())))) {
      Bytes file = image.write();
      for (int bit = 0; bit < 8 * file.size(); bit += 3) {
        byte[] damaged = file.toArray();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(verify(Bytes.owning(damaged)))
            .as("bit %d of byte %d", bit % 8, bit / 8)
            .isInstanceOf(ImageVerdict.Refused.class);
      }
    }
  }

  @Test
  void an_encrypted_image_is_closed_to_other_keys_and_without_one() {
    Bytes file = signed(NOISE, encrypted()).write();
    Trust trust = Keys.trust(KeyType.ED25519);
    refused(RefusalReason.ENCRYPTED, ImageVerifier.verify(file, trust, List.of(), List.of()));
    DecryptionKey other =
        new DecryptionKey.Private(OpeningKey.generate(SealingKeyType.X25519, Keys.RANDOM));
    DecryptionKey kek = KeyEncryptionKey.of(Secret.of(new byte[16]));
    for (List<DecryptionKey> keys : List.of(List.of(other), List.of(kek), List.of(kek, other))) {
      refused(RefusalReason.ENC_KEY, ImageVerifier.verify(file, trust, keys, List.of()));
    }
    assertThat(
            ImageVerifier.verify(
                file, trust, List.of(kek, other, DEVICE_KEYS.getFirst()), List.of()))
        .isInstanceOf(ImageVerdict.Verified.class);
    refused(
        RefusalReason.ENC_KEY,
        ImageVerifier.verify(
            file,
            trust,
            DEVICE_KEYS,
            List.of(new Expectation.ContentKeyIs(ContentKeySize.AES_256))));
  }

  @Test
  void a_second_content_key_is_refused() {
    Image image = signed(NOISE, encrypted());
    List<Tlv> tlvs = new ArrayList<>(image.unprotectedArea().tlvs());
    tlvs.add(tlvs.getLast());
    refused(RefusalReason.DUPLICATE_TLV, verify(with(image, new TlvArea(tlvs))));
  }

  private static Bytes with(Image image, TlvArea area) {
    return new Image(
            image.header(),
            image.fill(),
            image.payload(),
            image.protectedArea(),
            area,
            image.rest())
        .write();
  }

  /// imgtool stores what does not shrink in plain, under the flag of an encrypted image.
  @Test
  void what_does_not_shrink_is_stored_uncompressed_and_encrypted_all_the_same() {
    Image plain = signed(NOISE, compressed(OPTIONS));
    assertThat(plain.header().isCompressed()).isFalse();
    assertThat(plain).isEqualTo(signed(NOISE, OPTIONS));
    Image image = signed(NOISE, compressed(encrypted()));
    assertThat(image.header().isCompressed()).isFalse();
    assertThat(image.header().isEncrypted()).isTrue();
    assertThat(image.payload().first(NOISE.size())).isNotEqualTo(NOISE);
    assertThat(verified(image.write()).payload().first(NOISE.size())).isEqualTo(NOISE);
  }

  /// imgtool forgets the flag.
  @Test
  void a_compressed_image_can_be_not_bootable() {
    Image image =
        signed(
            REPEATING,
            compressed(OPTIONS).toBuilder()
                .bootability(SignOptions.Bootability.NON_BOOTABLE)
                .build());
    assertThat(image.header().isCompressed()).isTrue();
    refused(RefusalReason.NON_BOOTABLE, verify(image.write()));
  }

  /// imgtool reckons with content keys of 16 bytes always.
  @Test
  void the_trailer_has_room_for_both_content_keys() throws SigningException {
    for (ContentKeySize size : ContentKeySize.values()) {
      SignOptions.Secrecy secrecy = new SignOptions.Secrecy.Encrypted(contentKeys(size));
      int image = ImageSigner.hashOnly(NOISE, OPTIONS.toBuilder().secrecy(secrecy).build()).size();
      SlotLayout exact =
          SlotLayout.swap(image + OPTIONS.slot().trailerSize() + 2L * size.bytes(), 8);
      SlotLayout small = SlotLayout.swap(exact.size() - 1, 8);
      SignOptions fits =
          SignOptions.of(OPTIONS.version(), OPTIONS.header(), exact).toBuilder()
              .secrecy(secrecy)
              .build();
      SignOptions not =
          SignOptions.of(OPTIONS.version(), OPTIONS.header(), small).toBuilder()
              .secrecy(secrecy)
              .build();
      Bytes file = ImageSigner.hashOnly(NOISE, fits).write();
      assertThatThrownBy(() -> ImageSigner.hashOnly(NOISE, not))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("1 too many");
      for (SlotLayout slot : List.of(exact, small)) {
        ImageVerdict verdict =
            ImageVerifier.verify(
                file, new Trust.HashOnly(), DEVICE_KEYS, List.of(new Expectation.FitsSlot(slot)));
        if (slot.equals(exact)) {
          assertThat(verdict).isInstanceOf(ImageVerdict.Verified.class);
        } else {
          refused(RefusalReason.TOO_BIG, verdict);
        }
      }
    }
  }

  @Test
  void a_content_key_goes_only_to_bootloaders_that_check_such_signatures() {
    for (KeyType type : new KeyType[] {KeyType.ECDSA_P256, KeyType.RSA_2048}) {
      assertThatThrownBy(() -> ImageSigner.sign(NOISE, encrypted(), Keys.signing(type)))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("encrypt for a key of the type that signs");
    }
    EncryptionKey p256 =
        new EncryptionKey.Public(OpeningKey.generate(SealingKeyType.P256, Keys.RANDOM).publicKey());
    assertThatThrownBy(
            () ->
                p256.contentKeys(
                    EncryptionScheme.ECIES_X25519_SHA512, ContentKeySize.AES_128, Keys.RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                KeyEncryptionKey.of(Secret.of(new byte[16]))
                    .contentKeys(EncryptionScheme.AES_KW, ContentKeySize.AES_256, Keys.RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_a_compressed_image_becomes_must_fit_the_slot_too() {
    Image image = signed(REPEATING, compressed(OPTIONS));
    int whole = verified(image.write()).payload().size() + 100;
    assertThat(image.size()).isLessThan(whole - 1000);
    for (SlotLayout slot :
        List.of(SlotLayout.overwriteOnly(whole + 200, 8), SlotLayout.overwriteOnly(whole, 8))) {
      ImageVerdict verdict =
          ImageVerifier.verify(
              image.write(),
              Keys.trust(KeyType.ED25519),
              List.of(),
              List.of(new Expectation.FitsSlot(slot)));
      if (slot.size() > whole) {
        assertThat(verdict).isInstanceOf(ImageVerdict.Verified.class);
      } else {
        refused(RefusalReason.TOO_BIG, verdict);
      }
    }
  }

  @Test
  void what_a_compressed_image_becomes_is_checked_field_by_field() {
    Image plain = signed(REPEATING, compressed(OPTIONS));
    badCompression(plain, TlvType.DECOMP_SIZE, u32(REPEATING.size() - 1));
    badCompression(plain, TlvType.DECOMP_SIZE, u32(0xffff_ffffL));
    badCompression(plain, TlvType.DECOMP_SHA, Bytes.filled(32, 0));
    badCompression(plain, TlvType.DECOMP_SHA, Bytes.EMPTY);
    Image encrypted = signed(REPEATING, compressed(encrypted()));
    int stored =
        (int)
            Image.number(
                encrypted
                    .protectedArea()
                    .orElseThrow()
                    .first(TlvType.COMP_DEC_SIZE)
                    .orElseThrow()
                    .value(),
                ByteOrder.LITTLE_ENDIAN);
    for (int wrong : new int[] {0, stored - 1, stored + 1, stored + 16, -1}) {
      badCompression(encrypted, TlvType.COMP_DEC_SIZE, u32(wrong & 0xffff_ffffL));
    }
  }

  @Test
  void encryption_pads_by_less_than_a_block_and_by_zeros_alone() {
    SignOptions inClear =
        compressed(OPTIONS).toBuilder()
            .secrecy(new SignOptions.Secrecy.InClear(contentKeys(ContentKeySize.AES_128)))
            .build();
    Image image = signed(REPEATING, inClear);
    Bytes payload = image.payload();
    int padding = payload.size() - (int) Image.number(streamSize(image), ByteOrder.LITTLE_ENDIAN);
    assertThat(padding).isBetween(1, 15);
    assertThat(verifyHash(withPayload(image, payload))).isInstanceOf(ImageVerdict.Verified.class);
    for (Bytes wrong :
        List.of(
            payload.plus(Bytes.filled(16 - padding, 0)),
            payload.plus(Bytes.filled(16, 0)),
            payload.first(payload.size() - 1).plus(Bytes.of((byte) 1)))) {
      refused(RefusalReason.BAD_COMPRESSION, verifyHash(withPayload(image, wrong)));
    }
  }

  private static Bytes streamSize(Image image) {
    return image.protectedArea().orElseThrow().first(TlvType.COMP_DEC_SIZE).orElseThrow().value();
  }

  private static ImageVerdict verifyHash(Bytes file) {
    return ImageVerifier.verify(file, new Trust.HashOnly(), DEVICE_KEYS, List.of());
  }

  /// Around another payload, in clear, with the hash of that.
  private static Bytes withPayload(Image image, Bytes payload) {
    ImageHeader old = image.header();
    ImageHeader header =
        new ImageHeader(
            old.order(),
            old.loadAddress(),
            old.headerSize(),
            old.protectedSize(),
            payload.size(),
            old.flags(),
            old.version(),
            old.reserved());
    Image changed =
        new Image(
            header,
            image.fill(),
            payload,
            image.protectedArea(),
            image.unprotectedArea(),
            image.rest());
    return with(changed, withHash(changed, changed.hashRegion().sha256()));
  }

  private static TlvArea withHash(Image image, Bytes digest) {
    return new TlvArea(
        image.unprotectedArea().tlvs().stream()
            .map(tlv -> tlv.is(TlvType.SHA256) ? Tlv.of(TlvType.SHA256.code(), digest) : tlv)
            .toList());
  }

  private static Bytes u32(long value) {
    return new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(value).toBytes();
  }

  /// The TLV replaced, and the image hashed again as a careless maker would.
  private static void badCompression(Image image, TlvType type, Bytes value) {
    List<Tlv> tlvs =
        image.protectedArea().orElseThrow().tlvs().stream()
            .map(tlv -> tlv.is(type) ? Tlv.of(type.code(), value) : tlv)
            .toList();
    Image changed = rehashed(image, new TlvArea(tlvs));
    refused(
        RefusalReason.BAD_COMPRESSION,
        ImageVerifier.verify(changed.write(), new Trust.HashOnly(), DEVICE_KEYS, List.of()));
  }

  private static Image rehashed(Image image, TlvArea protectedArea) {
    ImageHeader old = image.header();
    ImageHeader header =
        new ImageHeader(
            old.order(),
            old.loadAddress(),
            old.headerSize(),
            protectedArea.size(),
            old.imageSize(),
            old.flags(),
            old.version(),
            old.reserved());
    Image changed =
        new Image(
            header,
            image.fill(),
            image.payload(),
            Optional.of(protectedArea),
            image.unprotectedArea(),
            image.rest());
    Image plain =
        switch (Decrypted.of(changed, DEVICE_KEYS)) {
          case Decrypted.NotEncrypted _ -> changed;
          case Decrypted.Opened(var opened) -> opened;
          case Decrypted.Refused why -> throw new AssertionError(why);
        };
    return new Image(
        header,
        image.fill(),
        image.payload(),
        Optional.of(protectedArea),
        withHash(image, plain.hashRegion().sha256()),
        image.rest());
  }

  @Test
  void who_signed_a_compressed_image_must_have_signed_what_it_becomes() throws SigningException {
    Image unsigned = ImageSigner.hashOnly(REPEATING, compressed(OPTIONS));
    assertThat(unsigned.protectedArea().orElseThrow().first(TlvType.DECOMP_SIGNATURE)).isEmpty();
    assertThat(verify(unsigned.write())).isInstanceOf(ImageVerdict.Refused.class);
    // The protected area of an image that nobody signed, under a genuine signature.
    Bytes digest = unsigned.hash().orElseThrow();
    Bytes signature = Keys.signing(KeyType.ED25519).sign(digest);
    Bytes keyHash = Keys.local(KeyType.ED25519).publicKey().hash();
    TlvArea area =
        TlvArea.of(
            Tlv.of(TlvType.SHA256.code(), digest),
            Tlv.of(TlvType.KEYHASH.code(), keyHash),
            Tlv.of(TlvType.ED25519.code(), signature));
    refused(RefusalReason.BAD_COMPRESSION, verify(with(unsigned, area)));
  }

  /// All else is genuine: who signed the image put another's signature inside.
  @Test
  void the_signature_of_what_it_becomes_is_looked_at() {
    Image image = signed(REPEATING, compressed(OPTIONS));
    Bytes other = Keys.signing(KeyType.ED25519).sign(Bytes.ofUtf8("another"));
    List<Tlv> guarded =
        image.protectedArea().orElseThrow().tlvs().stream()
            .map(tlv -> tlv.is(TlvType.DECOMP_SIGNATURE) ? Tlv.of(tlv.type(), other) : tlv)
            .toList();
    Image changed = rehashed(image, new TlvArea(guarded));
    Bytes signature = Keys.signing(KeyType.ED25519).sign(changed.hash().orElseThrow());
    TlvArea area =
        new TlvArea(
            changed.unprotectedArea().tlvs().stream()
                .map(tlv -> tlv.is(TlvType.ED25519) ? Tlv.of(tlv.type(), signature) : tlv)
                .toList());
    refused(RefusalReason.BAD_COMPRESSION, verify(with(changed, area)));
  }
}
