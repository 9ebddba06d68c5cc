// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// An AES key that wraps content keys of its own size as RFC 3394 has it. Device and maker hold the
/// same one. It prints nothing of itself.
public final class KeyEncryptionKey implements DecryptionKey, EncryptionKey {
  private final ContentKeySize size;
  private final Secret secret;

  private KeyEncryptionKey(ContentKeySize size, Secret secret) {
    this.size = size;
    this.secret = secret;
  }

  /// Of 16 or 32 bytes.
  public static KeyEncryptionKey of(Secret secret) {
    ContentKeySize size =
        ContentKeySize.ofBytes(secret.size())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a key encryption key has 16 or 32 bytes, not " + secret.size()));
    return new KeyEncryptionKey(size, secret);
  }

  /// Reads the base64 of 16 or 32 bytes, as MCUboot keeps such keys.
  static KeyEncryptionKey read(String base64) throws MalformedException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip().getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(
          "no key: neither PEM nor the base64 of a key encryption key", 0, e);
    }
    if (ContentKeySize.ofBytes(bytes.length).isEmpty()) {
      throw new MalformedException(
          "a key encryption key has 16 or 32 bytes, this one %d".formatted(bytes.length), 0);
    }
    KeyEncryptionKey key = of(Secret.of(bytes));
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  public ContentKeySize size() {
    return size;
  }

  Unwrapped unwrap(Bytes value, ContentKeySize wanted) {
    if (wanted != size) {
      return new Unwrapped.Refused(
          Unwrapped.Fault.WRONG_SIZE,
          "a key encryption key of %d bits wraps no content key of %d"
              .formatted(size.bits(), wanted.bits()));
    }
    try {
      Cipher cipher = Cipher.getInstance("AESWrap");
      cipher.init(Cipher.UNWRAP_MODE, toJdk());
      byte[] raw = cipher.unwrap(value.toArray(), "AES", Cipher.SECRET_KEY).getEncoded();
      Unwrapped opened = new Unwrapped.Opened(ContentKey.of(Secret.of(raw)));
      Arrays.fill(raw, (byte) 0);
      return opened;
    } catch (InvalidKeyException _) {
      return new Unwrapped.Refused(
          Unwrapped.Fault.NOT_FOR_THIS_KEY,
          "the wrapped content key was changed, or is for another key encryption key");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES key wrap", e);
    }
  }

  Bytes wrap(ContentKey key) {
    if (key.size() != size) {
      throw new IllegalArgumentException(
          "a key encryption key of %d bits wraps no %s".formatted(size.bits(), key));
    }
    try {
      Cipher cipher = Cipher.getInstance("AESWrap");
      cipher.init(Cipher.WRAP_MODE, toJdk());
      SecretKey content = key.secret().expose(raw -> new SecretKeySpec(raw, "AES"));
      return Bytes.owning(cipher.wrap(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES key wrap", e);
    }
  }

  private SecretKey toJdk() {
    return secret.expose(bytes -> new SecretKeySpec(bytes, "AES"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyEncryptionKey that && secret.equals(that.secret);
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return "key encryption key of %d bits".formatted(size.bits());
  }
}
