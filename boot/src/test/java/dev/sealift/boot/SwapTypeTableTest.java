// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwapTypeTableTest {
  @Test
  void all_729_combinations_follow_the_rule_in_words() {
    List<TrailerState> states = new ArrayList<>();
    for (Mark magic : Mark.values()) {
      for (Mark copyDone : Mark.values()) {
        for (Mark imageOk : Mark.values()) {
          states.add(new TrailerState(magic, SwapType.NONE.code(), copyDone, imageOk));
        }
      }
    }
    int rows = 0;
    for (TrailerState primary : states) {
      for (TrailerState secondary : states) {
        assertThat(SwapTypeTable.decide(new Mode.SwapMove(), primary, secondary))
            .as("%s %s", primary, secondary)
            .isEqualTo(inWords(primary, secondary));
        rows++;
      }
    }
    assertThat(rows).isEqualTo(729);
  }

  /// A good magic in the secondary slot asks for it, unless its image_ok is neither set nor unset;
  /// an image that was swapped in and has not confirmed itself goes back otherwise.
  private static SwapType inWords(TrailerState primary, TrailerState secondary) {
    if (secondary.magic() == Mark.GOOD && secondary.imageOk() != Mark.BAD) {
      return secondary.imageOk() == Mark.GOOD ? SwapType.PERM : SwapType.TEST;
    }
    boolean onTrial =
        primary.magic() == Mark.GOOD
            && primary.copyDone() == Mark.GOOD
            && primary.imageOk() == Mark.UNSET;
    return onTrial ? SwapType.REVERT : SwapType.NONE;
  }

  @Test
  void swap_info_plays_no_part() {
    TrailerState blank = new TrailerState(Mark.UNSET, SwapType.PERM.code(), Mark.UNSET, Mark.UNSET);
    assertThat(SwapTypeTable.decide(new Mode.SwapMove(), blank, blank)).isEqualTo(SwapType.NONE);
  }
}
