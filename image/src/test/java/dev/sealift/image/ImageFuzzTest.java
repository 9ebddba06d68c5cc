// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.KeyEncryptionKey;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class ImageFuzzTest {
  private static final Duration TIME = Duration.ofSeconds(15);

  @Test
  void any_bytes_are_refused_as_an_image_or_come_back() {
    assertThat(Fuzzing.fuzz(ImageTarget.class, TIME)).isGreaterThan(10_000);
  }

  @Test
  void any_bytes_are_refused_as_a_key_or_read_as_one() {
    assertThat(Fuzzing.fuzz(KeyTarget.class, TIME)).isGreaterThan(1_000);
  }

  /// The input stands behind a header that says how the fuzzer's bytes are to be cut, or alone.
  public static final class ImageTarget {
    private static final int HEADER_SIZE = 32;

    /// Plain, encrypted, compressed, and both.
    private static final List<Long> FLAGS = List.of(0L, 0x4L, 0x8L, 0x400L, 0xc00L, 0x404L);

    private static final List<DecryptionKey> KEYS =
        List.of(KeyEncryptionKey.of(Secret.of(new byte[16])));

    private ImageTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      tryFile(bytes);
      if (bytes.size() > 2) {
        int payload = bytes.at(0) % 8;
        long flags = FLAGS.get(bytes.at(0) / 8 % FLAGS.size());
        tryFile(header(payload, 4 * (bytes.at(1) % 16), flags).plus(bytes.from(2)));
      }
    }

    private static Bytes header(int payloadSize, int protectedSize, long flags) {
      return new ImageHeader(
              java.nio.ByteOrder.LITTLE_ENDIAN,
              0,
              HEADER_SIZE,
              protectedSize,
              payloadSize,
              flags,
              ImageVersion.of(1, 0, 0),
              0)
          .write();
    }

    private static void tryFile(Bytes file) {
      Trust trust = new Trust.HashOnly();
      ImageVerdict verdict = ImageVerifier.verify(file, trust, KEYS, List.of());
      try {
        Image image = Image.read(file);
        TlvWalk walk = TlvWalk.of(file, image.header());
        if (!image.write().equals(file) || walk.fault().isPresent()) {
          throw new AssertionError("not the same image: " + image);
        }
        if (new ImageSummary(image, KEYS).lines().isEmpty()) {
          throw new AssertionError("nothing to say");
        }
      } catch (MalformedException _) {
        if (verdict instanceof ImageVerdict.Verified) {
          throw new AssertionError("verified, but not readable");
        }
        walkAnyway(file);
      }
    }

    private static void walkAnyway(Bytes file) {
      try {
        TlvWalk.of(file, ImageHeader.read(file));
      } catch (MalformedException _) {
        // No header, no walk.
      }
    }
  }

  /// As text, and as DER of a public key.
  public static final class KeyTarget {
    private KeyTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        KeyFile.read(new String(data, StandardCharsets.ISO_8859_1));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
      try {
        SealingKey.read(new String(data, StandardCharsets.ISO_8859_1));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
      try {
        VerifyingKey key = VerifyingKey.read(Bytes.of(data));
        key.check(Bytes.EMPTY, Bytes.of(data));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
    }
  }
}
