// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Both forms of errors, and success with and without a code.
class AnswerTest {
  private static final Request<Images.UploadReply> REQUEST =
      Images.Upload.next(0, dev.sealift.bytes.Bytes.EMPTY);

  private static Answer<Images.UploadReply> read(CborMap fields) throws MalformedException {
    return Answer.read(REQUEST, fields);
  }

  private static CborMap.Builder map() {
    return CborMap.builder();
  }

  @Test
  void an_answer_without_a_code_is_success() throws Exception {
    assertThat(read(map().put("off", 5).build()))
        .isEqualTo(new Answer.Done<>(new Images.UploadReply(5, Optional.empty())));
  }

  @Test
  void an_answer_with_code_0_is_success() throws Exception {
    assertThat(read(map().put("rc", 0).put("off", 5).build()))
        .isEqualTo(new Answer.Done<>(new Images.UploadReply(5, Optional.empty())));
  }

  @Test
  void success_may_say_more_than_is_known() throws Exception {
    assertThat(read(map().put("off", 5).put("new", "x").put("match", true).build()))
        .isEqualTo(new Answer.Done<>(new Images.UploadReply(5, Optional.of(true))));
  }

  @Test
  void a_code_is_a_refusal_with_the_words_of_the_device_where_it_gives_them() throws Exception {
    CborMap plain = map().put("rc", 10).build();
    assertThat(read(plain))
        .isEqualTo(new Answer.Refused<>(new Answer.Protocol(10, Optional.empty()), plain));
    CborMap wordy = map().put("rc", 1).put("rsn", "magic mismatch").build();
    assertThat(read(wordy))
        .isEqualTo(
            new Answer.Refused<>(new Answer.Protocol(1, Optional.of("magic mismatch")), wordy));
    assertThat(new Answer.Protocol(10, Optional.empty()).explain()).isEqualTo("the device is busy");
    assertThat(new Answer.Protocol(1, Optional.of("magic mismatch")).explain())
        .isEqualTo("magic mismatch (rc 1)");
    assertThat(new Answer.Protocol(300, Optional.empty()).explain()).isEqualTo("error 300");
  }

  @Test
  void a_groups_error_is_a_refusal_of_that_group() throws Exception {
    CborMap fields =
        map().put("err", map().put("group", 1).put("rc", 23).build()).put("len", 5).build();
    assertThat(read(fields)).isEqualTo(new Answer.Refused<>(new Answer.OfGroup(1, 23), fields));
    assertThat(new Answer.OfGroup(1, 23).explain()).isEqualTo("this is no MCUboot image");
    assertThat(new Answer.OfGroup(1, 35).explain()).isEqualTo("error 35");
    assertThat(new Answer.OfGroup(64, 2).explain()).isEqualTo("error 2 of group 64");
  }

  @Test
  void a_groups_error_counts_more_than_a_code_beside_it() throws Exception {
    CborMap fields =
        map().put("rc", 0).put("err", map().put("group", 2).put("rc", 3).build()).build();
    assertThat(Answer.reason(fields)).contains(new Answer.OfGroup(2, 3));
  }

  @Test
  void every_error_of_every_group_has_words() {
    for (Group group : Group.values()) {
      for (int code = 0; code < 64; code++) {
        assertThat(group.explain(code)).isNotBlank();
      }
    }
  }

  @Test
  void what_makes_no_sense_is_malformed() {
    for (CborMap fields :
        List.of(
            CborMap.EMPTY,
            map().put("off", -1).build(),
            map().put("off", new CborInt(BigInteger.ONE.shiftLeft(63))).build(),
            map().put("off", "5").build(),
            map().put("rc", "0").put("off", 5).build(),
            map().put("rc", -1).build(),
            map().put("rc", 1L << 32).build(),
            map().put("rc", 1).put("rsn", new CborBytes(dev.sealift.bytes.Bytes.EMPTY)).build(),
            map().put("err", 5).build(),
            map().put("err", CborMap.EMPTY).build(),
            map().put("err", map().put("group", 1).build()).build(),
            map().put("err", map().put("group", 1 << 16).put("rc", 1).build()).build(),
            map().put("off", 5).put("match", new CborText("yes")).build())) {
      assertThatThrownBy(() -> read(fields))
          .as(fields.toString())
          .isInstanceOf(MalformedException.class);
    }
  }
}
