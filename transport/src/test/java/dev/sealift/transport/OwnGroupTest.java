// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.Enumeration;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.GroupHandler.Response;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.ServedGroup;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.SystemFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A group that is not ours, from the request to the answer: what docs/smp.md shows.
class OwnGroupTest {
  // docs: the request
  /// Sets how bright the lamp shines; tells how bright it was.
  record SetLamp(int level) implements Request<Level> {
    static final CommandKey KEY = CommandKey.write(70, 0);

    static SetLamp of(CborFields in) throws MalformedException {
      return new SetLamp(in.number("level", 255));
    }

    @Override
    public CommandKey command() {
      return KEY;
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("level", level).build();
    }

    @Override
    public Level reply(CborFields answer) throws MalformedException {
      return new Level(answer.number("was", 255));
    }
  }

  record Level(int was) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("was", was).build();
    }
  }

  // docs: end

  // docs: the group
  /// The lamp of a device.
  static final class Lamp implements GroupHandler {
    private static final int TOO_BRIGHT = 2;

    private int level;

    ServedGroup group() {
      return new ServedGroup(70, "lamp", Map.of(SetLamp.KEY, SetLamp::of), this);
    }

    @Override
    public Response handle(LinkId link, Request<?> request) {
      return switch (request) {
        case SetLamp(var wanted) when wanted > 200 ->
            new Response.Refused(new Answer.OfGroup(70, TOO_BRIGHT));
        case SetLamp(var wanted) -> {
          int was = level;
          level = wanted;
          yield new Response.Done(new Level(was));
        }
        default -> Response.notSupported();
      };
    }
  }

  // docs: end

  private final Lamp lamp = new Lamp();
  private final SmpServer server =
      new SmpServer(
          new SmpServer.Setup(512, 4),
          SystemFacts.of(SystemFacts.Info.of("test"), BootMode.SWAP_MOVE),
          new Collecting(),
          List.of(lamp.group()),
          Hooks.NONE,
          _ -> {});
  private final HandLink link = new HandLink(packet -> server.receive(new LinkId("test"), packet));
  private final SmpClient client = new SmpClient(link, link);

  @Test
  void a_group_of_ones_own_is_asked_and_answers() throws IOException {
    assertThat(client.call(new SetLamp(100))).isEqualTo(new Answer.Done<>(new Level(0)));
    assertThat(client.call(new SetLamp(7))).isEqualTo(new Answer.Done<>(new Level(100)));
    assertThat(lamp.level).isEqualTo(7);
  }

  @Test
  void its_errors_arrive_by_group_and_number() throws IOException {
    Answer<Level> answer = client.call(new SetLamp(201));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(70, 2)));
    assertThat(lamp.level).isZero();
  }

  @Test
  void a_request_that_is_out_of_range_does_not_reach_it() throws IOException {
    assertThat(client.call(new SetLamp(1000)))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(new Answer.Protocol(Answer.ResultCode.INVALID, Optional.empty())));
    assertThat(lamp.level).isZero();
  }

  /// The documentation shows this file's own text.
  @Test
  void the_documentation_quotes_it() throws IOException {
    Path root = Path.of(System.getProperty("sealift.root", ".."));
    String source =
        Files.readString(
            root.resolve("transport/src/test/java/dev/sealift/transport/OwnGroupTest.java"));
    String docs = Files.readString(root.resolve("docs/smp.md"));
    for (String mark : List.of("// docs: the request\n", "// docs: the group\n")) {
      int from = source.indexOf(mark) + mark.length();
      String quoted = source.substring(from, source.indexOf("// docs: end", from)).stripTrailing();
      assertThat(docs).contains("```java\n" + quoted.indent(-2).strip() + "\n```");
    }
  }

  @Test
  void it_is_enumerated_like_any_other() throws IOException {
    assertThat(client.call(new Enumeration.Details(List.of(70L))))
        .isEqualTo(
            new Answer.Done<>(
                new Enumeration.DetailsReply(
                    List.of(new Enumeration.Detail(70, Optional.of("lamp"), Optional.of(1L))))));
  }
}
