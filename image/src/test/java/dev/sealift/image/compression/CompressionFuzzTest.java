// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class CompressionFuzzTest {
  @Test
  void any_bytes_are_refused_or_decompress_to_what_was_announced() {
    assertThat(Fuzzing.fuzz(DecompressTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  /// The first two bytes announce a size in steps of 256, up to 16 MiB; the rest is the payload.
  public static final class DecompressTarget {
    private DecompressTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      if (bytes.size() < 2) {
        return;
      }
      long size = 256L * (bytes.at(0) << 8 | bytes.at(1)) + bytes.size() % 256;
      for (Compression compression : Compression.values()) {
        if (compression.decompress(bytes.from(2), size) instanceof Decompressed.Whole(var payload)
            && payload.size() != size) {
          throw new AssertionError("%d bytes instead of %d".formatted(payload.size(), size));
        }
      }
    }
  }
}
