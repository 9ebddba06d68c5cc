// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class SuitFuzzTest {
  @Test
  void any_bytes_are_refused_or_are_an_envelope_that_comes_back() {
    assertThat(Fuzzing.fuzz(EnvelopeTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  @Test
  void any_manifest_is_refused_or_comes_back() {
    assertThat(Fuzzing.fuzz(ManifestTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  public static final class EnvelopeTarget {
    private EnvelopeTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      if (SuitEnvelope.decode(Bytes.of(data))
          instanceof SuitOutcome.Accepted<SuitEnvelope>(var envelope)) {
        if (!envelope.encode().equals(Bytes.of(data))) {
          throw new AssertionError("not the same envelope: " + envelope);
        }
        envelope.inspect();
      }
    }
  }

  /// The manifest behind a digest that fits, so that the fuzzer need not find SHA-256.
  public static final class ManifestTarget {
    private ManifestTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      SuitEnvelope envelope =
          new SuitEnvelope(
              SuitDigest.ofWrapped(bytes).encode(),
              java.util.List.of(),
              bytes,
              new java.util.TreeMap<>(),
              new java.util.TreeMap<>());
      if (envelope.inspect() instanceof SuitOutcome.Accepted<SuitManifest>(var manifest)
          && !manifest.encode().equals(bytes)) {
        throw new AssertionError("not the same manifest: " + manifest);
      }
    }
  }
}
