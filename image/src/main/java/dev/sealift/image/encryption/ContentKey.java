// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key that encrypts the payload of one image: AES in counter mode, the counter being the
/// number of the 16-byte block since the start of the payload. It prints nothing of itself.
public final class ContentKey {
  /// The counter has 32 bits in the bootloader.
  public static final long OFFSET_MAX = 1L << 36;

  private static final int BLOCK_SIZE = 16;

  private final ContentKeySize size;
  private final Secret secret;
  private final SecretKey key;

  /// Keeps the key schedule between calls; one call at a time uses it.
  private final Cipher cipher;

  private ContentKey(ContentKeySize size, Secret secret) {
    this.size = size;
    this.secret = secret;
    this.key = secret.expose(bytes -> new SecretKeySpec(bytes, "AES"));
    try {
      this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES-CTR", e);
    }
  }

  /// Of 16 or 32 bytes.
  public static ContentKey of(Secret secret) {
    ContentKeySize size =
        ContentKeySize.ofBytes(secret.size())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a content key has 16 or 32 bytes, not " + secret.size()));
    return new ContentKey(size, secret);
  }

  /// Of 16 or 32 bytes as they lie in a slot trailer.
  public static ContentKey ofRaw(Bytes raw) {
    byte[] bytes = raw.toArray();
    ContentKey key = of(Secret.of(bytes));
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  public static ContentKey generate(ContentKeySize size, SecureRandom random) {
    byte[] bytes = new byte[size.bytes()];
    random.nextBytes(bytes);
    ContentKey key = of(Secret.of(bytes));
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  public ContentKeySize size() {
    return size;
  }

  /// Encrypts what is plain and decrypts what is not: the bytes that lie `offset` bytes behind the
  /// start of the payload. Any offset will do, and pieces give the same as the whole.
  public Bytes apply(Bytes data, long offset) {
    if (offset < 0 || offset > OFFSET_MAX - data.size()) {
      throw new IllegalArgumentException(
          "%d bytes at %d pass the counter of 32 bits".formatted(data.size(), offset));
    }
    int skip = (int) (offset % BLOCK_SIZE);
    byte[] bytes = new byte[skip + data.size()];
    data.copyTo(bytes, skip);
    applyTo(bytes, offset / BLOCK_SIZE);
    return skip == 0 ? Bytes.owning(bytes) : Bytes.owning(bytes).from(skip);
  }

  private void applyTo(byte[] bytes, long block) {
    byte[] counter = new byte[BLOCK_SIZE];
    for (int i = 0; i < 4; i++) {
      counter[BLOCK_SIZE - 1 - i] = (byte) (block >>> (8 * i));
    }
    try {
      synchronized (cipher) {
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
        cipher.doFinal(bytes, 0, bytes.length, bytes, 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CTR failed", e);
    }
  }

  /// The key itself, for whoever wraps it.
  public Secret secret() {
    return secret;
  }

  /// The key in the clear, for the slot trailer, where the bootloader keeps it.
  public Bytes exposeRaw() {
    return secret.expose(Bytes::of);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContentKey that && secret.equals(that.secret);
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return "content key of %d bits".formatted(size.bits());
  }
}
