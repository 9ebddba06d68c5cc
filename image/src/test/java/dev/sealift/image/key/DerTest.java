// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DerTest {
  private static Der.Reader reader(Bytes der) {
    return new Der.Reader(der, "test");
  }

  @Property(tries = 300)
  void an_element_is_read_as_it_was_written_and_every_cut_refused(
      @ForAll @IntRange(max = 700) int size) throws MalformedException {
    Bytes content = Bytes.filled(size, 7);
    Bytes der = Der.element(Der.OCTET_STRING, content);
    Der.Reader reader = reader(der);
    assertThat(reader.take(Der.OCTET_STRING)).isEqualTo(content);
    reader.end();
    for (int cut : new int[] {0, 1, 2, der.size() - 1}) {
      if (cut < der.size()) {
        assertThatThrownBy(() -> reader(der.first(cut)).take(Der.OCTET_STRING))
            .isInstanceOf(MalformedException.class);
      }
    }
    assertThatThrownBy(() -> reader(der).take(Der.SEQUENCE)).isInstanceOf(MalformedException.class);
    Der.Reader behind = reader(der.plus(Bytes.of((byte) 0)));
    behind.take(Der.OCTET_STRING);
    assertThatThrownBy(behind::end).isInstanceOf(MalformedException.class);
  }

  @Property(tries = 300)
  void a_number_has_one_encoding(@ForAll @Size(max = 40) byte[] digits) throws MalformedException {
    BigInteger number = new BigInteger(1, digits);
    Bytes der = Der.integer(number);
    assertThat(reader(der).integer()).isEqualTo(number);
    Bytes value = reader(der).take(Der.INTEGER);
    Bytes longer = Der.element(Der.INTEGER, Bytes.of((byte) 0), value);
    assertThatThrownBy(() -> reader(longer).integer()).isInstanceOf(MalformedException.class);
    if (value.at(0) == 0 && value.size() > 1) {
      Bytes negative = Der.element(Der.INTEGER, value.from(1));
      assertThatThrownBy(() -> reader(negative).integer()).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void a_length_has_one_encoding() {
    for (String hex :
        List.of(
            "0480" + "00".repeat(4),
            "048101" + "aa",
            "04817f" + "aa".repeat(0x7f),
            "04820001" + "aa",
            "048200ff" + "aa".repeat(0xff),
            "0483000001" + "aa",
            "0483000100" + "aa".repeat(0x100),
            "0484" + "00000001aa")) {
      assertThatThrownBy(() -> reader(Bytes.ofHex(hex)).take(Der.OCTET_STRING))
          .as(hex)
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void a_bit_string_is_of_whole_bytes() throws MalformedException {
    Bytes content = Bytes.ofHex("aabb");
    assertThat(reader(Der.bitString(content)).bitString()).isEqualTo(content);
    for (String hex : List.of("0300", "030201aa", "030207aa", "0303ff0000")) {
      assertThatThrownBy(() -> reader(Bytes.ofHex(hex)).bitString())
          .as(hex)
          .isInstanceOf(MalformedException.class);
    }
  }
}
