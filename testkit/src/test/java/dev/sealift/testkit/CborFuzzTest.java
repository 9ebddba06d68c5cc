// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborItem;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The CBOR doors of `bytes`, fuzzed from here because the tool to do so stands on top of them.
@Tag("ci")
class CborFuzzTest {
  @Test
  void any_bytes_are_refused_or_come_back() {
    assertThat(Fuzzing.fuzz(Target.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  /// Whatever is read can be written, and what was written is read as the same value by both doors.
  public static final class Target {
    private Target() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      CborItem item;
      try {
        item = Cbor.lenient(Bytes.of(data));
      } catch (MalformedException _) {
        return;
      }
      if (!Cbor.strict(Cbor.deterministic(item)).equals(item)) {
        throw new AssertionError("not the same value: " + item);
      }
    }
  }
}
