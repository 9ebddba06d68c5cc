// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The messages of group 1000: what they look like, what an older agent may leave out, and what is
/// refused at the door.
class PermitsTest {
  private static final Bytes ID = Bytes.filled(Permits.ID_SIZE, 0x11);
  private static final Bytes SHORT = Bytes.filled(Permits.SHORT_DIGEST_SIZE, 0x22);
  private static final Bytes DIGEST = Bytes.filled(32, 0x33);
  private static final BigInteger SEQUENCE_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private static <R extends Reply> R read(Request<R> request, CborMap fields)
      throws MalformedException {
    return request.reply(CborFields.of(fields, "answer"));
  }

  /// Written, encoded as a server does it, and read again.
  private static <R extends Reply> void comesBack(Request<R> request, R reply)
      throws MalformedException {
    CborItem received = Cbor.lenient(Cbor.indefinite(reply.fields()));
    assertThat(read(request, CborFields.expect(received, CborMap.class, "answer")))
        .isEqualTo(reply);
  }

  private static CborMap.Builder map() {
    return CborMap.builder();
  }

  // Requests.

  private static final Permits.Get GET =
      new Permits.Get(SHORT, new Permits.Get.What.Bundle(), 512, 400);

  private static final List<Request<?>> REQUESTS =
      List.of(
          new Permits.Info(),
          new Permits.Nonce(),
          new Permits.Bundle(0, DIGEST, Optional.of(900L)),
          new Permits.Bundle(32, DIGEST, Optional.empty()),
          new Permits.Status(),
          new Permits.Session(0, DIGEST, Optional.of(163L)),
          new Permits.Session(32, DIGEST, Optional.empty()),
          new Permits.Have(),
          GET,
          new Permits.Get(SHORT, new Permits.Get.What.Table(0), 0, 1),
          new Permits.Get(SHORT, new Permits.Get.What.Table(255), 0, 0xffff),
          new Permits.Drop(),
          new Permits.Table(Optional.empty(), 0, DIGEST, Optional.of(1616L)),
          new Permits.Table(Optional.of(0), 32, DIGEST, Optional.empty()),
          new Permits.Table(Optional.of(255), 32, DIGEST, Optional.empty()));

  @Test
  void every_request_is_read_as_it_was_written() throws Exception {
    for (Request<?> request : REQUESTS) {
      assertThat(Command.of(request.command()).orElseThrow().read(request.fields()))
          .isEqualTo(request);
    }
  }

  @Test
  void every_command_of_the_group_has_its_number_and_operation() {
    assertThat(
            List.of(Command.values()).stream()
                .map(Command::key)
                .filter(key -> key.group() == 1000)
                .map(key -> key.id() + " " + key.operation()))
        .containsExactlyInAnyOrder("0 0", "1 0", "2 2", "3 0", "4 2", "5 0", "6 0", "7 2", "8 2");
  }

  @Test
  void a_table_is_asked_for_by_its_image_and_image_0_goes_without_saying() throws Exception {
    assertThat(new Permits.Get(SHORT, new Permits.Get.What.Table(0), 0, 5).fields())
        .isEqualTo(map().put("digest", SHORT).put("what", 1).put("off", 0).put("n", 5).build());
    assertThat(new Permits.Get(SHORT, new Permits.Get.What.Table(3), 0, 5).fields().get("img"))
        .contains(CborInt.of(3));
    assertThat(
            Command.PERMIT_GET.read(
                map()
                    .put("digest", SHORT)
                    .put("what", 1)
                    .put("img", 0)
                    .put("off", 0)
                    .put("n", 5)
                    .build()))
        .isEqualTo(new Permits.Get(SHORT, new Permits.Get.What.Table(0), 0, 5));
  }

