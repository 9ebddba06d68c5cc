// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.UploadJudge.Step;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.SuitDigest;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UploadJudgeTest {
  private static final World WORLD = new World();
  private static final Step PROCEED = new Step.Proceed();

  private final AcceptedPermit permit = WORLD.accepted();
  private final Release.Part part = permit.parts().getFirst();
  private final Bytes image = WORLD.image;
  private final BlockTable table = BlockTable.of(image);
  private final UploadJudge judge =
      UploadJudge.of(Optional.of(permit), Map.of(0, table), Checks.all());

  @Test
  void the_permitted_image_passes_from_its_first_byte_to_its_last() {
    assertThat(judge.start(0, image.size())).isEqualTo(PROCEED);
    int due = 0;
    while (due < image.size()) {
      int length = Math.min(333, image.size() - due);
      assertThat(judge.chunk(0, due, due, length)).isEqualTo(PROCEED);
      due += length;
    }
    for (int page = 0; page < table.pages(); page++) {
      assertThat(judge.page(0, page, page(image, page))).isEqualTo(PROCEED);
    }
    assertThat(judge.image(part, SuitDigest.of(image))).isEqualTo(PROCEED);
    assertThat(judge.tail(Bytes.filled(500, 0xff), 0xff)).isEqualTo(PROCEED);
  }

  @Test
  void without_a_permit_not_a_byte_is_taken() {
    UploadJudge none = UploadJudge.of(Optional.empty(), Map.of(), Checks.all());
    assertThat(refusal(none.start(0, 100))).isEqualTo(Refusal.R18);
    assertThat(refusal(none.chunk(0, 0, 0, 100))).isEqualTo(Refusal.R18);
    assertThat(refusal(none.page(0, 0, image.first(4096)))).isEqualTo(Refusal.R18);
    assertThat(refusal(none.image(part, SuitDigest.of(image)))).isEqualTo(Refusal.R18);
  }

  @Test
  void the_request_must_be_the_permit_s() {
    assertThat(refusal(judge.start(1, image.size()))).isEqualTo(Refusal.R23);
    assertThat(refusal(judge.start(0, image.size() + 1024L))).isEqualTo(Refusal.R19);
    assertThat(refusal(judge.start(0, image.size() - 1L))).isEqualTo(Refusal.R19);
    UploadJudge early = UploadJudge.of(Optional.of(permit), Map.of(), Checks.all());
    assertThat(refusal(early.start(0, image.size()))).isEqualTo(Refusal.R20);
    assertThat(refusal(early.page(0, 0, page(image, 0)))).isEqualTo(Refusal.R20);
  }

  @Test
  void chunks_come_in_order_and_end_with_the_image() {
    assertThat(judge.chunk(0, 400, 0, 100)).isEqualTo(new Step.Rewind(400));
    assertThat(judge.chunk(0, 400, 800, 100)).isEqualTo(new Step.Rewind(400));
    assertThat(judge.chunk(0, 9_900, 9_900, 100)).isEqualTo(PROCEED);
    assertThat(refusal(judge.chunk(0, 9_900, 9_900, 101))).isEqualTo(Refusal.R19);
    assertThat(refusal(judge.chunk(0, 0, Long.MAX_VALUE, 100))).isEqualTo(Refusal.R19);
  }

  @Test
  void a_wrong_page_is_refused_before_it_is_written() {
    Bytes wrong = Bytes.concat(Bytes.ofInts(image.at(0) ^ 1), image.slice(1, 4096));
    assertThat(refusal(judge.page(0, 0, wrong))).isEqualTo(Refusal.R20);
    assertThat(refusal(judge.page(0, 0, page(image, 1)))).isEqualTo(Refusal.R20);
    assertThat(refusal(judge.page(0, 2, page(image, 2).plus(Bytes.ofInts(0)))))
        .isEqualTo(Refusal.R20);
    assertThat(refusal(judge.page(0, 3, Bytes.EMPTY))).isEqualTo(Refusal.R19);
    assertThat(refusal(judge.page(0, -1, page(image, 0)))).isEqualTo(Refusal.R19);
  }

  @Test
  void an_image_changed_in_its_slot_and_a_tail_behind_it_are_refused() {
    assertThat(refusal(judge.image(part, SuitDigest.of(image.first(9_999)))))
        .isEqualTo(Refusal.R21);
    assertThat(refusal(judge.tail(Bytes.filled(500, 0xff).plus(Bytes.ofInts(0)), 0xff)))
        .isEqualTo(Refusal.R21);
  }

  @Test
  void a_table_brought_by_anyone_is_the_permit_s_or_refused() {
    assertThat(BlockTable.judge(table.digests(), part))
        .isEqualTo(new BlockTable.Judgement.Good(table));
    assertThat(BlockTable.judge(Bytes.filled(table.digests().size(), 1), part))
        .isInstanceOfSatisfying(
            BlockTable.Judgement.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R20));
    for (Bytes size : new Bytes[] {Bytes.EMPTY, table.digests().plus(Bytes.ofInts(0))}) {
      assertThat(BlockTable.judge(size, part))
          .isInstanceOfSatisfying(
              BlockTable.Judgement.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R19));
    }
  }

  /// T21: two cores, each with its own image of the one release.
  @Test
  void every_part_is_held_against_its_own_table_and_digest() {
    DeviceFacts.Room room = new DeviceFacts.Room(100_000, 3);
    Bytes radio = World.image(5_000).plus(Bytes.ofUtf8("radio"));
    AcceptedPermit both =
        World.accepted(
            WORLD.signed(
                WORLD.releaseOf(
                    WORLD.part(Place.ofImage(0), image, 3),
                    WORLD.part(Place.ofImage(1), radio, 3))),
            WORLD.facts.withPlaces(Map.of(Place.ofImage(0), room, Place.ofImage(1), room)),
            WORLD.state);
    UploadJudge two =
        UploadJudge.of(Optional.of(both), Map.of(0, table, 1, BlockTable.of(radio)), Checks.all());
    assertThat(two.start(1, radio.size())).isEqualTo(PROCEED);
    assertThat(refusal(two.start(1, image.size()))).isEqualTo(Refusal.R19);
    assertThat(refusal(two.start(2, image.size()))).isEqualTo(Refusal.R23);
    assertThat(two.page(1, 1, page(radio, 1))).isEqualTo(PROCEED);
    assertThat(refusal(two.page(1, 1, page(image, 1)))).isEqualTo(Refusal.R20);
    assertThat(refusal(two.chunk(1, 0, 5_000, 6))).isEqualTo(Refusal.R19);
    assertThat(two.chunk(0, 5_000, 5_000, 6)).isEqualTo(PROCEED);
    assertThat(two.image(both.parts().getLast(), SuitDigest.of(radio))).isEqualTo(PROCEED);
    // The other core's image, or the last release's, in the place of one of them.
    assertThat(refusal(two.image(both.parts().getLast(), SuitDigest.of(image))))
        .isEqualTo(Refusal.R21);
    assertThat(refusal(two.image(both.parts().getLast(), SuitDigest.of(Bytes.EMPTY))))
        .isEqualTo(Refusal.R21);
    UploadJudge oneTable = UploadJudge.of(Optional.of(both), Map.of(0, table), Checks.all());
    assertThat(refusal(oneTable.start(1, radio.size()))).isEqualTo(Refusal.R20);
    assertThat(oneTable.start(0, image.size())).isEqualTo(PROCEED);
  }

  /// T47: the client names another image midway.
  @Test
  void a_chunk_for_another_image_is_refused() {
    assertThat(refusal(judge.chunk(1, 400, 400, 100))).isEqualTo(Refusal.R23);
    assertThat(refusal(judge.page(1, 0, page(image, 0)))).isEqualTo(Refusal.R20);
    assertThat(judge(Check.COMPONENT).chunk(1, 400, 400, 100)).isEqualTo(PROCEED);
  }

  /// T12: so is what begins like an image and says that it is longer than it is.
  @Test
  void a_header_that_tells_of_more_than_is_permitted_is_refused_at_its_first_page() {
    Bytes cut = World.image(10_000).first(9_000);
    AcceptedPermit signed =
        WORLD.accepted(WORLD.signed(WORLD.releaseOf(WORLD.part(Place.ofImage(0), cut, 3))));
    UploadJudge other =
        UploadJudge.of(Optional.of(signed), Map.of(0, BlockTable.of(cut)), Checks.all());
    assertThat(refusal(other.page(0, 0, page(cut, 0)))).isEqualTo(Refusal.R22);
  }

  /// T12: what no image begins with is refused before it is written, however well signed.
  @Test
  void a_file_of_another_kind_is_refused_at_its_first_page() {
    Bytes hex = Bytes.ofUtf8(":10000000" + "00".repeat(6_000));
    AcceptedPermit signed =
        WORLD.accepted(WORLD.signed(WORLD.releaseOf(WORLD.part(Place.ofImage(0), hex, 3))));
    UploadJudge other =
        UploadJudge.of(Optional.of(signed), Map.of(0, BlockTable.of(hex)), Checks.all());
    assertThat(refusal(other.page(0, 0, page(hex, 0)))).isEqualTo(Refusal.R22);
    assertThat(other.page(0, 1, page(hex, 1))).isEqualTo(PROCEED);
  }

  @Test
  void effects_need_a_permit() {
    assertThat(judge.effect()).isEqualTo(PROCEED);
    assertThat(refusal(UploadJudge.of(Optional.empty(), Map.of(), Checks.all()).effect()))
        .isEqualTo(Refusal.R18);
  }

  @Test
  void a_check_left_out_no_longer_refuses() {
    UploadJudge none = UploadJudge.of(Optional.empty(), Map.of(), without(Check.PERMIT_REQUIRED));
    assertThat(none.start(0, 100)).isEqualTo(PROCEED);
    assertThat(none.chunk(0, 0, 0, 100)).isEqualTo(PROCEED);
    assertThat(none.page(0, 0, image)).isEqualTo(PROCEED);
    assertThat(none.image(part, SuitDigest.of(image))).isEqualTo(PROCEED);
    assertThat(judge(Check.SIZE).start(0, 1)).isEqualTo(PROCEED);
    assertThat(judge(Check.SIZE).chunk(0, 10_000, 10_000, 1)).isEqualTo(PROCEED);
    assertThat(judge(Check.COMPONENT).start(1, image.size())).isEqualTo(PROCEED);
    assertThat(judge(Check.BLOCK_DIGEST).page(0, 1, page(image, 0))).isEqualTo(PROCEED);
    assertThat(judge(Check.IMAGE_DIGEST).image(part, SuitDigest.of(Bytes.EMPTY)))
        .isEqualTo(PROCEED);
    assertThat(judge(Check.FORMAT).page(0, 0, page(image, 0))).isEqualTo(PROCEED);
    assertThat(judge(Check.IMAGE_DIGEST).tail(Bytes.ofInts(0), 0xff)).isEqualTo(PROCEED);
  }

  private UploadJudge judge(Check leftOut) {
    return UploadJudge.of(Optional.of(permit), Map.of(0, table), without(leftOut));
  }

  private static Checks without(Check leftOut) {
    return Checks.without(LeftOut.of(leftOut));
  }

  private static Bytes page(Bytes image, int page) {
    return image.slice(page * 4096, Math.min((page + 1) * 4096, image.size()));
  }

  private static Refusal refusal(Step step) {
    return switch (step) {
      case Step.Refuse(var refusal, _) -> refusal;
      case Step.Proceed _, Step.Rewind _ -> throw new AssertionError(step);
    };
  }
}
