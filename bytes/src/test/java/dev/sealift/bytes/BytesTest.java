// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void the_array_it_came_from_cannot_change_it() {
    byte[] array = {1, 2, 3};
    Bytes bytes = Bytes.of(array);
    array[0] = 9;
    assertThat(bytes.toHex()).isEqualTo("010203");
  }

  @Test
  void the_array_it_hands_out_cannot_change_it() {
    Bytes bytes = Bytes.ofHex("010203");
    bytes.toArray()[0] = 9;
    assertThat(bytes.at(0)).isEqualTo(1);
  }

  @Test
  void slices_compare_by_content_wherever_they_were_cut() {
    Bytes whole = Bytes.ofHex("00aabb00aabb");
    assertThat(whole.slice(1, 3)).isEqualTo(whole.from(4)).hasSameHashCodeAs(whole.from(4));
    assertThat(whole.slice(0, 2)).isNotEqualTo(whole.slice(1, 3));
  }

  @Test
  void order_is_unsigned_and_the_shorter_comes_first() {
    assertThat(Bytes.ofHex("7f")).isLessThan(Bytes.ofHex("80"));
    assertThat(Bytes.ofHex("80")).isLessThan(Bytes.ofHex("8000"));
  }

  @Test
  void a_long_run_prints_on_one_line() {
    assertThat(Bytes.filled(1000, 0xab).toString()).hasSizeLessThan(90).contains("1000 bytes");
  }

  @Test
  void a_secret_prints_nothing_of_itself() {
    Secret secret = Secret.of(new byte[] {0x41, 0x42});
    assertThat(secret.toString()).doesNotContain("AB").doesNotContain("4142");
    assertThat(secret).isEqualTo(Secret.of(new byte[] {0x41, 0x42}));
  }

  @Test
  void a_closed_secret_is_zeroes() {
    Secret secret = Secret.of(new byte[] {0x41});
    secret.close();
    byte seen = secret.expose(bytes -> bytes[0]);
    assertThat(seen).isZero();
  }

  @Test
  void fields_come_back_in_both_byte_orders() throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      Bytes written =
          new ByteWriter(order).u8(0xfe).u16(0xfedc).u32(0xfedcba98L).fill(3, 0xff).toBytes();
      ByteReader reader = new ByteReader(written, order);
      assertThat(reader.u8("a")).isEqualTo(0xfe);
      assertThat(reader.u16("b")).isEqualTo(0xfedc);
      assertThat(reader.u32("c")).isEqualTo(0xfedcba98L);
      assertThat(reader.rest()).isEqualTo(Bytes.ofHex("ffffff"));
    }
  }

  @Test
  void reading_past_the_end_names_the_field_and_the_place() {
    ByteReader reader = new ByteReader(Bytes.ofHex("0102"), ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> reader.u32("image size"))
        .isInstanceOf(MalformedException.class)
        .hasMessage("image size needs 4 bytes, 2 are left");
  }

  @Test
  void a_value_too_wide_for_its_field_is_not_written() {
    ByteWriter writer = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> writer.u16(0x10000)).isInstanceOf(IllegalArgumentException.class);
    assertThat(writer.size()).isZero();
  }
}
