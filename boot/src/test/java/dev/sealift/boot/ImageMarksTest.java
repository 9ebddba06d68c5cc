// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.ImageMarks.Answer;
import dev.sealift.bytes.Bytes;
import org.junit.jupiter.api.Test;

class ImageMarksTest {
  private static final BootConfig PROFILE = Devices.SMALL;

  private final Flash flash = new Flash(PROFILE.flash());
  private final ImageMarks marks = new ImageMarks(PROFILE);

  @Test
  void a_test_request_is_the_magic_and_then_the_type() {
    assertThat(marks.test(flash)).isEqualTo(Answer.DONE);
    assertThat(Devices.calls(flash)).containsExactly(2, 0, 0, 0);
    assertThat(marks.requested(flash)).isEqualTo(SwapType.TEST);
    assertThat(marks.trailer(flash, Slot.SECONDARY))
        .isEqualTo(new TrailerState(Mark.GOOD, 2, Mark.UNSET, Mark.UNSET));
  }

  @Test
  void a_permanent_request_has_image_ok_too() {
    assertThat(marks.permanent(flash)).isEqualTo(Answer.DONE);
    assertThat(Devices.calls(flash)).containsExactly(3, 0, 0, 0);
    assertThat(marks.requested(flash)).isEqualTo(SwapType.PERM);
  }

  @Test
  void the_first_request_stays_whatever_is_asked_after_it() {
    marks.test(flash);
    FlashSnapshot asked = flash.snapshot();
    assertThat(marks.permanent(flash)).isEqualTo(Answer.DONE);
    assertThat(flash.snapshot()).isEqualTo(asked);
  }

  @Test
  void a_torn_request_cannot_be_repeated_before_its_trailer_is_erased() {
    flash.powerUpUntil(PowerCut.halfway(0));
    assertThatThrownBy(() -> marks.test(flash)).isInstanceOf(PowerCutException.class);
    flash.powerUp();
    FlashSnapshot torn = flash.snapshot();
    assertThat(marks.test(flash)).isEqualTo(Answer.PENDING_MAGIC_BAD);
    assertThat(flash.snapshot()).isEqualTo(torn);
    assertThat(marks.requested(flash)).isEqualTo(SwapType.NONE);
  }

  @Test
  void an_image_without_a_trailer_needs_no_confirmation() {
    FlashSnapshot before = flash.snapshot();
    assertThat(marks.confirm(flash)).isEqualTo(Answer.DONE);
    assertThat(flash.snapshot()).isEqualTo(before);
  }

  @Test
  void a_foreign_magic_in_the_primary_slot_cannot_be_confirmed() {
    flash.lay(PROFILE.primary().end() - 16, Bytes.filled(16, 0));
    FlashSnapshot before = flash.snapshot();
    assertThat(marks.confirm(flash)).isEqualTo(Answer.CONFIRM_MAGIC_BAD);
    assertThat(flash.snapshot()).isEqualTo(before);
  }

  @Test
  void a_flash_that_refuses_is_an_answer() {
    flash.lay(PROFILE.secondary().start() + 16384 - 40, Bytes.filled(1, 0));
    assertThat(marks.test(flash)).isEqualTo(Answer.FLASH_FAILED);
  }

  @Test
  void the_answers_have_the_codes_of_mcuboot() {
    assertThat(Answer.values()).extracting(Answer::code).containsExactly(0, 1, 3, 4);
  }
}
