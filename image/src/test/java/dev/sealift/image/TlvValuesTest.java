// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// The values of TLVs that have fields of their own.
class TlvValuesTest {
  @Provide
  Arbitrary<ByteOrder> orders() {
    return Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  @Provide
  Arbitrary<Dependency> dependencies() {
    Arbitrary<Integer> u8 = Arbitraries.integers().between(0, 0xff);
    Arbitrary<Integer> u16 = Arbitraries.integers().between(0, 0xffff);
    Arbitrary<Long> u32 = Arbitraries.longs().between(0, 0xffff_ffffL);
    return Combinators.combine(u8, u8, u8, u16, u32)
        .as((n, a, b, c, d) -> new Dependency(n, new ImageVersion(a, b, c, d)));
  }

  @Property(tries = 200)
  void a_dependency_is_read_as_it_was_written_and_has_one_size(
      @ForAll("dependencies") Dependency dependency, @ForAll("orders") ByteOrder order)
      throws MalformedException {
    Bytes value = dependency.write(order);
    assertThat(Dependency.read(value, order)).isEqualTo(dependency);
    for (Bytes other : List.of(Bytes.EMPTY, value.first(11), value.plus(Bytes.filled(1, 0)))) {
      assertThatThrownBy(() -> Dependency.read(other, order))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Property(tries = 200)
  void a_manifest_is_read_as_it_was_written_and_fills_its_value(
      @ForAll HashAlgorithm hash,
      @ForAll @IntRange(max = Manifest.DIGESTS_MAX) int count,
      @ForAll("orders") ByteOrder order,
      @ForAll @IntRange(max = 7) int place,
      @ForAll @IntRange(min = 1, max = 255) int change)
      throws MalformedException {
    Manifest manifest =
        new Manifest(
            IntStream.range(0, count).mapToObj(i -> Bytes.filled(hash.size(), i)).toList());
    Bytes value = manifest.write(order);
    assertThat(Manifest.read(value, hash, order)).isEqualTo(manifest);
    byte[] damaged = value.toArray();
    damaged[place] ^= (byte) change;
    for (Bytes other :
        List.of(
            Bytes.owning(damaged), value.first(value.size() - 1), value.plus(Bytes.filled(1, 0)))) {
      assertThatThrownBy(() -> Manifest.read(other, hash, order))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Property(tries = 20)
  void a_manifest_of_more_images_than_there_can_be_is_refused(
      @ForAll HashAlgorithm hash, @ForAll("orders") ByteOrder order) {
    int count = Manifest.DIGESTS_MAX + 1;
    Bytes value = new ByteWriter(order).u32(1).u32(count).fill(count * hash.size(), 0).toBytes();
    assertThatThrownBy(() -> Manifest.read(value, hash, order))
        .isInstanceOf(MalformedException.class);
  }
}