  @Test
  void a_request_out_of_bounds_is_refused_at_the_door() {
    List<Map.Entry<Command, CborMap>> wrong =
        List.of(
            Map.entry(Command.PERMIT_GET, CborMap.EMPTY),
            Map.entry(Command.PERMIT_GET, with(GET.fields(), "digest", new CborBytes(ID))),
            Map.entry(Command.PERMIT_GET, with(GET.fields(), "what", CborInt.of(2))),
            Map.entry(Command.PERMIT_GET, with(GET.fields(), "what", CborInt.of(-1))),
            Map.entry(Command.PERMIT_GET, with(GET.fields(), "off", CborInt.of(-1))),
            Map.entry(Command.PERMIT_GET, with(GET.fields(), "n", CborInt.of(0x10000))),
            Map.entry(
                Command.PERMIT_GET,
                with(with(GET.fields(), "what", CborInt.of(1)), "img", CborInt.of(256))),
            Map.entry(Command.PERMIT_SESSION, map().put("off", 0).build()),
            Map.entry(Command.PERMIT_SESSION, map().put("data", DIGEST).build()),
            Map.entry(Command.PERMIT_SESSION, map().put("off", -1).put("data", DIGEST).build()),
            Map.entry(
                Command.PERMIT_TABLE,
                map().put("img", 256).put("off", 0).put("data", DIGEST).build()),
            Map.entry(
                Command.PERMIT_TABLE,
                map().put("img", -1).put("off", 0).put("data", DIGEST).build()));
    for (var request : wrong) {
      assertThatThrownBy(() -> request.getKey().read(request.getValue()))
          .as(request.toString())
          .isInstanceOf(MalformedException.class);
    }
  }

  // Replies.

  private static final Permits.InfoReply INFO =
      new Permits.InfoReply(
          1,
          ID,
          Bytes.filled(16, 0x12),
          Optional.of(Bytes.filled(16, 0x13)),
          Optional.of(Bytes.filled(16, 0x14)),
          3,
          1,
          4096,
          Optional.of(2),
          List.of(new Permits.Room(0, 475_136), new Permits.Room(1, 200_704)));

  private static final Permits.StatusReply STATUS =
      new Permits.StatusReply(
          2, Optional.of(DIGEST), Optional.of(1), 8192, Optional.of(77L), Optional.of(true));

  private static final Permits.HaveReply HAVE =
      new Permits.HaveReply(
          List.of(
              new Permits.Held(SHORT, SEQUENCE_MAX, 412_345, 77),
              new Permits.Held(SHORT, BigInteger.ZERO, 0, 0)));

  private static final Permits.SessionReply SESSION =
      new Permits.SessionReply(
          163,
          Optional.of(0L),
          Optional.of(5),
          Optional.of(Duration.ofMinutes(10)),
          Optional.of("granted"));

  private static final Permits.PartReply PART =
      new Permits.PartReply(
          995,
          Optional.of(25L),
          Optional.of(DIGEST),
          Optional.of("not now"),
          Optional.of(Duration.ofSeconds(30)));

  @Test
  void every_reply_comes_back() throws Exception {
    comesBack(new Permits.Info(), INFO);
    comesBack(new Permits.Nonce(), new Permits.NonceReply(ID, Duration.ofSeconds(60)));
    comesBack(new Permits.Bundle(0, DIGEST, Optional.empty()), PART);
    comesBack(new Permits.Table(Optional.empty(), 0, DIGEST, Optional.empty()), PART);
    comesBack(new Permits.Status(), STATUS);
    comesBack(new Permits.Session(0, DIGEST, Optional.empty()), SESSION);
    comesBack(new Permits.Have(), HAVE);
    comesBack(new Permits.Have(), new Permits.HaveReply(List.of()));
    comesBack(GET, new Permits.GetReply(512, DIGEST, 995));
  }

  @Test
  void the_first_agents_replies_are_still_read() throws Exception {
    CborMap info =
        map()
            .put("v", 1)
            .put("vid", ID)
            .put("cid", ID)
            .put("root", 3)
            .put("epoch", 1)
            .put("max", 4096)
            .build();
    assertThat(read(new Permits.Info(), info))
        .isEqualTo(
            new Permits.InfoReply(
                1,
                ID,
                ID,
                Optional.empty(),
                Optional.empty(),
                3,
                1,
                4096,
                Optional.empty(),
                List.of()));
    assertThat(read(new Permits.Info(), info).fields()).isEqualTo(info);
    CborMap status = map().put("state", 2).put("digest", DIGEST).put("off", 8192).build();
    assertThat(read(new Permits.Status(), status))
        .isEqualTo(
            new Permits.StatusReply(
                2,
                Optional.of(DIGEST),
                Optional.empty(),
                8192,
                Optional.empty(),
                Optional.empty()));
    assertThat(read(new Permits.Status(), status).fields()).isEqualTo(status);
  }

