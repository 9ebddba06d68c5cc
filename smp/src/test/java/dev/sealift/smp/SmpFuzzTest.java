// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.server.FilesService;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LogService;
import dev.sealift.smp.server.MemoryFiles;
import dev.sealift.smp.server.MemoryStore;
import dev.sealift.smp.server.Mood;
import dev.sealift.smp.server.Samples;
import dev.sealift.smp.server.ServedGroup;
import dev.sealift.smp.server.SettingsMemory;
import dev.sealift.smp.server.SettingsService;
import dev.sealift.smp.server.ShellService;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.StatisticsService;
import dev.sealift.smp.server.TransportsService;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class SmpFuzzTest {
  @Test
  void any_bytes_are_refused_or_are_a_message_that_comes_back() {
    assertThat(Fuzzing.fuzz(MessageTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  @Test
  void any_datagrams_are_answered_within_bounds() {
    assertThat(Fuzzing.fuzz(ServerTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  @Test
  void any_map_is_refused_as_an_answer_of_the_permit_group_or_is_one_that_comes_back() {
    assertThat(Fuzzing.fuzz(PermitTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  @Test
  void any_map_is_refused_as_a_request_or_is_one_that_comes_back() {
    assertThat(Fuzzing.fuzz(RequestTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  @Test
  void any_map_is_refused_as_an_answer_or_is_one_that_comes_back() {
    assertThat(Fuzzing.fuzz(ReplyTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  /// The first byte chooses the command.
  public static final class RequestTarget {
    private static final List<Command> COMMANDS = List.of(Command.values());

    private RequestTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      Bytes all = Bytes.of(data);
      if (all.isEmpty()) {
        return;
      }
      Command command = COMMANDS.get(all.at(0) % COMMANDS.size());
      Request<?> request;
      try {
        request = command.reader().read(CborFields.of(Cbor.lenient(all.from(1)), "request"));
      } catch (MalformedException _) {
        return;
      }
      if (!command.read(request.fields()).equals(request)) {
        throw new AssertionError("not the same request: " + request);
      }
    }
  }

  /// The first byte chooses what was asked.
  public static final class ReplyTarget {
    private ReplyTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      Bytes all = Bytes.of(data);
      if (all.isEmpty()) {
        return;
      }
      Request<?> asked = CommandTest.CASES.get(all.at(0) % CommandTest.CASES.size()).request();
      Answer<? extends Reply> answer;
      try {
        answer =
            Cbor.lenient(all.from(1)) instanceof CborMap map
                ? Answer.read(asked, map)
                : new Answer.Done<>(new Reply.Nothing());
      } catch (MalformedException _) {
        return;
      }
      if (answer instanceof Answer.Done<? extends Reply>(var reply)
          && !(reply instanceof Reply.Nothing)
          && !asked.reply(CborFields.of(reply.fields(), "answer")).equals(reply)) {
        throw new AssertionError("not the same answer: " + reply);
      }
    }
  }

  /// The length alone may change: it becomes that of the definite form.
  public static final class MessageTarget {
    private MessageTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      SmpMessage message;
      try {
        message = SmpMessage.read(Bytes.of(data));
      } catch (MalformedException _) {
        return;
      }
      Bytes written = message.write();
      SmpMessage again = SmpMessage.read(written);
      if (!again.payload().equals(message.payload())
          || !again.write().equals(written)
          || !again.header().equals(message.header().withLength(again.header().length()))) {
        throw new AssertionError("not the same message: " + message);
      }
    }
  }

  /// The first byte chooses what was asked.
  public static final class PermitTarget {
    private static final List<Request<?>> ASKED =
        List.of(
            new Permits.Info(),
            new Permits.Nonce(),
            new Permits.Bundle(0, Bytes.EMPTY, Optional.empty()),
            new Permits.Status(),
            new Permits.Session(0, Bytes.EMPTY, Optional.empty()),
            new Permits.Have(),
            new Permits.Get(Bytes.filled(8, 0), new Permits.Get.What.Bundle(), 0, 1));

    private PermitTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      Bytes all = Bytes.of(data);
      if (all.isEmpty()) {
        return;
      }
      Request<?> asked = ASKED.get(all.at(0) % ASKED.size());
      Reply reply;
      try {
        reply = asked.reply(CborFields.of(Cbor.lenient(all.from(1)), "answer"));
      } catch (MalformedException _) {
        return;
      }
      CborItem written = Cbor.lenient(Cbor.indefinite(reply.fields()));
      if (!asked.reply(CborFields.of(written, "answer")).equals(reply)) {
        throw new AssertionError("not the same answer: " + reply);
      }
    }
  }

  /// The first byte chooses the mood, and cuts the rest into two datagrams, so that a second one
  /// finds an upload begun.
  public static final class ServerTarget {
    private static final int BUFFER_SIZE = 512;
    private static final int REQUESTS_MAX = 64;

    private ServerTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      SmpServer server =
          new SmpServer(
              new SmpServer.Setup(
                  BUFFER_SIZE,
                  4,
                  Mood.NAMED.get(data.length == 0 ? 0 : (data[0] & 0xff) % Mood.NAMED.size())),
              Samples.FACTS,
              new MemoryStore(),
              List.of(
                  ServedGroup.of(Group.PERMIT, (_, _) -> GroupHandler.Response.nothing()),
                  ServedGroup.of(
                      Group.STATISTICS, new StatisticsService(() -> Map.of("a", Map.of("b", 1L)))),
                  ServedGroup.of(
                      Group.SETTINGS, new SettingsService(new SettingsMemory(Set.of("a")))),
                  ServedGroup.of(
                      Group.FILES, new FilesService(new MemoryFiles("/a", 1024), BUFFER_SIZE)),
                  ServedGroup.of(
                      Group.SHELL,
                      new ShellService(
                          words -> new ShellService.Outcome(words.toString(), 0), BUFFER_SIZE)),
                  ServedGroup.of(Group.LOG, new LogService(Set.of("a"))),
                  ServedGroup.of(Group.TRANSPORTS, new TransportsService(List.of()))),
              Hooks.NONE,
              _ -> {});
      Bytes all = Bytes.of(data);
      int cut = all.isEmpty() ? 0 : Math.min(all.at(0), all.size());
      for (Bytes datagram : List.of(all.from(Math.min(1, all.size())), all.from(cut))) {
        List<Bytes> answers = server.receive(Samples.LINK, datagram);
        if (answers.size() > REQUESTS_MAX) {
          throw new AssertionError(answers.size() + " answers");
        }
        for (Bytes answer : answers) {
          if (answer.size() > BUFFER_SIZE) {
            throw new AssertionError("an answer of " + answer.size() + " bytes");
          }
          SmpMessage.read(answer);
        }
      }
    }
  }
}
