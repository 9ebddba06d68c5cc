// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SwapTypeTableTest {
  static Stream<Mode> modes() {
    return Stream.of(
        new Mode.SwapScratch(new FlashArea(0, 1)),
        new Mode.SwapMove(),
        new Mode.SwapOffset(),
        new Mode.Overwrite(Mode.Extent.USED_SECTORS));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void all_729_combinations_follow_the_rule_in_words(Mode mode) {
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
        assertThat(SwapTypeTable.decide(mode, primary, secondary))
            .as("%s %s", primary, secondary)
            .isEqualTo(inWords(mode, primary, secondary));
        rows++;
      }
    }
    assertThat(rows).isEqualTo(729);
  }

  /// A good magic in the secondary slot asks for it, unless its image_ok is neither set nor unset;
  /// an image that was swapped in and has not confirmed itself goes back otherwise. In offset mode
  /// copy_done beside an unset image_ok there says that a revert has begun.
  private static SwapType inWords(Mode mode, TrailerState primary, TrailerState secondary) {
    if (mode instanceof Mode.SwapOffset
        && secondary.magic() == Mark.GOOD
        && secondary.copyDone() == Mark.GOOD
        && secondary.imageOk() == Mark.UNSET) {
      return SwapType.REVERT;
    }
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
