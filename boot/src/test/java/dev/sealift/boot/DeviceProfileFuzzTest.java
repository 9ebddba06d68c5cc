// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever a profile says, it is read or refused with a sentence.
class DeviceProfileFuzzTest {
  private static final String GOOD = ShippedProfiles.text("nrf54l15");

  @Property(tries = 3000)
  void a_damaged_profile_is_read_or_refused(
      @ForAll int place, @ForAll int length, @ForAll String piece) {
    int from = Math.floorMod(place, GOOD.length());
    int to = Math.min(GOOD.length(), from + Math.floorMod(length, 12));
    read(GOOD.substring(0, from) + piece + GOOD.substring(to));
  }

  @Test
  @Tag("ci")
  void a_fuzzed_profile_is_read_or_refused() {
    assertThat(Fuzzing.fuzz(Target.class, Duration.ofSeconds(15))).isGreaterThan(1000);
  }

  /// The same by Jazzer, which finds its way along the branches.
  public static final class Target {
    private Target() {}

    public static void fuzzerTestOneInput(byte[] data) {
      read(new String(data, StandardCharsets.UTF_8));
      read(GOOD + new String(data, StandardCharsets.UTF_8));
    }
  }

  private static void read(String text) {
    try {
      DeviceProfile profile =
          DeviceProfileFile.read(
              text,
              name -> {
                throw new MalformedException("no key by the name " + name, 0);
              });
      assertThat(profile.digest()).isNotEqualTo(Bytes.EMPTY);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
