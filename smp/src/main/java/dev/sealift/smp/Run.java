// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Optional;

/// Group 7: tests that are built into a device of Mynewt.
public final class Run {
  private Run() {}

  /// Runs a test; `token` marks its lines in the log.
  public record Test(Optional<String> name, Optional<String> token)
      implements Request<Reply.Nothing> {
    static Test of(CborFields in) throws MalformedException {
      return new Test(in.optionalText("testname"), in.optionalText("token"));
    }

    @Override
    public CommandKey command() {
      return Command.RUN_TEST.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      name.ifPresent(value -> out.put("testname", value));
      token.ifPresent(value -> out.put("token", value));
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.ONCE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks which tests there are.
  public record Tests() implements Request<TestsReply> {
    @Override
    public CommandKey command() {
      return Command.RUN_TESTS.key();
    }

    @Override
    public TestsReply reply(CborFields answer) throws MalformedException {
      return TestsReply.of(answer);
    }
  }

  /// The names of all tests.
  public record TestsReply(List<String> names) implements Reply {
    public TestsReply {
      names = List.copyOf(names);
    }

    static TestsReply of(CborFields in) throws MalformedException {
      return new TestsReply(Fields.texts(in, "run_list"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("run_list", Fields.texts(names)).build();
    }
  }
}
