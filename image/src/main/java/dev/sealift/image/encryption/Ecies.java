// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.SealingKeyType;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// MCUboot's three forms of ECIES: `point mac wrapped-key`.
enum Ecies {
  P256(SealingKeyType.P256, 65, "SHA256", 32),
  X25519(SealingKeyType.X25519, 32, "SHA256", 32),
  X25519_SHA512(SealingKeyType.X25519, 32, "SHA512", 64);

  private static final byte[] INFO = "MCUBoot_ECIES_v1".getBytes(StandardCharsets.US_ASCII);

  private final SealingKeyType keyType;
  private final int pointSize;
  private final String hash;
  private final int macSize;

  Ecies(SealingKeyType keyType, int pointSize, String hash, int macSize) {
    this.keyType = keyType;
    this.pointSize = pointSize;
    this.hash = hash;
    this.macSize = macSize;
  }

  int size(ContentKeySize key) {
    return pointSize + macSize + key.bytes();
  }

  SealingKeyType keyType() {
    return keyType;
  }

  /// The value has the size that goes with the content key.
  Unwrapped unwrap(OpeningKey device, Bytes value, ContentKeySize size) {
    Bytes mac = value.slice(pointSize, pointSize + macSize);
    Bytes wrapped = value.from(pointSize + macSize);
    Secret shared;
    try {
      shared = device.agree(SealingKey.ofPoint(keyType, value.first(pointSize)));
    } catch (MalformedException e) {
      return new Unwrapped.Refused(Unwrapped.Fault.BAD_POINT, e.getMessage());
    }
    try (Derived derived = derive(shared, size)) {
      if (!MessageDigest.isEqual(mac(derived, wrapped).toArray(), mac.toArray())) {
        return new Unwrapped.Refused(
            Unwrapped.Fault.NOT_FOR_THIS_KEY,
            "the wrapped content key was changed, or is for another key than "
                + device.publicKey());
      }
      return new Unwrapped.Opened(ContentKey.ofRaw(derived.wrapping().apply(wrapped, 0)));
    }
  }

  Bytes wrap(SealingKey device, ContentKey key, SecureRandom random) {
    OpeningKey ephemeral = OpeningKey.generate(keyType, random);
    Secret shared;
    try {
      shared = ephemeral.agree(device);
    } catch (MalformedException e) {
      throw new IllegalStateException("nothing can be encrypted for " + device, e);
    }
    try (Derived derived = derive(shared, key.size())) {
      Bytes wrapped = derived.wrapping().apply(key.exposeRaw(), 0);
      return Bytes.concat(ephemeral.publicKey().point(), mac(derived, wrapped), wrapped);
    }
  }

  /// The key that wraps, and that of the MAC.
  private record Derived(ContentKey wrapping, Secret mac) implements AutoCloseable {
    @Override
    public void close() {
      wrapping.secret().close();
      mac.close();
    }
  }

  private Derived derive(Secret shared, ContentKeySize size) {
    byte[] input = shared.expose(byte[]::clone);
    shared.close();
    try {
      byte[] keys =
          KDF.getInstance("HKDF-" + hash)
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(input)
                      .thenExpand(INFO, size.bytes() + macSize));
      byte[] first = Arrays.copyOf(keys, size.bytes());
      byte[] second = Arrays.copyOfRange(keys, size.bytes(), keys.length);
      Derived derived = new Derived(ContentKey.of(Secret.of(first)), Secret.of(second));
      for (byte[] clear : new byte[][] {input, keys, first, second}) {
        Arrays.fill(clear, (byte) 0);
      }
      return derived;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HKDF with " + hash, e);
    }
  }

  private Bytes mac(Derived derived, Bytes wrapped) {
    try {
      Mac mac = Mac.getInstance("Hmac" + hash);
      mac.init(derived.mac().expose(key -> new SecretKeySpec(key, "Hmac" + hash)));
      mac.update(wrapped.toBuffer());
      return Bytes.owning(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HMAC with " + hash, e);
    }
  }
}
