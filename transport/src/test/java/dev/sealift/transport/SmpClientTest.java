// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.testkit.Weather;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The client over links that lose, double, delay and lie; no test waits.
class SmpClientTest {
  private static final LinkId LINK = new LinkId("test");
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));

  private final Collecting store = new Collecting();
  private final SmpServer server = store.server(512, 4);

  private static SmpClient over(HandLink link) {
    return new SmpClient(link, link);
  }

  private List<Bytes> serve(Bytes packet) {
    return server.receive(LINK, packet);
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes answer(SmpHeader header, CborMap fields) {
    return new SmpMessage(header, Optional.of(fields)).write();
  }

  /// The header of the right answer with one thing to be changed by the caller.
  private static SmpHeader answering(
      SmpHeader asked, int operation, int group, int sequence, int command) {
    return new SmpHeader(operation, asked.version(), 0, 0, group, sequence, command);
  }

  private static CborMap said(String text) {
    return CborMap.builder().put("r", text).build();
  }

  private static void assertEchoed(Answer<Os.EchoReply> answer) {
    assertThat(answer).isEqualTo(new Answer.Done<>(new Os.EchoReply("hello")));
  }

  // What comes and is not the answer.

  @Test
  void an_answer_to_something_else_is_dropped_and_the_right_one_taken() throws Exception {
    HandLink link =
        new HandLink(
            packet -> {
              SmpHeader asked = header(packet);
              int seq = asked.sequence();
              return List.of(
                  answer(answering(asked, 3, 0, (seq + 1) & 0xff, 0), said("sequence")),
                  answer(answering(asked, 3, 0, (seq - 1) & 0xff, 0), said("the one before")),
                  answer(answering(asked, 3, 1, seq, 0), said("group")),
                  answer(answering(asked, 3, 0, seq, 1), said("command")),
                  answer(answering(asked, 1, 0, seq, 0), said("operation")),
                  packet,
                  Bytes.EMPTY,
                  packet.first(7),
                  Bytes.filled(60, 0xff),
                  answering(asked, 3, 0, seq, 0).write().plus(Bytes.ofHex("a1")).first(8),
                  serve(packet).getFirst());
            });
    // The last but one is a right header without a payload: it is the answer, and makes no sense.
    assertThatThrownBy(() -> over(link).call(ECHO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("OS_ECHO")
        .hasMessageContaining("r is missing");
    HandLink better =
        new HandLink(
            packet -> {
              List<Bytes> all = new ArrayList<>(link.device().apply(packet));
              all.remove(all.size() - 2);
              return all;
            });
    assertEchoed(over(better).call(ECHO));
    assertThat(better.sent()).hasSize(1);
  }

  @Test
  void noise_is_dropped() throws Exception {
    SplittableRandom dice = new SplittableRandom(1);
    HandLink link =
        new HandLink(
            packet -> {
              List<Bytes> all = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                byte[] noise = new byte[dice.nextInt(100)];
                dice.nextBytes(noise);
                all.add(Bytes.owning(noise));
              }
              all.addAll(serve(packet));
              return all;
            });
    assertEchoed(over(link).call(ECHO));
  }

  @Test
  void a_link_full_of_strays_is_given_up() {
    HandLink link = new HandLink(_ -> Collections.nCopies(50_000, Bytes.ofHex("00")));
    assertThatThrownBy(() -> over(link).call(ECHO)).isInstanceOf(DeviceSilentException.class);
  }

  @Test
  void an_answer_to_an_earlier_try_is_taken() throws Exception {
    List<Bytes> late = new ArrayList<>();
    HandLink link =
        new HandLink(
            packet -> {
              late.addAll(serve(packet));
              return late.size() == 2 ? List.of(late.getFirst()) : List.of();
            });
    assertEchoed(over(link).call(ECHO));
    assertThat(link.sent()).hasSize(2);
  }

  @Test
  void the_second_answer_to_a_repeated_request_is_not_the_answer_to_the_next() throws Exception {
    List<Bytes> waiting = new ArrayList<>();
    HandLink link =
        new HandLink(
            packet -> {
              waiting.addAll(serve(packet));
              return waiting.size() < 2 ? List.of() : List.copyOf(waiting);
            });
    SmpClient client = over(link);
    assertEchoed(client.call(ECHO));
    assertThat(client.call(new Os.Echo(Optional.of("next"))))
        .isEqualTo(new Answer.Done<>(new Os.EchoReply("next")));
  }

  // Silence.

  @Test
  void a_device_that_never_answers_is_named_with_the_time_waited() {
    HandLink link = new HandLink(_ -> List.of());
    assertThatThrownBy(() -> over(link).call(ECHO))
        .isInstanceOf(DeviceSilentException.class)
        .hasMessage("no answer from hand://device within 7.5 s");
    assertThat(link.sent()).hasSize(4);
    assertThat(link.waited()).isEqualTo(Duration.ofMillis(7500));
  }

  @Test
  void a_device_that_never_answers_an_upload_is_named_with_the_time_waited() {
    HandLink link = new HandLink(_ -> List.of());
    assertThatThrownBy(() -> upload(link, Collecting.image(5000), new Frame(512, 3)))
        .isInstanceOf(DeviceSilentException.class)
        .hasMessage("no answer from hand://device within 39 s");
    assertThat(link.sent()).hasSize(7);
  }

  @Test
  void a_device_that_falls_silent_during_an_upload_is_given_up_in_bounded_time() {
    int[] left = {10};
    HandLink link = new HandLink(packet -> left[0]-- > 0 ? serve(packet) : List.of());
    assertThatThrownBy(() -> upload(link, Collecting.image(50_000), new Frame(512, 3)))
        .isInstanceOf(DeviceSilentException.class);
    assertThat(link.waited()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void strays_do_not_keep_a_silent_upload_alive() {
    HandLink link = new HandLink(_ -> Collections.nCopies(100_000, Bytes.ofHex("00")));
    assertThatThrownBy(() -> upload(link, Collecting.image(5000), new Frame(512, 3)))
        .isInstanceOf(DeviceSilentException.class);
  }

  // Uploads.

  private static SmpClient.Delivery upload(HandLink link, Bytes file, Frame frame)
      throws IOException {
    return over(link).upload(new ChunkedContent.Image(file), frame, (_, _) -> {});
  }

  @Test
  void an_upload_arrives_over_a_link_in_memory_through_loss_and_duplication() throws Exception {
    Bytes file = Collecting.image(60_000);
    for (long seed = 0; seed < 12; seed++) {
      Collecting arrived = new Collecting();
      Weather weather = new Weather(seed, 0.1, 0.1, 0.1);
      SmpClient client =
          new SmpClient(
              new MemoryLink(LINK, arrived.server(512, 4)::receive, way(weather)), () -> 0);
      assertThat(client.upload(new ChunkedContent.Image(file), new Frame(512, 3), (_, _) -> {}))
          .as("seed %d", seed)
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
      assertThat(arrived.finished()).contains(file);
    }
  }

  /// A late packet comes with the next one of its direction, behind it.
  private static MemoryLink.Way way(Weather weather) {
    List<Bytes> lateRequests = new ArrayList<>();
    List<Bytes> lateAnswers = new ArrayList<>();
    return packet -> {
      boolean isAnswer = header(packet).operation() % 2 == 1;
      List<Bytes> late = isAnswer ? lateAnswers : lateRequests;
      return switch (weather.next()) {
        case LOST -> List.of();
        case TWICE -> List.of(packet, packet);
        case LATE -> {
          late.add(packet);
          yield List.of();
        }
        case ARRIVES -> {
          List<Bytes> all = new ArrayList<>(List.of(packet));
          all.addAll(late);
          late.clear();
          yield all;
        }
      };
    };
  }

  /// An answer that says nothing new must not make the client forget when to look again.
  @Test
  void answers_out_of_order_and_lost_ones_never_leave_the_client_waiting() throws Exception {
    Bytes file = Collecting.image(60_000);
    for (long seed = 0; seed < 12; seed++) {
      Collecting arrived = new Collecting();
      SmpServer slow = arrived.server(512, 9);
      Weather weather = new Weather(seed, 0.15, 0.1, 0);
      HandLink link =
          new HandLink(
              packet ->
                  slow.receive(LINK, packet).stream()
                      .flatMap(
                          answer ->
                              switch (weather.next()) {
                                case LOST -> Stream.of();
                                case ARRIVES, LATE -> Stream.of(answer);
                                case TWICE -> Stream.of(answer, answer);
                              })
                      .toList(),
              HandLink.Order.NEWEST_FIRST);
      assertThat(upload(link, file, new Frame(512, 8)))
          .as("seed %d", seed)
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
      assertThat(arrived.finished()).contains(file);
      assertThat(link.waited()).isLessThan(Duration.ofMinutes(10));
    }
  }

  @Test
  void sequence_numbers_go_round_under_the_widest_window() throws Exception {
    Bytes file = Collecting.image(60_000);
    SmpServer wide = store.server(512, 65);
    HandLink link = new HandLink(packet -> wide.receive(LINK, packet));
    assertThat(upload(link, file, new Frame(128, 64)))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(store.finished()).contains(file);
    assertThat(link.sent()).hasSizeGreaterThan(512);
    assertThat(link.sent().stream().map(packet -> header(packet).sequence()).distinct())
        .hasSize(256);
    for (int i = 64; i < link.sent().size(); i++) {
      assertThat(link.sent().subList(i - 64, i).stream().map(p -> header(p).sequence()))
          .as("the 64 requests before request %d", i)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void progress_is_told_and_never_beyond_the_end() throws Exception {
    Bytes file = Collecting.image(5000);
    List<Long> told = new ArrayList<>();
    HandLink link = new HandLink(this::serve);
    over(link)
        .upload(
            new ChunkedContent.Image(file),
            new Frame(512, 3),
            (acknowledged, total) -> {
              assertThat(total).isEqualTo(5000);
              told.add(acknowledged);
            });
    assertThat(told).isSorted().startsWith(0L).endsWith(5000L);
  }

  @Test
  void a_refused_upload_hands_on_the_refusal() throws Exception {
    Bytes noImage = Bytes.filled(500, 1);
    HandLink link = new HandLink(this::serve);
    assertThat(upload(link, noImage, new Frame(512, 3)))
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(new Answer.OfGroup(1, 23)));
    assertThat(link.sent()).hasSize(1);
    assertThat(store.finished()).isEmpty();
  }

  @Test
  void a_device_that_does_not_move_on_is_stuck() throws Exception {
    HandLink link = new HandLink(always("off", 0));
    assertThat(upload(link, Collecting.image(5000), new Frame(512, 3)))
        .isEqualTo(new SmpClient.Delivery.Stuck(0));
  }

  @Test
  void hostile_offsets_neither_crash_the_client_nor_keep_it() throws Exception {
    assertThat(
            upload(new HandLink(always("off", Long.MAX_VALUE)), Collecting.image(500), Frame.SAFE))
        .isEqualTo(new SmpClient.Delivery.Stuck(Long.MAX_VALUE));
    // No number at all, as far as an offset goes: garbage, and so silence.
    for (long negative : List.of(-1L, Long.MIN_VALUE)) {
      assertThatThrownBy(
              () ->
                  upload(new HandLink(always("off", negative)), Collecting.image(500), Frame.SAFE))
          .isInstanceOf(DeviceSilentException.class);
    }
  }

  private static Function<Bytes, List<Bytes>> always(String key, long value) {
    return packet -> {
      SmpHeader asked = header(packet);
      return List.of(
          answer(
              answering(
                  asked, asked.operation() + 1, asked.group(), asked.sequence(), asked.command()),
              CborMap.builder().put(key, value).build()));
    };
  }

  // Frames and versions.

  @Test
  void the_frame_is_what_the_server_says() throws Exception {
    assertThat(over(new HandLink(this::serve)).frame()).isEqualTo(new Frame(512, 3));
  }

  @Test
  void a_server_that_does_not_say_gets_the_safe_frame() throws Exception {
    SmpServer mute = store.server(512, 4, new Collecting.NoParameters());
    assertThat(over(new HandLink(packet -> mute.receive(LINK, packet))).frame())
        .isEqualTo(Frame.SAFE);
  }

  /// Ignores the version bits and answers in version 1, and has no parameters to tell.
  private List<Bytes> old(Bytes packet) {
    SmpHeader asked = header(packet);
    SmpServer server = old;
    Bytes asVersion1 =
        new SmpHeader(
                asked.operation(),
                0,
                0,
                asked.length(),
                asked.group(),
                asked.sequence(),
                asked.command())
            .write()
            .plus(packet.from(SmpHeader.SIZE));
    return server.receive(LINK, asVersion1);
  }

  private final SmpServer old = store.server(512, 4, new Collecting.NoParameters());

  @Test
  void an_old_server_gets_its_upload() throws Exception {
    Bytes file = Collecting.image(20_000);
    HandLink link = new HandLink(this::old);
    SmpClient client = over(link);
    Frame frame = client.frame();
    assertThat(frame).isEqualTo(Frame.SAFE);
    assertThat(client.upload(new ChunkedContent.Image(file), frame, (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(store.finished()).contains(file);
    assertThat(link.sent().stream().skip(1).map(packet -> header(packet).version()))
        .as("after the first answer")
        .containsOnly(0);
  }

  @Test
  void an_upload_steps_down_to_version_1_by_itself() throws Exception {
    Bytes file = Collecting.image(20_000);
    HandLink link = new HandLink(this::old);
    assertThat(upload(link, file, Frame.SAFE)).isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(header(link.sent().getFirst()).version()).isEqualTo(1);
    assertThat(header(link.sent().getLast()).version()).isZero();
  }
}
