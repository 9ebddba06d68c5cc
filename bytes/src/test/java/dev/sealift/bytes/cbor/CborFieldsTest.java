// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import org.junit.jupiter.api.Test;

class CborFieldsTest {
  private static CborFields fields(CborMap.Builder map) throws MalformedException {
    return CborFields.of(map.build(), "answer");
  }

  @Test
  void a_number_ends_at_its_bound() throws Exception {
    CborFields in = fields(CborMap.builder().put("img", 255));
    assertThat(in.number("img", 255)).isEqualTo(255);
    assertThat(in.optionalNumber("img", 255)).contains(255);
    assertThat(in.optionalNumber("other", 255)).isEmpty();
    assertThatThrownBy(() -> in.number("img", 254))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("answer field img is 255, the most is 254");
    assertThatThrownBy(() -> in.number("other", 255)).isInstanceOf(MalformedException.class);
  }

  @Test
  void a_number_is_neither_below_zero_nor_beyond_64_bits() throws Exception {
    for (long wrong : new long[] {-1, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
      CborFields in = fields(CborMap.builder().put("img", wrong));
      assertThatThrownBy(() -> in.number("img", Integer.MAX_VALUE))
          .isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> in.optionalNumber("img", Integer.MAX_VALUE))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void bytes_of_a_fixed_size_have_no_other() throws Exception {
    CborFields in = fields(CborMap.builder().put("n", Bytes.filled(16, 1)));
    assertThat(in.bytes("n", 16)).isEqualTo(Bytes.filled(16, 1));
    assertThat(in.optionalBytes("n", 16)).contains(Bytes.filled(16, 1));
    assertThat(in.optionalBytes("other", 16)).isEmpty();
    assertThatThrownBy(() -> in.bytes("n", 15))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("answer field n has 16 bytes, expected 15");
    assertThatThrownBy(() -> in.optionalBytes("n", 17)).isInstanceOf(MalformedException.class);
  }
}
