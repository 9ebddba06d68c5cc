// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  /// The first byte cuts the rest into two datagrams, so that a second one finds an upload begun.
  public static final class ServerTarget {
    private static final int BUFFER_SIZE = 512;
    private static final int REQUESTS_MAX = 64;

    private ServerTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
      SmpServer server =
          new SmpServer(
              Samples.setup(BUFFER_SIZE, 4),
              new MemoryStore(),
              Map.of(Group.PERMIT, (_, _) -> new GroupHandler.Response.Done(new Reply.Nothing())),
              Hooks.NONE,
              () -> {});
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
