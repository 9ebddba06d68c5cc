// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncryptionTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<SealingKeyType, OpeningKey> MADE = new EnumMap<>(SealingKeyType.class);

  private static OpeningKey opening(SealingKeyType type) {
    return MADE.computeIfAbsent(type, t -> OpeningKey.generate(t, RANDOM));
  }

  /// Both halves of a key that goes with the scheme.
  private record Pair(DecryptionKey device, EncryptionKey maker) {
    static Pair of(EncryptionScheme scheme, ContentKeySize size) {
      return switch (scheme) {
        case AES_KW -> {
          KeyEncryptionKey kek = KeyEncryptionKey.of(Secret.of(new byte[size.bytes()]));
          yield new Pair(kek, kek);
        }
        case RSA_OAEP -> of(opening(SealingKeyType.RSA_2048));
        case ECIES_P256 -> of(opening(SealingKeyType.P256));
        case ECIES_X25519, ECIES_X25519_SHA512 -> of(opening(SealingKeyType.X25519));
      };
    }

    private static Pair of(OpeningKey key) {
      return new Pair(new DecryptionKey.Private(key), new EncryptionKey.Public(key.publicKey()));
    }
  }

  @Property(tries = 60)
  void what_is_wrapped_is_unwrapped(
      @ForAll EncryptionScheme scheme, @ForAll("contentKeys") ContentKey key) {
    Pair pair = Pair.of(scheme, key.size());
    assertThat(pair.maker().schemes()).contains(scheme);
    Bytes value = pair.maker().wrap(scheme, key, RANDOM);
    assertThat(value.size()).isEqualTo(scheme.size(key.size()));
    assertThat(pair.device().unwrap(scheme, key.size(), value))
        .isEqualTo(new Unwrapped.Opened(key));
    assertThat(value.toHex()).doesNotContain(key.exposeRaw().toHex());
  }

  @Property(tries = 60)
  void what_is_wrapped_for_another_is_refused(
      @ForAll EncryptionScheme scheme, @ForAll("contentKeys") ContentKey key) {
    Pair pair = Pair.of(scheme, key.size());
    Bytes value = pair.maker().wrap(scheme, key, RANDOM);
    for (EncryptionScheme other : EncryptionScheme.values()) {
      for (ContentKeySize size : ContentKeySize.values()) {
        DecryptionKey wrong =
            other == EncryptionScheme.AES_KW
                ? KeyEncryptionKey.of(Secret.of(Bytes.filled(size.bytes(), 1).toArray()))
                : Pair.of(other, size).device();
        if (wrong.equals(pair.device()) && size == key.size()) {
          continue;
        }
        assertThat(wrong.unwrap(scheme, size, value)).isInstanceOf(Unwrapped.Refused.class);
      }
    }
    for (Bytes odd : List.of(Bytes.EMPTY, value.first(value.size() - 1), value.plus(value))) {
      assertThat(fault(pair.device().unwrap(scheme, key.size(), odd)))
          .isEqualTo(Unwrapped.Fault.WRONG_SIZE);
    }
  }

  @Property(tries = 25)
  void any_one_byte_of_a_wrapped_key_changed_is_refused(
      @ForAll EncryptionScheme scheme,
      @ForAll("contentKeys") ContentKey key,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    Pair pair = Pair.of(scheme, key.size());
    Bytes value = pair.maker().wrap(scheme, key, RANDOM);
    for (int at = 0; at < value.size(); at += scheme == EncryptionScheme.RSA_OAEP ? 50 : 1) {
      byte[] changed = value.toArray();
      changed[at] ^= (byte) change;
      assertThat(pair.device().unwrap(scheme, key.size(), Bytes.owning(changed)))
          .as("%s, byte %d", scheme, at)
          .isInstanceOf(Unwrapped.Refused.class);
    }
  }

  /// Others could have wrapped it so; no bootloader opens it.
  @Test
  void a_key_encryption_key_opens_keys_of_its_own_size_alone() throws Exception {
    for (int size : new int[] {16, 32}) {
      SecretKeySpec raw = new SecretKeySpec(new byte[size], "AES");
      Cipher cipher = Cipher.getInstance("AESWrap");
      cipher.init(Cipher.WRAP_MODE, raw);
      KeyEncryptionKey key = KeyEncryptionKey.of(Secret.of(new byte[size]));
      for (ContentKeySize other : ContentKeySize.values()) {
        Bytes value = Bytes.owning(cipher.wrap(new SecretKeySpec(new byte[other.bytes()], "AES")));
        Unwrapped unwrapped = key.unwrap(EncryptionScheme.AES_KW, other, value);
        if (other.bytes() == size) {
          assertThat(unwrapped).isInstanceOf(Unwrapped.Opened.class);
        } else {
          assertThat(fault(unwrapped)).isEqualTo(Unwrapped.Fault.WRONG_SIZE);
        }
      }
    }
  }

  private static Unwrapped.Fault fault(Unwrapped unwrapped) {
    return ((Unwrapped.Refused) unwrapped).fault();
  }

  @Test
  void every_fault_has_its_name() {
    ContentKey key = ContentKey.generate(ContentKeySize.AES_128, RANDOM);
    Pair p256 = Pair.of(EncryptionScheme.ECIES_P256, key.size());
    Pair x25519 = Pair.of(EncryptionScheme.ECIES_X25519, key.size());
    Pair rsa = Pair.of(EncryptionScheme.RSA_OAEP, key.size());
    Bytes value = x25519.maker().wrap(EncryptionScheme.ECIES_X25519, key, RANDOM);

    assertThat(fault(p256.device().unwrap(EncryptionScheme.ECIES_X25519, key.size(), value)))
        .isEqualTo(Unwrapped.Fault.WRONG_KEY_TYPE);
    for (Bytes point :
        List.of(
            Bytes.filled(32, 0),
            Bytes.of((byte) 1).plus(Bytes.filled(31, 0)),
            Bytes.filled(32, 0xff),
            // The prime itself, which X25519 would take for zero.
            Bytes.ofHex("ed" + "ff".repeat(30) + "7f"))) {
      Bytes changed = point.plus(value.from(32));
      assertThat(fault(x25519.device().unwrap(EncryptionScheme.ECIES_X25519, key.size(), changed)))
          .isEqualTo(Unwrapped.Fault.BAD_POINT);
    }
    Bytes other = p256.maker().wrap(EncryptionScheme.ECIES_P256, key, RANDOM);
    Bytes offCurve = Bytes.filled(65, 4).plus(other.from(65));
    assertThat(fault(p256.device().unwrap(EncryptionScheme.ECIES_P256, key.size(), offCurve)))
        .isEqualTo(Unwrapped.Fault.BAD_POINT);
    Bytes wrongMac = value.first(32).plus(Bytes.filled(32, 0)).plus(value.from(64));
    assertThat(fault(x25519.device().unwrap(EncryptionScheme.ECIES_X25519, key.size(), wrongMac)))
        .isEqualTo(Unwrapped.Fault.NOT_FOR_THIS_KEY);
    // The size of an RSA block says nothing about the key inside.
    Bytes block = rsa.maker().wrap(EncryptionScheme.RSA_OAEP, key, RANDOM);
    assertThat(fault(rsa.device().unwrap(EncryptionScheme.RSA_OAEP, ContentKeySize.AES_256, block)))
        .isEqualTo(Unwrapped.Fault.WRONG_SIZE);
  }

  /// The bootloader's own arithmetic, block by block: AES of the counter, and exclusive or.
  @Property(tries = 300)
  void any_piece_at_any_offset_is_the_same_as_in_the_whole(
      @ForAll("contentKeys") ContentKey key,
      @ForAll @Size(max = 300) byte[] data,
      @ForAll @IntRange(max = 0x7fff_fff0) int start,
      @ForAll @IntRange(max = 300) int cut) {
    Bytes plain = Bytes.of(data);
    int at = Math.min(cut, plain.size());
    Bytes whole = key.apply(plain, start);
    Bytes first = key.apply(plain.first(at), start);
    Bytes second = key.apply(plain.from(at), (long) start + at);
    assertThat(first.plus(second)).isEqualTo(whole);
    assertThat(key.apply(whole, start)).isEqualTo(plain);
  }

  @Test
  void the_counter_is_the_number_of_the_block() {
    ContentKey key = ContentKey.ofRaw(Bytes.filled(16, 0));
    // AES-128 of all zeroes, and of the number 1, under the zero key (FIPS 197 by OpenSSL).
    assertThat(key.apply(Bytes.filled(32, 0), 0).toHex())
        .isEqualTo("66e94bd4ef8a2c3b884cfa59ca342b2e58e2fccefa7e3061367f1d57a4e7455a");
    assertThat(key.apply(Bytes.filled(3, 0), 17).toHex()).isEqualTo("e2fcce");
    assertThat(key.apply(Bytes.filled(1, 0), ContentKey.OFFSET_MAX - 1).size()).isEqualTo(1);
    for (long offset : new long[] {-1, ContentKey.OFFSET_MAX}) {
      assertThatThrownBy(() -> key.apply(Bytes.filled(1, 0), offset))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_content_key_has_one_of_two_sizes() {
    for (int size : new int[] {0, 15, 24, 33}) {
      assertThatThrownBy(() -> ContentKey.ofRaw(Bytes.filled(size, 0)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(ContentKeySize.of(header(ImageFlag.ENCRYPTED_AES128.mask())))
        .contains(ContentKeySize.AES_128);
    assertThat(ContentKeySize.of(header(ImageFlag.ENCRYPTED_AES256.mask())))
        .contains(ContentKeySize.AES_256);
    assertThat(ContentKeySize.of(header(0))).isEmpty();
    assertThat(ContentKeySize.of(header(0xc))).isEmpty();
  }

  private static ImageHeader header(long flags) {
    ImageVersion version = ImageVersion.of(1, 0, 0);
    return new ImageHeader(ByteOrder.LITTLE_ENDIAN, 0, 32, 0, 0, flags, version, 0);
  }

  @ParameterizedTest
  @EnumSource(SealingKeyType.class)
  void a_key_is_read_from_its_files_and_prints_nothing_of_itself(SealingKeyType type)
      throws MalformedException {
    OpeningKey key = opening(type);
    assertThat(SealingKeyType.named(type.toString())).contains(type);
    assertThat(DecryptionKey.read(key.exposePem())).isEqualTo(new DecryptionKey.Private(key));
    EncryptionKey publicHalf = new EncryptionKey.Public(key.publicKey());
    assertThat(EncryptionKey.read(key.exposePem())).isEqualTo(publicHalf);
    assertThat(EncryptionKey.read(key.publicKey().toPem())).isEqualTo(publicHalf);
    assertThat(key).hasToString("private key of " + key.publicKey());
    assertThat(OpeningKey.generate(type, RANDOM)).isNotEqualTo(key);
    assertThatThrownBy(() -> DecryptionKey.read(key.publicKey().toPem()))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void secrets_print_nothing_of_themselves() {
    Bytes raw = Bytes.ofHex("00112233445566778899aabbccddeeff");
    ContentKey key = ContentKey.ofRaw(raw);
    assertThat(key).hasToString("content key of 128 bits").isEqualTo(ContentKey.ofRaw(raw));
    assertThat(new Unwrapped.Opened(key).toString()).doesNotContain("0011");
    assertThat(KeyEncryptionKey.of(Secret.of(raw.toArray())))
        .hasToString("key encryption key of 128 bits");
  }

  @Test
  void a_key_that_only_signs_or_is_none_is_refused() {
    for (KeyType type : new KeyType[] {KeyType.ED25519, KeyType.RSA_3072}) {
      LocalKey key = LocalKey.generate(type, RANDOM);
      refused(key.exposePem(), "nothing can be encrypted for a key of type " + type);
      assertThatThrownBy(() -> EncryptionKey.read(key.publicKey().toPem()))
          .isInstanceOf(MalformedException.class);
    }
    refused("hello", "neither PEM nor the base64");
    refused("AAAA", "16 or 32 bytes, this one 3");
    refused("", "16 or 32 bytes, this one 0");
  }

  private static void refused(String text, String sentence) {
    assertThatThrownBy(() -> DecryptionKey.read(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }

  @Provide
  Arbitrary<ContentKey> contentKeys() {
    return Arbitraries.of(ContentKeySize.values())
        .flatMap(size -> Arbitraries.bytes().array(byte[].class).ofSize(size.bytes()))
        .map(Bytes::of)
        .map(ContentKey::ofRaw);
  }
}
