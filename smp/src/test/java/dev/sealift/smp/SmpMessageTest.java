// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmpMessageTest {
  private static SmpMessage read(String hex) throws MalformedException {
    return SmpMessage.read(Bytes.ofHex(hex));
  }

  @Test
  void a_message_with_definite_lengths_is_written_as_it_was_read() throws Exception {
    for (String hex :
        List.of(
            "0800000000004506",
            "0800000100004506a0",
            "0a00000e00004200a161646a7772697465206563686f")) {
      assertThat(read(hex).write().toHex()).isEqualTo(hex);
    }
  }

  @Test
  void the_length_is_that_of_the_payload_as_written() throws Exception {
    SmpMessage indefinite = read("0900000700004300bf6172627631ff");
    assertThat(indefinite.write().toHex()).isEqualTo("0900000600004300a16172627631");
    assertThat(SmpMessage.read(indefinite.write()).payload()).isEqualTo(indefinite.payload());
  }

  @Test
  void what_is_no_message_is_malformed() {
    for (String hex :
        List.of(
            "",
            "08000001000045",
            "0800000100004506",
            "0800000200004506a0",
            "080000010000450605",
            "0800000200004506a0a0",
            "0800000100004506a1")) {
      assertThatThrownBy(() -> read(hex)).as(hex).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void an_answer_answers_only_its_request() throws Exception {
    SmpHeader request = read("0800000000014106").header();
    assertThat(read("0900000000014106").header().answers(request)).isTrue();
    assertThat(read("0100000000014106").header().answers(request)).as("version 1").isTrue();
    assertThat(read("0b00000000014106").header().answers(request)).as("operation").isFalse();
    assertThat(read("0800000000014106").header().answers(request)).as("a request").isFalse();
    assertThat(read("0900000000024106").header().answers(request)).as("group").isFalse();
    assertThat(read("0900000000014206").header().answers(request)).as("sequence").isFalse();
    assertThat(read("0900000000014105").header().answers(request)).as("command").isFalse();
  }

  @Test
  void only_the_version_bits_tell_a_version() {
    assertThat(SmpMessage.Version.ofBits(1)).isEqualTo(SmpMessage.Version.V2);
    for (int bits : List.of(0, 2, 3)) {
      assertThat(SmpMessage.Version.ofBits(bits)).isEqualTo(SmpMessage.Version.V1);
    }
  }
}
