// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Optional;

/// Group 9, the shell.
public final class Shell {
  private Shell() {}

  /// Runs a command: its name and its arguments.
  public record Execute(List<String> words) implements Request<ExecuteReply> {
    public Execute {
      words = List.copyOf(words);
    }

    /// What an older server calls `rc` is what the command gave back, not a refusal: a refusal has
    /// no output.
    @Override
    public Optional<Answer.Reason> refusal(CborMap answer) throws MalformedException {
      return answer.get("o").isPresent() ? Optional.empty() : Answer.reason(answer);
    }

    static Execute of(CborFields in) throws MalformedException {
      return new Execute(Fields.texts(in, "argv"));
    }

    @Override
    public CommandKey command() {
      return Command.SHELL_EXECUTE.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("argv", Fields.texts(words)).build();
    }

    @Override
    public Patience patience() {
      return Patience.ONCE;
    }

    @Override
    public ExecuteReply reply(CborFields answer) throws MalformedException {
      return ExecuteReply.of(answer);
    }
  }

  /// What it wrote, with the colours of a terminal, cut where the device's buffer ends; and what it
  /// gave back, under the name that this server has for it.
  public record ExecuteReply(String output, CodeName name, long code) implements Reply {
    /// How a server calls what a command gives back.
    public enum CodeName {
      RET("ret"),
      /// Before Zephyr 3.
      RC("rc");

      private final String key;

      CodeName(String key) {
        this.key = key;
      }
    }

    public ExecuteReply(String output, long code) {
      this(output, CodeName.RET, code);
    }

    static ExecuteReply of(CborFields in) throws MalformedException {
      Optional<Long> code = in.optionalInteger("ret");
      return code.isPresent()
          ? new ExecuteReply(in.text("o"), code.get())
          : new ExecuteReply(in.text("o"), CodeName.RC, in.optionalInteger("rc").orElse(0L));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("o", output).put(name.key, code).build();
    }
  }
}
