// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.smp.server.LinkId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PossessionTest {
  private static final LinkId ONE = new LinkId("one");
  private static final LinkId TWO = new LinkId("two");

  private final Possession possession = new Possession();

  private static Duration at(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void others_wait_as_long_as_pages_come() {
    possession.take(ONE, at(0));
    for (int second = 0; second < 300; second += 20) {
      possession.renew(ONE, at(second));
      assertThat(possession.wait(TWO, at(second + 19))).contains(at(11));
      assertThat(possession.wait(ONE, at(second + 19))).isEmpty();
    }
  }

  @Test
  void beginning_again_and_again_renews_nothing() {
    possession.take(ONE, at(0));
    possession.take(ONE, at(20));
    possession.take(ONE, at(29));
    assertThat(possession.wait(TWO, at(30))).isEmpty();
    possession.take(ONE, at(31));
    assertThat(possession.wait(TWO, at(32))).isEmpty();
    possession.take(TWO, at(33));
    assertThat(possession.wait(ONE, at(34))).isPresent();
  }

  @Test
  void who_lapsed_may_come_back_later_or_with_a_page() {
    possession.take(ONE, at(0));
    assertThat(possession.wait(TWO, at(40))).isEmpty();
    possession.take(ONE, at(41));
    assertThat(possession.wait(TWO, at(42))).isEmpty();
    possession.renew(ONE, at(43));
    assertThat(possession.wait(TWO, at(44))).isPresent();
    assertThat(possession.wait(TWO, at(100))).isEmpty();
    possession.take(ONE, at(100).plus(Possession.BARRED));
    assertThat(possession.wait(TWO, at(101).plus(Possession.BARRED))).isPresent();
  }
}