  @Test
  void info_names_the_room_of_each_image_as_a_pair() {
    assertThat(INFO.fields().get("slots"))
        .contains(
            CborList.of(
                CborList.of(CborInt.of(0), CborInt.of(475_136)),
                CborList.of(CborInt.of(1), CborInt.of(200_704))));
  }

  @Test
  void times_are_whole_seconds_on_the_wire() {
    assertThat(PART.fields().get("wait")).contains(CborInt.of(30));
    assertThat(SESSION.fields().get("ttl")).contains(CborInt.of(600));
  }

  @Test
  void info_out_of_bounds_is_malformed() {
    for (CborMap wrong :
        List.of(
            with(INFO.fields(), "vid", new CborBytes(SHORT)),
            with(INFO.fields(), "cid", new CborBytes(DIGEST)),
            with(INFO.fields(), "did", new CborBytes(SHORT)),
            with(INFO.fields(), "dep", new CborBytes(Bytes.EMPTY)),
            with(INFO.fields(), "mode", CborInt.of(256)),
            with(INFO.fields(), "slots", CborInt.of(0)),
            with(INFO.fields(), "slots", CborList.of(CborInt.of(0))),
            with(INFO.fields(), "slots", CborList.of(CborList.of(CborInt.of(0)))),
            with(INFO.fields(), "slots", CborList.of(room(256, 0))),
            with(INFO.fields(), "slots", CborList.of(room(0, -1))),
            with(
                INFO.fields(),
                "slots",
                new CborList(Collections.nCopies(Permits.ROOMS_MAX + 1, room(0, 0)))))) {
      assertThatThrownBy(() -> read(new Permits.Info(), wrong))
          .as(wrong.toString())
          .isInstanceOf(MalformedException.class);
    }
  }

  private static CborItem room(int image, long size) {
    return CborList.of(CborInt.of(image), CborInt.of(size));
  }

  @Test
  void a_nonce_of_another_size_is_malformed() {
    for (CborMap wrong :
        List.of(
            map().put("n", SHORT).put("ttl", 60).build(),
            map().put("n", ID).build(),
            map().put("n", ID).put("ttl", -1).build(),
            map().put("n", ID).put("ttl", 1L << 31).build())) {
      assertThatThrownBy(() -> read(new Permits.Nonce(), wrong))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void a_status_out_of_bounds_is_malformed() {
    for (CborMap wrong :
        List.of(
            with(STATUS.fields(), "img", CborInt.of(256)),
            with(STATUS.fields(), "beacon", CborInt.of(-1)),
            with(STATUS.fields(), "stale", CborInt.of(1)))) {
      assertThatThrownBy(() -> read(new Permits.Status(), wrong))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void releases_out_of_bounds_are_malformed() {
    CborItem good = HAVE.releases().getFirst().item();
    for (CborItem wrong :
        List.of(
            CborInt.of(0),
            CborList.of(CborInt.of(0)),
            CborList.of(held(ID, BigInteger.ONE, 0)),
            CborList.of(held(SHORT, BigInteger.ONE.negate(), 0)),
            CborList.of(held(SHORT, BigInteger.ONE, -1)),
            new CborList(Collections.nCopies(Permits.RELEASES_MAX + 1, good)))) {
      assertThatThrownBy(() -> read(new Permits.Have(), map().put("have", wrong).build()))
          .isInstanceOf(MalformedException.class);
    }
  }

  private static CborItem held(Bytes digest, BigInteger sequence, long size) {
    return CborList.of(
        new CborBytes(digest), new CborInt(sequence), CborInt.of(size), CborInt.of(0));
  }

  private static CborMap with(CborMap fields, String key, CborItem value) {
    CborMap.Builder out = CborMap.builder();
    fields
        .entries()
        .forEach(
            (name, item) -> {
              if (!name.equals(new CborText(key))) {
                out.put(name, item);
              }
            });
    return out.put(key, value).build();
  }
}
