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

  private final ReleaseFile file = ReleaseFile.of(WORLD.good(), WORLD.image);

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
    ReleaseFile same = ReleaseFile.of(WORLD.good(), WORLD.image).withBundle(longer);
    assertThat(same.encode().size())
        .isEqualTo(ReleaseFile.of(WORLD.good(), WORLD.image).encode().size());
    assertThat(ReleaseFile.read(same.encode())).isEqualTo(same);
    assertThat(same.encode().from(same.imageOffset())).isEqualTo(WORLD.image);
    assertThat(ReleaseFile.of(longer, WORLD.image)).isEqualTo(same);
  }

  @Property(tries = 40)
  void images_of_any_size_have_their_place(@ForAll @IntRange(min = 1, max = 300_000) int size)
      throws MalformedException {
    ReleaseFile any = ReleaseFile.of(WORLD.good(), World.image(size));
    assertThat(any.imageOffset() % 4096).isZero();
    assertThat(ReleaseFile.read(any.encode())).isEqualTo(any);
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
    int tableEnd = head + 2 + file.table().digests().size();
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
  void parts_that_do_not_belong_together_are_named() {
    Bytes other = Bytes.concat(Bytes.ofInts(WORLD.image.at(0) ^ 1), WORLD.image.from(1));
    assertThat(refusal(ReleaseFile.of(WORLD.good(), other))).isEqualTo(Refusal.R20);
    assertThat(refusal(ReleaseFile.of(WORLD.good(), WORLD.image.plus(other))))
        .isEqualTo(Refusal.R19);
    assertThat(
            refusal(
                new ReleaseFile(
                    file.bundle(), BlockTable.of(WORLD.image), other, file.imageOffset())))
        .isEqualTo(Refusal.R20);
    assertThat(refusal(ReleaseFile.of(WORLD.good().withEnvelope(Bytes.ofHex("a0")), WORLD.image)))
        .isEqualTo(Refusal.R1);
  }

  private static Refusal refusal(ReleaseFile file) {
    return switch (file.judge()) {
      case ReleaseFile.Judgement.Inconsistent(var refusal, _) -> refusal;
      case ReleaseFile.Judgement.Consistent _ -> throw new AssertionError("consistent");
    };
  }
}
