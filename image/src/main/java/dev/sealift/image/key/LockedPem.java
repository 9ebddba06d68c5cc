// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// A private key in PEM that a password protects: PKCS#8 under PBES2 (RFC 8018), with PBKDF2 over
/// an HMAC of the SHA family and AES-CBC, as imgtool writes it, and OpenSSL where it is told AES.
/// What comes out is the same PEM without protection, for [KeyFile] and the like to read.
public final class LockedPem {
  /// As slow as guessing is made, by the advice of OWASP (2023) for HMAC-SHA-256.
  public static final int ITERATIONS = 600_000;

  /// More would be a file that means to keep us busy: this takes some ten seconds.
  static final int ITERATIONS_MAX = 10_000_000;

  private static final String LABEL = "ENCRYPTED PRIVATE KEY";
  private static final String PLAIN_LABEL = "PRIVATE KEY";
  private static final String SCHEME = "PBEWithHmacSHA256AndAES_256";
  private static final String READ_SCHEMES = "PBEWithHmacSHA(1|224|256|384|512)AndAES_(128|256)";
  private static final int SALT_BYTES = 16;
  private static final int BLOCK_BYTES = 16;

  /// What came of trying a password.
  public sealed interface Unlocking {
    /// The key without protection, as PEM. It prints nothing of itself.
    record Unlocked(String pem) implements Unlocking {
      @Override
      public String toString() {
        return "an unlocked private key";
      }
    }

    record WrongPassword() implements Unlocking {}
  }

  private final Bytes content;
  private final EncryptedPrivateKeyInfo info;

  private LockedPem(Bytes content, EncryptedPrivateKeyInfo info) {
    this.content = content;
    this.info = info;
  }

  /// Nothing if the text is anything else than a key under a password.
  public static Optional<LockedPem> find(String text) throws MalformedException {
    if (!isLocked(text)) {
      return Optional.empty();
    }
    Pem pem = Pem.read(text);
    EncryptedPrivateKeyInfo info = info(pem.content());
    checkIterations(info);
    return Optional.of(new LockedPem(pem.content(), info));
  }

  static boolean isLocked(String text) {
    return text.contains("-----BEGIN " + LABEL + "-----");
  }

  /// The key of a PEM in plain PKCS#8 under a password of one byte or more, in UTF-8; salt and IV
  /// are the roll of the dice.
  public static LockedPem lock(String plain, Secret password, SecureRandom random)
      throws MalformedException {
    Pem pem = Pem.read(plain);
    if (!pem.label().equals(PLAIN_LABEL)) {
      throw new MalformedException(
          "a %s is not put under a password".formatted(pem.label().toLowerCase(Locale.ROOT)), 0);
    }
    byte[] salt = new byte[SALT_BYTES];
    byte[] iv = new byte[BLOCK_BYTES];
    random.nextBytes(salt);
    random.nextBytes(iv);
    try {
      Cipher cipher = Cipher.getInstance(SCHEME);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          key(SCHEME, password),
          new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
      // The JDK has an object identifier for the family only, not for its own name of the scheme.
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
      parameters.init(cipher.getParameters().getEncoded());
      EncryptedPrivateKeyInfo info =
          new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(pem.content().toArray()));
      return new LockedPem(Bytes.owning(info.getEncoded()), info);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot put a key under a password", e);
    }
  }

  public String text() {
    return Pem.write(LABEL, content);
  }

  /// Slow on purpose. A key that is not PKCS#8 inside counts as a wrong password: the padding alone
  /// is right by chance once in 256 tries.
  public Unlocking unlock(Secret password) {
    try {
      byte[] plain =
          info.getKeySpec(key(info.getAlgParameters().toString(), password)).getEncoded();
      try {
        return new Unlocking.Unlocked(Pem.write(PLAIN_LABEL, Bytes.of(plain)));
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    } catch (InvalidKeyException _) {
      return new Unlocking.WrongPassword();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK does not undo a protection that it reads", e);
    }
  }

  private static EncryptedPrivateKeyInfo info(Bytes content) throws MalformedException {
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content.toArray());
      if (info.getAlgParameters() == null
          || !info.getAlgParameters().toString().matches(READ_SCHEMES)) {
        throw new IOException("protected by " + info.getAlgName());
      }
      return info;
    } catch (IOException e) {
      throw new MalformedException(
          ("the key is damaged, or protected by other means than PBKDF2 with AES-CBC"
                  + " (openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW changes them): %s")
              .formatted(e.getMessage()),
          0,
          e);
    }
  }

  private static void checkIterations(EncryptedPrivateKeyInfo info) throws MalformedException {
    try {
      int iterations =
          info.getAlgParameters().getParameterSpec(PBEParameterSpec.class).getIterationCount();
      if (iterations < 1 || iterations > ITERATIONS_MAX) {
        throw new MalformedException(
            "the password would take %d rounds, expected at most %d"
                .formatted(iterations, ITERATIONS_MAX),
            0);
      }
    } catch (InvalidParameterSpecException e) {
      throw new MalformedException("the key's protection is damaged", 0, e);
    }
  }

  private static SecretKey key(String scheme, Secret password) throws GeneralSecurityException {
    char[] characters =
        password.expose(
            utf8 -> {
              CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
              char[] exact = Arrays.copyOf(decoded.array(), decoded.limit());
              Arrays.fill(decoded.array(), '\0');
              return exact;
            });
    PBEKeySpec spec = new PBEKeySpec(characters);
    Arrays.fill(characters, '\0');
    try {
      return SecretKeyFactory.getInstance(scheme).generateSecret(spec);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    return "a private key under a password";
  }
}
