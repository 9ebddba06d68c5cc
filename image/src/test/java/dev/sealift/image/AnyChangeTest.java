// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// No byte of a signed image can be another one: images of every type of key, plain, encrypted by
/// every scheme, compressed, and both, in either byte order.
class AnyChangeTest {
  /// What a person reads when a change was not seen.
  private record Sample(String words, KeyType key, Bytes file) {
    @Override
    public String toString() {
      return words;
    }
  }

  private static final List<DecryptionKey> DEVICE_KEYS = new ArrayList<>();
  private static final List<Sample> SAMPLES = samples();

  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    List<ContentKeySource> sources = sources();
    for (KeyType key : KeyType.values()) {
      for (Optional<Compression> compression : compressions()) {
        SignOptions plain = options(compression);
        samples.add(signed("plain", key, plain).orElseThrow());
        for (ContentKeySource source : sources) {
          SignOptions.Secrecy closed = new SignOptions.Secrecy.Encrypted(source);
          signed("encrypted", key, plain.toBuilder().secrecy(closed).build())
              .ifPresent(samples::add);
          SignOptions.Secrecy clear = new SignOptions.Secrecy.InClear(source);
          signed("in clear", key, plain.toBuilder().secrecy(clear).build()).ifPresent(samples::add);
        }
      }
      SignOptions inFull =
          options(Optional.empty()).toBuilder()
              .keyForm(SignOptions.KeyForm.FULL)
              .order(ByteOrder.BIG_ENDIAN)
              .build();
      samples.add(signed("key in full, big-endian", key, inFull).orElseThrow());
    }
    SignOptions pure =
        options(Optional.empty()).toBuilder().signedOver(SignatureScheme.Over.IMAGE).build();
    samples.add(signed("pure", KeyType.ED25519, pure).orElseThrow());
    return samples;
  }

  private static List<Optional<Compression>> compressions() {
    return List.of(
        Optional.empty(), Optional.of(Compression.LZMA2), Optional.of(Compression.LZMA2_ARM_THUMB));
  }

  /// Of every scheme and size; the keys that open them go to the device.
  private static List<ContentKeySource> sources() {
    List<ContentKeySource> sources = new ArrayList<>();
    for (SealingKeyType type : SealingKeyType.values()) {
      OpeningKey device = OpeningKey.generate(type, Keys.RANDOM);
      DEVICE_KEYS.add(new DecryptionKey.Private(device));
      addAll(sources, new EncryptionKey.Public(device.publicKey()), ContentKeySize.values());
    }
    for (ContentKeySize size : ContentKeySize.values()) {
      byte[] bytes = new byte[size.bytes()];
      Keys.RANDOM.nextBytes(bytes);
      KeyEncryptionKey key = KeyEncryptionKey.of(Secret.of(bytes));
      DEVICE_KEYS.add(key);
      addAll(sources, key, size);
    }
    return sources;
  }

  private static void addAll(
      List<ContentKeySource> sources, EncryptionKey key, ContentKeySize... sizes) {
    for (EncryptionScheme scheme : key.schemes()) {
      for (ContentKeySize size : sizes) {
        sources.add(key.contentKeys(scheme, size, Keys.RANDOM));
      }
    }
  }

  private static SignOptions options(Optional<Compression> compression) {
    return SignOptions.of(
            ImageVersion.of(1, 2, 3),
            new SignOptions.HeaderRoom(48, SignOptions.Source.PREPENDED),
            SlotLayout.swap(0x8000, 8))
        .toBuilder()
        .compression(compression)
        .protectedData(
            new SignOptions.Protected(
                new SignOptions.Counter.FromVersion(),
                Optional.of("APP"),
                List.of(new Dependency(1, ImageVersion.of(2, 0, 0))),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(7),
                List.of()))
        .build();
  }

  /// Nothing where no bootloader checks the one and opens the other.
  private static Optional<Sample> signed(String words, KeyType key, SignOptions options) {
    try {
      Bytes binary = Bytes.ofHex("00f000f8aabbccdd".repeat(100));
      Image image = ImageSigner.sign(binary, options, Keys.signing(key));
      String name =
          "%s, %s, %s".formatted(key, words, image.header().flagSet()).replace(", []", "");
      return Optional.of(new Sample(name, key, image.write()));
    } catch (SigningException _) {
      return Optional.empty();
    }
  }

  private static ImageVerdict verify(KeyType key, Bytes file) {
    return ImageVerifier.verify(file, Keys.trust(key), DEVICE_KEYS, List.of());
  }

  @Provide
  Arbitrary<Sample> images() {
    return Arbitraries.of(SAMPLES);
  }

  @Property(tries = 1500)
  void any_one_byte_changed_is_refused(
      @ForAll("images") Sample image,
      @ForAll @IntRange(max = 1_000_000) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] changed = image.file().toArray();
    int at = place % changed.length;
    changed[at] ^= (byte) change;
    assertThat(verify(image.key(), Bytes.owning(changed)))
        .as("%s: byte %d of %d", image, at, changed.length)
        .isInstanceOf(ImageVerdict.Refused.class);
  }

  @Property(tries = 300)
  void any_byte_more_or_less_is_refused_unless_it_looks_like_erased_flash(
      @ForAll("images") Sample image,
      @ForAll @IntRange(max = 1_000_000) int place,
      @ForAll @IntRange(min = 1, max = 254) int more) {
    int at = place % image.file().size();
    Bytes longer =
        Bytes.concat(image.file().first(at), Bytes.of((byte) more), image.file().from(at));
    Bytes shorter = image.file().first(at).plus(image.file().from(at + 1));
    for (Bytes file : List.of(longer, shorter, image.file().plus(Bytes.of((byte) more)))) {
      assertThat(verify(image.key(), file))
          .as("%s: at byte %d", image, at)
          .isInstanceOf(ImageVerdict.Refused.class);
    }
  }

  @Test
  void unchanged_they_are_genuine_and_of_every_kind() throws Exception {
    Set<KeyType> encrypted = EnumSet.noneOf(KeyType.class);
    Set<KeyType> both = EnumSet.noneOf(KeyType.class);
    for (Sample sample : SAMPLES) {
      assertThat(verify(sample.key(), sample.file()))
          .as(sample.words())
          .isInstanceOf(ImageVerdict.Verified.class);
      ImageHeader header = Image.read(sample.file()).header();
      if (header.isEncrypted()) {
        encrypted.add(sample.key());
        if (header.isCompressed()) {
          both.add(sample.key());
        }
      }
    }
    assertThat(encrypted).isEqualTo(EnumSet.allOf(KeyType.class));
    assertThat(both).isEqualTo(EnumSet.allOf(KeyType.class));
  }
}
