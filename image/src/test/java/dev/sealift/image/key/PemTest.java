// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PemTest {
  @Property(tries = 200)
  void what_is_written_is_read_and_every_cut_refused(@ForAll @Size(max = 200) byte[] content)
      throws MalformedException {
    String text = Pem.write("PUBLIC KEY", Bytes.of(content));
    assertThat(Pem.read(text)).isEqualTo(new Pem("PUBLIC KEY", Bytes.of(content)));
    assertThat(Pem.read("before\r\n" + text.replace("\n", "\r\n") + "behind").content())
        .isEqualTo(Bytes.of(content));
    int whole = text.length() - 1;
    for (int size = 0; size < whole; size++) {
      String cut = text.substring(0, size);
      assertThatThrownBy(() -> Pem.read(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void it_ends_as_it_began_and_holds_base64_alone() {
    String text = Pem.write("PUBLIC KEY", Bytes.filled(30, 7));
    for (String wrong :
        List.of(
            text.replace("END PUBLIC", "END PRIVATE"),
            text.replace("BEGIN PUBLIC", "BEGIN PRIVATE"),
            text.replace("END PUBLIC KEY", "END"),
            text.replace("Bw", "B_"),
            text.replace("Bw", "B!w"),
            text.replace("Bw", "Bw=="))) {
      assertThat(wrong).isNotEqualTo(text);
      assertThatThrownBy(() -> Pem.read(wrong)).isInstanceOf(MalformedException.class);
    }
  }
}
