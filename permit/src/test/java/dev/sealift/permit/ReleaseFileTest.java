// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReleaseFileTest {
  private static final World WORLD = new World();

  private final ReleaseFile file = ReleaseFile.of(WORLD.good(), List.of(WORLD.image));

  @Test
  void a_file_comes_back_and_its_image_begins_at_a_page() throws MalformedException {
    Bytes bytes = file.encode();
    assertThat(ReleaseFile.read(bytes)).isEqualTo(file);
    assertThat(file.imageOffset() % 4096).isZero();
    assertThat(bytes.from(file.imageOffset())).isEqualTo(WORLD.image);
    assertThat(file.judge()).isEqualTo(new ReleaseFile.Judgement.Consistent(WORLD.release()));
  }

  @Property(tries = 60)
  void no_bundle_moves_the_image(@ForAll @IntRange(max = 3_300) int more)
      throws MalformedException {
    Bundle longer =
        new Bundle(
            WORLD.good().envelope(),
            List.of(),
            List.of(),
            Optional.of(Bytes.filled(more, 7)),
            List.of(),
            Optional.empty());
    ReleaseFile same = ReleaseFile.of(WORLD.good(), List.of(WORLD.image)).withBundle(longer);
    assertThat(same.encode().size())
        .isEqualTo(ReleaseFile.of(WORLD.good(), List.of(WORLD.image)).encode().size());
    assertThat(ReleaseFile.read(same.encode())).isEqualTo(same);
    assertThat(same.encode().from(same.imageOffset())).isEqualTo(WORLD.image);
    assertThat(ReleaseFile.of(longer, List.of(WORLD.image))).isEqualTo(same);
  }

  @Property(tries = 40)
  void images_of_any_size_have_their_place(@ForAll @IntRange(min = 1, max = 300_000) int size)
      throws MalformedException {
    ReleaseFile any = ReleaseFile.of(WORLD.good(), List.of(World.image(size)));
    assertThat(any.imageOffset() % 4096).isZero();
    assertThat(ReleaseFile.read(any.encode())).isEqualTo(any);
  }

  private static final Bytes RADIO = World.image(70_000);
  private static final Bytes SMALL = World.image(20);

  private static ReleaseFile three() {
    Release release =
        WORLD.releaseOf(
            WORLD.part(Place.ofImage(0), 3),
            WORLD.part(Place.ofImage(1), RADIO, 3),
            WORLD.part(Place.ofImage(2), SMALL, 3));
    return ReleaseFile.of(WORLD.signed(release), List.of(WORLD.image, RADIO, SMALL));
  }

  @Test
  void a_file_of_several_parts_comes_back_and_each_image_begins_at_a_page()
      throws MalformedException {
    ReleaseFile file = three();
    Bytes bytes = file.encode();
    assertThat(ReleaseFile.read(bytes)).isEqualTo(file);
    List<Bytes> images = List.of(WORLD.image, RADIO, SMALL);
    for (int i = 0; i < 3; i++) {
      int offset = file.imageOffsets().get(i);
      assertThat(offset % 4096).isZero();
      assertThat(bytes.slice(offset, offset + images.get(i).size())).isEqualTo(images.get(i));
    }
    assertThat(file.imageOffsets().getFirst()).isEqualTo(file.imageOffset());
    assertThat(file.judge()).isInstanceOf(ReleaseFile.Judgement.Consistent.class);
  }

  /// What comes later finds its room: news, words, a whole bundle of everything.
  @Test
  void a_newer_beacon_or_endorsement_moves_no_byte_of_an_image() throws MalformedException {
    for (ReleaseFile file : List.of(three(), this.file)) {
      Bytes before = file.encode();
      Bundle bundle = file.bundle();
      for (Bundle newer :
          List.of(
              bundle.withBeacon(WORLD.newest),
              bundle.withBeacon(WORLD.newest).withEndorsements(List.of(WORLD.approval)),
              bundle.withEndorsements(java.util.Collections.nCopies(8, WORLD.approval)),
              bundle.withRootUpdates(
                  List.of(
                      World.sign(
                          RootDraft.after(WORLD.root).root(),
                          WORLD.rootKeys.get(0),
                          WORLD.rootKeys.get(1)))))) {
        ReleaseFile replaced = file.withBundle(newer);
        Bytes after = replaced.encode();
        assertThat(ReleaseFile.read(after)).isEqualTo(replaced);
        assertThat(replaced.imageOffsets()).isEqualTo(file.imageOffsets());
        assertThat(after.size()).isEqualTo(before.size());
        assertThat(after.from(file.imageOffset())).isEqualTo(before.from(file.imageOffset()));
        // And back: a shorter one leaves nothing of the longer behind.
        assertThat(ReleaseFile.read(after).withBundle(bundle).encode()).isEqualTo(before);
      }
    }
  }

  @Test
  void a_bundle_that_no_longer_fits_is_not_forced_in() {
    Bundle tooLong = WORLD.good().withEnvelope(Bytes.filled(9_000, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> file.withBundle(tooLong));
  }

  @Test
  void there_is_one_way_to_write_a_file() {
    Bytes good = file.encode();
    int head = file.bundle().encode().size();
    int tableEnd = head + 2 + file.contents().getFirst().table().digests().size();
    List<Bytes> wrong =
        List.of(
            Bytes.EMPTY,
            good.plus(Bytes.ofInts(0)),
            good.first(good.size() - 1),
            good.first(head),
            good.first(tableEnd),
            good.first(tableEnd).plus(good.from(tableEnd + 1)),
            Bytes.concat(good.first(tableEnd), Bytes.ofInts(0xf6), good.from(tableEnd)),
            Bytes.concat(good.first(tableEnd), Bytes.ofInts(0xf7), good.from(tableEnd + 1)),
            Bytes.concat(
                good.first(head), Bytes.ofHex("59"), Bytes.ofHex("0030"), good.from(head + 2)),
            Bytes.concat(good.first(head), Bytes.ofHex("5bffffffffffffffff")),
            Bytes.concat(good.first(head), Bytes.ofHex("5affffffff")),
            Bytes.concat(good.first(head), Bytes.ofHex("40"), good.from(tableEnd)));
    for (Bytes bytes : wrong) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> ReleaseFile.read(bytes));
    }
  }

  @Test
  void there_is_one_way_to_write_a_file_of_several_parts() {
    ReleaseFile file = three();
    Bytes good = file.encode();
    int second = file.imageOffsets().get(1);
    int third = file.imageOffsets().get(2);
    int gap = file.imageOffsets().get(0) + WORLD.image.size();
    byte[] notNull = good.toArray();
    notNull[gap] = 0;
    List<Bytes> wrong =
        List.of(
            // An image less, an image more, a byte less, a byte more.
            good.first(third - 1),
            good.first(gap),
            good.plus(Bytes.ofInts(0x40)),
            good.plus(Bytes.ofInts(0xf6)),
            good.first(good.size() - 1),
            // A page too late, and a byte too early.
            Bytes.concat(good.first(gap), Bytes.filled(4096, 0xf6), good.from(gap)),
            Bytes.concat(good.first(gap), good.from(gap + 1)),
            // What fills the gap is nothing but nulls.
            Bytes.owning(notNull),
            // The images in another order than their tables.
            Bytes.concat(
                good.first(second - 5), good.slice(third - 1, good.size()), good.from(second - 5)));
    for (Bytes bytes : wrong) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> ReleaseFile.read(bytes));
    }
  }

  @Test
  void a_file_has_at_least_one_part_and_no_more_than_a_release() throws MalformedException {
    assertThatIllegalArgumentException().isThrownBy(() -> ReleaseFile.of(WORLD.good(), List.of()));
    List<Bytes> eight = java.util.Collections.nCopies(Release.PARTS_MAX, SMALL);
    ReleaseFile most = ReleaseFile.of(WORLD.good(), eight);
    assertThat(ReleaseFile.read(most.encode())).isEqualTo(most);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ReleaseFile.of(
                    WORLD.good(), java.util.Collections.nCopies(Release.PARTS_MAX + 1, SMALL)));
    // Somebody else's file of nine.
    Bytes good = most.encode();
    int tables = WORLD.good().encode().size();
    Bytes oneMore = good.slice(tables, tables + 17);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(
            () ->
                ReleaseFile.read(
                    Bytes.concat(
                        good.first(tables),
                        oneMore,
                        good.from(tables),
                        good.from(most.imageOffsets().getLast() - 1))));
  }

  @Test
  void parts_in_another_number_or_order_than_the_release_are_named() {
    ReleaseFile file = three();
    ReleaseFile fewer =
        new ReleaseFile(file.bundle(), file.contents().subList(0, 2), file.imageOffset());
    assertThat(refusal(fewer)).isEqualTo(Refusal.R21);
    ReleaseFile swapped =
        new ReleaseFile(file.bundle(), file.contents().reversed(), file.imageOffset());
    assertThat(refusal(swapped)).isEqualTo(Refusal.R19);
    List<ReleaseFile.Content> mixed = new java.util.ArrayList<>(file.contents());
    byte[] changed = RADIO.toArray();
    changed[69_999] ^= 1;
    mixed.set(1, ReleaseFile.Content.of(Bytes.owning(changed)));
    assertThat(refusal(new ReleaseFile(file.bundle(), mixed, file.imageOffset())))
        .isEqualTo(Refusal.R20);
  }

  @Property(tries = 400)
  void a_file_with_any_bit_flipped_is_refused_or_does_not_hold_together(
      @ForAll @IntRange(max = 1_000_000) int place, @ForAll @IntRange(max = 7) int bit) {
    byte[] bytes = file.encode().toArray();
    bytes[place % bytes.length] ^= (byte) (1 << bit);
    try {
      ReleaseFile read = ReleaseFile.read(Bytes.owning(bytes));
      // Only what is signed beside the manifest can differ and leave it whole: whoever
      // installs asks the bundle.
      if (read.judge() instanceof ReleaseFile.Judgement.Consistent) {
        assertThat(read.contents()).isEqualTo(file.contents());
        assertThat(read.bundle()).isNotEqualTo(file.bundle());
      }
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void parts_that_do_not_belong_together_are_named() {
    Bytes other = Bytes.concat(Bytes.ofInts(WORLD.image.at(0) ^ 1), WORLD.image.from(1));
    assertThat(refusal(ReleaseFile.of(WORLD.good(), List.of(other)))).isEqualTo(Refusal.R20);
    assertThat(refusal(ReleaseFile.of(WORLD.good(), List.of(WORLD.image.plus(other)))))
        .isEqualTo(Refusal.R19);
    assertThat(
            refusal(
                new ReleaseFile(
                    file.bundle(),
                    List.of(new ReleaseFile.Content(BlockTable.of(WORLD.image), other)),
                    file.imageOffset())))
        .isEqualTo(Refusal.R20);
    assertThat(
            refusal(
                ReleaseFile.of(WORLD.good().withEnvelope(Bytes.ofHex("a0")), List.of(WORLD.image))))
        .isEqualTo(Refusal.R1);
  }

  private static Refusal refusal(ReleaseFile file) {
    return switch (file.judge()) {
      case ReleaseFile.Judgement.Inconsistent(var refusal, _) -> refusal;
      case ReleaseFile.Judgement.Consistent _ -> throw new AssertionError("consistent");
    };
  }
}
