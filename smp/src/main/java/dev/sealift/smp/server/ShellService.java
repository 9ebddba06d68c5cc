// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Request;
import dev.sealift.smp.Shell;
import dev.sealift.smp.ShellError;
import java.util.List;

/// Group 9: the shell. What a command wrote is cut to the buffer of Zephyr's dummy terminal.
public final class ShellService implements GroupHandler {
  /// Runs commands.
  @FunctionalInterface
  public interface Commands {
    Outcome run(List<String> words);
  }

  /// What a command wrote, and what it gave back: 0, or an error below it.
  public record Outcome(String output, long code) {}

  private static final int LINE_MAX = 256;
  private static final int OUTPUT_MAX = 300;

  private final Commands commands;
  private final int outputMax;

  /// Answers fit a buffer of that size.
  public ShellService(Commands commands, int bufferSize) {
    this.commands = commands;
    this.outputMax = Math.max(0, Math.min(OUTPUT_MAX, bufferSize - 32));
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Shell.Execute(var words) -> execute(words);
      default -> Response.notSupported();
    };
  }

  private Response execute(List<String> words) {
    String line = String.join(" ", words);
    if (Bytes.ofUtf8(line).size() > LINE_MAX) {
      return Response.refused(ShellError.TOO_LONG);
    }
    if (line.isBlank()) {
      return Response.refused(ShellError.EMPTY);
    }
    Outcome outcome = commands.run(words);
    return new Response.Done(new Shell.ExecuteReply(cut(outcome.output()), outcome.code()));
  }

  /// No character is cut in two.
  private String cut(String output) {
    int end = output.length();
    while (Bytes.ofUtf8(output.substring(0, end)).size() > outputMax) {
      end--;
      if (end > 0 && Character.isHighSurrogate(output.charAt(end - 1))) {
        end--;
      }
    }
    return output.substring(0, end);
  }
}
