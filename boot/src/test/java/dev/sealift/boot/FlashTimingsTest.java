// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlashTimingsTest {
  private static final FlashGeometry SHAPE = new FlashGeometry(0x4000, 0x1000, 4);
  private static final FlashTimings NRF52840 = new FlashTimings(85_000_000, 41_000, 16_000);

  @Test
  void a_time_is_that_of_all_operations_one_after_the_other() {
    Flash flash = new Flash(SHAPE);
    flash.eraseSector(0);
    flash.program(0, Bytes.filled(1024, 1));
    flash.read(0, 2048);
    assertThat(NRF52840.time(flash.use(), SHAPE))
        .isEqualTo(Duration.ofMillis(85).plusNanos(256 * 41_000L).plusNanos(2 * 16_000L));
  }

  @Test
  void what_was_used_since_a_moment_is_the_difference() {
    Flash flash = new Flash(SHAPE);
    flash.program(0, Bytes.filled(8, 1));
    FlashUse before = flash.use();
    flash.eraseSector(0);
    assertThat(NRF52840.time(flash.use().since(before), SHAPE)).isEqualTo(Duration.ofMillis(85));
  }

  @Test
  void who_looks_on_from_outside_takes_no_time() {
    Flash flash = new Flash(SHAPE);
    flash.lay(0, Bytes.filled(8, 7));
    assertThat(flash.peek(0, 8)).isEqualTo(Bytes.filled(8, 7));
    assertThat(flash.use().bytesRead()).isZero();
  }

  @Test
  void an_unknown_timing_counts_nothing() {
    Flash flash = new Flash(SHAPE);
    flash.eraseSector(0);
    assertThat(FlashTimings.UNKNOWN.time(flash.use(), SHAPE)).isZero();
  }
}
