// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashOperation;
import dev.sealift.bytes.Bytes;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Uploads that were cut off and go on, over sectors smaller and larger than a page.
class SlotStreamTest {
  private static final int PAGE = SlotStream.PAGE_SIZE;
  private static final int SLOT_SIZE = 0x40000;

  private record World(Flash flash, FlashArea area, int start) {
    static World of(int sector, int start) {
      Flash flash = new Flash(new FlashGeometry(2 * SLOT_SIZE, sector, 8));
      return new World(flash, new FlashArea(SLOT_SIZE, SLOT_SIZE), start);
    }

    SlotStream stream() {
      return new SlotStream(flash, area, start);
    }

    Bytes content() {
      return flash.peek(area.start(), area.size());
    }

    /// The slot with that image in it and nothing else.
    Bytes holding(Bytes image) {
      int rest = area.size() - start - image.size();
      return Bytes.concat(Bytes.filled(start, 0xff), image, Bytes.filled(rest, 0xff));
    }

    /// Erases that touch the first bytes of the image fail the test from now on.
    void keep(int bytes) {
      int from = area.start() + start;
      flash.observe(
          operation -> {
            if (operation instanceof FlashOperation.Erased(int address, int length)) {
              assertThat(address + length <= from || address >= from + bytes)
                  .as("erase at 0x%x, %d bytes are to stay", address, bytes)
                  .isTrue();
            }
          });
    }
  }

  private static Bytes noise(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  @Provide
  Arbitrary<Integer> sectors() {
    return Arbitraries.of(512, 2048, 4096, 8192, 16_384, 65_536);
  }

  /// What lay in the slot before, whole or as a torn page behind the good ones, changes nothing.
  @Property(tries = 400)
  void an_upload_goes_on_without_losing_what_was_verified(
      @ForAll("sectors") int sector,
      @ForAll @IntRange(max = 1) int offsetMode,
      @ForAll @IntRange(min = 1, max = 100_000) int size,
      @ForAll @IntRange(max = 100_000) int cut,
      @ForAll @IntRange(max = 2) int junk) {
    World world = World.of(sector, offsetMode * sector);
    Bytes image = noise(size, size);
    if (junk == 1) {
      world.flash().lay(SLOT_SIZE, noise(7, SLOT_SIZE));
    }
    world.stream().append(image.first(cut % size));
    int verified = cut % size / PAGE * PAGE;
    if (junk == 2) {
      world.flash().lay(SLOT_SIZE + world.start() + verified, noise(8, 16));
    }

    int from = world.stream().resumable(verified);
    assertThat(from).isBetween(0, verified);
    assertThat(from % PAGE).isZero();
    assertThat(verified - from).as("sent again").isLessThan(Math.max(sector, PAGE));
    SlotStream again = world.stream();
    world.keep(from);
    again.resume(from);
    assertThat(again.taken()).isEqualTo(from);
    again.append(image.from(from));
    again.finish();
    assertThat(world.content()).isEqualTo(world.holding(image));
  }

  @Property(tries = 200)
  void an_upload_that_is_all_there_is_only_finished(
      @ForAll("sectors") int sector,
      @ForAll @IntRange(max = 1) int offsetMode,
      @ForAll @IntRange(min = 1, max = 100_000) int size) {
    World world = World.of(sector, offsetMode * sector);
    Bytes image = noise(size, size);
    SlotStream first = world.stream();
    first.append(image);
    first.finish();
    world.keep(size);
    SlotStream again = world.stream();
    assertThat(again.resumable(size)).isEqualTo(size);
    again.resume(size);
    again.finish();
    assertThat(world.content()).isEqualTo(world.holding(image));
  }

  @Test
  void with_sectors_of_a_page_every_page_can_be_gone_on_from() {
    World world = World.of(PAGE, 0);
    world.flash().lay(SLOT_SIZE, noise(1, SLOT_SIZE));
    for (int pages = 0; pages < 10; pages++) {
      assertThat(world.stream().resumable(pages * PAGE)).isEqualTo(pages * PAGE);
    }
  }

  @Test
  void in_a_larger_sector_one_goes_on_where_the_rest_is_blank_and_else_at_its_start() {
    World world = World.of(4 * PAGE, 0);
    world.stream().append(noise(1, 6 * PAGE));
    assertThat(world.stream().resumable(6 * PAGE)).isEqualTo(6 * PAGE);
    assertThat(world.stream().resumable(5 * PAGE)).as("a page lies behind").isEqualTo(4 * PAGE);
    assertThat(world.stream().resumable(4 * PAGE)).isEqualTo(4 * PAGE);
    assertThat(world.stream().resumable(3 * PAGE)).isZero();
    world.flash().lay(SLOT_SIZE + 8 * PAGE - 1, Bytes.ofInts(0));
    assertThat(world.stream().resumable(6 * PAGE)).as("one byte of it").isEqualTo(4 * PAGE);
  }

  @Test
  void a_resumed_upload_erases_what_lies_before_the_image() {
    World world = World.of(PAGE, PAGE);
    Bytes image = noise(1, 3 * PAGE);
    world.stream().append(image.first(2 * PAGE));
    world.flash().lay(SLOT_SIZE, noise(2, 32));
    SlotStream again = world.stream();
    again.resume(2 * PAGE);
    again.append(image.from(2 * PAGE));
    again.finish();
    assertThat(world.content()).isEqualTo(world.holding(image));
  }

  @Test
  void a_wrong_page_after_a_resumption_goes_back_to_where_it_went_on() {
    World world = World.of(PAGE, 0);
    Bytes image = noise(1, 3 * PAGE);
    world.stream().append(image.first(PAGE));
    SlotStream again = world.stream();
    again.resume(PAGE);
    again.append(image.slice(PAGE, 2 * PAGE - 1));
    again.rewindToPage();
    assertThat(again.taken()).isEqualTo(PAGE);
  }

  @Test
  void to_go_on_from_where_one_cannot_is_a_mistake_and_changes_nothing() {
    World world = World.of(4 * PAGE, 0);
    world.stream().append(noise(1, 6 * PAGE));
    Bytes before = world.content();
    assertThatThrownBy(() -> world.stream().resume(5 * PAGE))
        .isInstanceOf(IllegalStateException.class);
    SlotStream begun = world.stream();
    begun.append(noise(1, 10));
    assertThatThrownBy(() -> begun.resume(4 * PAGE)).isInstanceOf(IllegalStateException.class);
    assertThat(world.content()).isEqualTo(before);
  }
}
