// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.Command;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.Files;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Request;
import dev.sealift.smp.Shell;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.FilesService;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.MemoryFiles;
import dev.sealift.smp.server.Mood;
import dev.sealift.smp.server.ServedGroup;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.SystemFacts;
import dev.sealift.smp.upload.ChunkedContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What old, slow and lying servers do to a client; no test waits.
class ClientTrapTest {
  private static final LinkId LINK = new LinkId("test");
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));
  private static final Answer<Os.EchoReply> ECHOED = new Answer.Done<>(new Os.EchoReply("hello"));

  private final Collecting store = new Collecting();
  private final MemoryFiles files = new MemoryFiles("/lfs1", 1 << 20);

  private SmpServer server(Mood mood) {
    return new SmpServer(
        new SmpServer.Setup(512, 4, mood),
        SystemFacts.of(SystemFacts.Info.of("test"), BootMode.SWAP_MOVE),
        store,
        List.of(ServedGroup.of(Group.FILES, new FilesService(files, 512))),
        Hooks.NONE,
        _ -> {});
  }

  private static HandLink to(SmpServer server) {
    return new HandLink(packet -> server.receive(LINK, packet));
  }

  private static SmpClient over(HandLink link) {
    return new SmpClient(link, link);
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes answer(SmpHeader asked, int version, CborMap fields) {
    return new SmpMessage(
            new SmpHeader(
                asked.operation() + 1,
                version,
                0,
                0,
                asked.group(),
                asked.sequence(),
                asked.command()),
            Optional.of(fields))
        .write();
  }

  private static CborMap code(int code) {
    return CborMap.builder().put("rc", code).build();
  }

  // Versions.

  @Test
  void a_server_to_which_version_2_is_too_new_is_asked_in_version_1() throws Exception {
    SmpServer old = server(Mood.ZEPHYR);
    HandLink link =
        new HandLink(
            packet ->
                header(packet).version() > 0
                    ? List.of(answer(header(packet), 1, code(13)))
                    : old.receive(LINK, packet));
    SmpClient client = over(link);
    assertThat(client.call(ECHO)).isEqualTo(ECHOED);
    assertThat(client.call(ECHO)).isEqualTo(ECHOED);
    assertThat(link.sent()).extracting(packet -> header(packet).version()).containsExactly(1, 0, 0);
  }

  @Test
  void a_server_to_which_version_1_is_too_old_is_asked_in_version_2_again() throws Exception {
    SmpServer modern = server(Mood.ZEPHYR);
    HandLink link =
        new HandLink(
            packet -> {
              SmpHeader asked = header(packet);
              return switch (asked.group()) {
                // Something on the way answers one request in version 1, and so makes it step down.
                case 70 -> List.of(answer(asked, 0, code(8)));
                default ->
                    asked.version() == 0
                        ? List.of(answer(asked, 0, code(12)))
                        : modern.receive(LINK, packet);
              };
            });
    SmpClient client = over(link);
    client.call(new OwnGroupTest.SetLamp(1));
    assertThat(client.call(ECHO)).isEqualTo(ECHOED);
    assertThat(header(link.sent().getLast()).version()).isEqualTo(1);
  }

  @Test
  void a_server_that_knows_no_version_at_all_is_not_asked_for_ever() throws Exception {
    HandLink link = new HandLink(packet -> List.of(answer(header(packet), 1, code(13))));
    assertThat(over(link).call(ECHO)).isInstanceOf(Answer.Refused.class);
    assertThat(link.sent()).hasSize(2);
  }

  @Test
  void an_upload_steps_down_when_the_server_says_so() throws Exception {
    SmpServer old = server(Mood.ZEPHYR);
    HandLink link =
        new HandLink(
            packet ->
                header(packet).version() > 0
                    ? List.of(answer(header(packet), 1, code(13)))
                    : old.receive(LINK, packet));
    Bytes file = Collecting.image(3000);
    assertThat(over(link).upload(new ChunkedContent.Image(file), Frame.SAFE, (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(store.finished()).contains(file);
  }

  @Test
  void every_named_server_is_updated_from_parameters_to_the_last_chunk() throws Exception {
    for (Mood mood : Mood.NAMED) {
      SmpClient client = over(to(server(mood)));
      Bytes file = Collecting.image(5000);
      assertThat(client.upload(new ChunkedContent.Image(file), client.frame(), (_, _) -> {}))
          .as(mood.name())
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
      assertThat(store.finished()).contains(file);
    }
  }

  @Test
  void without_parameters_only_the_safe_frame_is_used() throws Exception {
    assertThat(over(to(server(Mood.ZEPHYR.without(Command.OS_PARAMETERS)))).frame())
        .isEqualTo(Frame.SAFE);
  }

  // Patience.

  @Test
  void an_erase_is_waited_for_as_long_as_it_may_take_and_not_asked_for_meanwhile() {
    HandLink silent = new HandLink(_ -> List.of());
    assertThatThrownBy(() -> over(silent).call(new Images.Erase(Optional.empty())))
        .isInstanceOf(DeviceSilentException.class);
    assertThat(silent.sent()).hasSize(2);
    assertThat(silent.waited()).isEqualTo(Duration.ofSeconds(80));
  }

  @Test
  void what_must_not_happen_twice_is_asked_for_once() {
    for (Request<?> request :
        List.<Request<?>>of(new Shell.Execute(List.of("blow")), Os.Reset.plain())) {
      HandLink silent = new HandLink(_ -> List.of());
      assertThatThrownBy(() -> over(silent).call(request))
          .isInstanceOf(DeviceSilentException.class);
      assertThat(silent.sent()).hasSize(1);
    }
  }

  // Lies (T49).

  /// Who answers with everything but the right numbers.
  private static List<Bytes> wrong(SmpHeader asked, CborMap fields) {
    List<Bytes> lies = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      lies.add(
          new SmpMessage(
                  new SmpHeader(
                      asked.operation() + (part == 0 ? 3 : 1),
                      asked.version(),
                      0,
                      0,
                      part == 1 ? asked.group() + 1 : asked.group(),
                      part == 2 ? (asked.sequence() + 100) & 0xff : asked.sequence(),
                      part == 3 ? asked.command() + 1 : asked.command()),
                  Optional.of(fields))
              .write());
    }
    return lies;
  }

  @Test
  void answers_with_a_wrong_number_are_nothing_to_an_upload() throws Exception {
    SmpServer honest = server(Mood.ZEPHYR);
    Bytes file = Collecting.image(6000);
    CborMap allThere = CborMap.builder().put("off", 6000).build();
    HandLink link =
        new HandLink(
            packet -> {
              List<Bytes> both = wrong(header(packet), allThere);
              both.addAll(honest.receive(LINK, packet));
              return both;
            });
    assertThat(over(link).upload(new ChunkedContent.Image(file), new Frame(384, 3), (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(store.finished()).contains(file);
  }

  @Test
  void answers_that_nobody_asked_for_are_bounded_and_harmless() {
    HandLink link =
        new HandLink(
            packet -> {
              List<Bytes> lies = new ArrayList<>();
              for (int i = 0; i < 5000; i++) {
                lies.addAll(wrong(header(packet), CborMap.EMPTY));
              }
              return lies;
            });
    assertThatThrownBy(() -> over(link).call(ECHO)).isInstanceOf(DeviceSilentException.class);
    assertThat(link.sent()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void an_answer_to_a_request_of_before_is_not_taken_for_this_one() throws Exception {
    SmpServer honest = server(Mood.ZEPHYR);
    List<Bytes> before = new ArrayList<>();
    HandLink link =
        new HandLink(
            packet -> {
              List<Bytes> all = new ArrayList<>(before);
              List<Bytes> right = honest.receive(LINK, packet);
              before.addAll(right);
              all.addAll(right);
              return all;
            });
    SmpClient client = over(link);
    for (int i = 0; i < 5; i++) {
      String text = "text " + i;
      assertThat(client.call(new Os.Echo(Optional.of(text))))
          .isEqualTo(new Answer.Done<>(new Os.EchoReply(text)));
    }
  }

  @Test
  void answers_back_to_back_in_one_packet_are_all_heard() throws Exception {
    SmpServer honest = server(Mood.ZEPHYR);
    HandLink link =
        new HandLink(
            packet -> {
              Bytes all = Bytes.EMPTY;
              for (Bytes lie : wrong(header(packet), CborMap.EMPTY)) {
                all = all.plus(lie);
              }
              return List.of(all.plus(honest.receive(LINK, packet).getFirst()));
            });
    assertThat(over(link).call(ECHO)).isEqualTo(ECHOED);
    assertThat(link.sent()).hasSize(1);
  }

  @Test
  void an_answer_that_is_cut_short_is_no_answer() throws Exception {
    SmpServer honest = server(Mood.ZEPHYR);
    int[] packets = {0};
    HandLink link =
        new HandLink(
            packet -> {
              Bytes right = honest.receive(LINK, packet).getFirst();
              return List.of(packets[0]++ == 0 ? right.first(right.size() - 2) : right);
            });
    assertThat(over(link).call(ECHO)).isEqualTo(ECHOED);
    assertThat(link.sent()).hasSize(2);
  }

  // Files.

  private SmpClient.Fetch fetch(Function<Bytes, List<Bytes>> device, long sizeMax)
      throws IOException {
    return over(new HandLink(device)).download("/lfs1/f", sizeMax, (_, _) -> {});
  }

  private static Function<Bytes, List<Bytes>> saying(CborMap fields) {
    return packet -> List.of(answer(header(packet), 1, fields));
  }

  @Test
  void a_file_goes_there_and_comes_back() throws Exception {
    Bytes content = Collecting.image(9000);
    SmpClient client = over(to(server(Mood.ZEPHYR)));
    assertThat(
            client.upload(
                new ChunkedContent.File("/lfs1/f", content), client.frame(), (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    List<Long> progress = new ArrayList<>();
    assertThat(client.download("/lfs1/f", 10_000, (at, _) -> progress.add(at)))
        .isEqualTo(new SmpClient.Fetch.Whole(content));
    assertThat(progress).isSorted().endsWith(9000L);
    assertThat(client.download("/lfs1/f", 8999, (_, _) -> {}))
        .isEqualTo(new SmpClient.Fetch.TooLarge(9000));
    assertThat(client.download("/lfs1/none", 1, (_, _) -> {}))
        .isInstanceOf(SmpClient.Fetch.Refused.class);
  }

  @Test
  void an_empty_file_comes_back_empty() throws Exception {
    SmpClient client = over(to(server(Mood.ZEPHYR)));
    client.call(new Files.Write("/lfs1/f", 0, Optional.of(0L), Bytes.EMPTY));
    assertThat(client.download("/lfs1/f", 10, (_, _) -> {}))
        .isEqualTo(new SmpClient.Fetch.Whole(Bytes.EMPTY));
  }

  @Test
  void a_device_that_lies_about_a_file_is_given_up() throws Exception {
    Bytes two = Bytes.ofHex("0102");
    SmpClient.Fetch stuck = new SmpClient.Fetch.Stuck(0);
    assertThat(fetch(saying(file(0, Bytes.EMPTY, 100)), 1000)).isEqualTo(stuck);
    assertThat(fetch(saying(file(0, two, 1)), 1000)).isEqualTo(stuck);
    assertThat(fetch(saying(file(5, two, 100)), 1000)).isEqualTo(stuck);
    assertThat(fetch(saying(file(0, two, 100)), 1000)).isEqualTo(new SmpClient.Fetch.Stuck(2));
    assertThat(fetch(saying(file(0, two, Long.MAX_VALUE)), 1000))
        .isEqualTo(new SmpClient.Fetch.TooLarge(Long.MAX_VALUE));
  }

  private static CborMap file(long offset, Bytes data, long length) {
    return CborMap.builder().put("off", offset).put("data", data).put("len", length).build();
  }

  @Test
  void a_command_is_named_when_its_answer_makes_no_sense() {
    HandLink link = new HandLink(packet -> List.of(answer(header(packet), 1, CborMap.EMPTY)));
    assertThatThrownBy(() -> over(link).call(new Os.Parameters()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("OS_PARAMETERS");
    assertThat(CommandKey.read(0, 6)).isEqualTo(Command.OS_PARAMETERS.key());
  }
}
