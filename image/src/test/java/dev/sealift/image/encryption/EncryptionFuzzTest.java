// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class EncryptionFuzzTest {
  @Test
  void any_wrapped_key_is_refused() {
    assertThat(Fuzzing.fuzz(UnwrapTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  /// A value that opens needs the device's public half or its key encryption key, which the fuzzer
  /// does not know.
  public static final class UnwrapTarget {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<DecryptionKey> KEYS =
        List.of(
            new DecryptionKey.Private(OpeningKey.generate(SealingKeyType.RSA_2048, RANDOM)),
            new DecryptionKey.Private(OpeningKey.generate(SealingKeyType.P256, RANDOM)),
            new DecryptionKey.Private(OpeningKey.generate(SealingKeyType.X25519, RANDOM)),
            KeyEncryptionKey.of(Secret.of(RANDOM.generateSeed(16))),
            KeyEncryptionKey.of(Secret.of(RANDOM.generateSeed(32))));

    private UnwrapTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      for (DecryptionKey key : KEYS) {
        for (EncryptionScheme scheme : EncryptionScheme.values()) {
          for (ContentKeySize size : ContentKeySize.values()) {
            int wanted = scheme.size(size);
            Bytes value = bytes.size() < wanted ? bytes : bytes.first(wanted);
            if (key.unwrap(scheme, size, value) instanceof Unwrapped.Opened) {
              throw new AssertionError("opened by chance: " + scheme);
            }
          }
        }
      }
      try {
        DecryptionKey.read(new String(data, StandardCharsets.ISO_8859_1));
        EncryptionKey.read(new String(data, StandardCharsets.ISO_8859_1));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
    }
  }
}
