// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.bytes.Bytes;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever lies on the flash, a boot ends with a result.
class HostileFlashFuzzTest {
  private static final List<BootConfig> PROFILES =
      List.of(
          Devices.SMALL,
          Devices.with(
              Devices.SMALL,
              Devices.SMALL
                  .policy()
                  .with(Bootstrap.FROM_SECONDARY)
                  .with(Downgrade.REFUSED_BY_COUNTER)
                  .with(Rollback.COUNTER_IN_DEVICE)));

  private static final Bytes OLD = Devices.image("1.0.0", 3000);
  private static final Bytes NEW = Devices.image("1.1.0", 4300);

  /// Where the bootloader reads numbers: two headers, two TLV areas, two trailers.
  private static final int[] PLACES = {
    0, 3032, 16384 - 256, 16384 - 64, 16384, 16384 + 4332, 32768 - 256, 32768 - 64
  };

  @Property(tries = 2000)
  void damage_where_numbers_are_read_never_ends_in_an_exception(
      @ForAll @Size(min = 8, max = 256) byte[] damage) {
    bootDamaged(Bytes.of(damage));
  }

  @Test
  @Tag("ci")
  void fuzzed_damage_never_ends_in_an_exception() {
    assertThat(Fuzzing.fuzz(Target.class, Duration.ofSeconds(15))).isGreaterThan(1000);
  }

  /// The same by Jazzer, which finds its way along the branches.
  public static final class Target {
    private Target() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bootDamaged(Bytes.of(data));
    }
  }

  /// Pieces of three bytes: a place, an offset there, and the byte that is laid down.
  private static void bootDamaged(Bytes damage) {
    for (BootConfig config : PROFILES) {
      Flash flash = Devices.holding(config, OLD, NEW);
      if (damage.size() % 2 == 0) {
        new ImageMarks(config).test(flash);
      }
      for (int i = 0; i + 2 < damage.size(); i += 3) {
        int place = PLACES[damage.at(i) % PLACES.length];
        flash.lay(
            Math.min(place + damage.at(i + 1), config.flash().size() - 1),
            damage.slice(i + 2, i + 3));
      }
      for (int boot = 0; boot < 3; boot++) {
        flash.powerUp();
        BootResult result = new Bootloader(config).boot(flash);
        assertThat(result.outcome()).isNotInstanceOf(BootOutcome.PowerLost.class);
      }
    }
  }
}
