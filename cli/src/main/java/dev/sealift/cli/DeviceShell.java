// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Shell;
import dev.sealift.transport.DeviceSilentException;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The shell of a device: one command, or a conversation. What came after a command of which no
/// answer came is not sent: nobody knows whether that one was carried out.
@Command(
    name = "shell",
    description = "Run a command in a device's shell, or many: typed, or from a pipe.",
    footer = {
      "",
      "Words that begin with a dash go behind --. Exit code 1",
      "if a command gives back another code than 0.",
      "Example: sealift device shell --to udp://192.0.2.7",
      "           -- kernel uptime",
      "         sealift device shell --to udp://192.0.2.7",
      "           < commands.txt"
    })
final class DeviceShell extends Verb {
  @Mixin private To to = new To();

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "the command; without one, lines are read until exit or the end")
  private List<String> words = new ArrayList<>();

  DeviceShell(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return DeviceCommand.talk(to, client -> words.isEmpty() ? conversation(client) : once(client));
  }

  private Outcome once(SmpClient client) throws IOException {
    Shell.ExecuteReply reply = run(client, words);
    List<String> lines = new ArrayList<>();
    String output = shown(reply);
    if (!output.isEmpty()) {
      lines.add(output);
    }
    if (reply.code() != 0) {
      lines.add(codeWords(reply));
    }
    return new Outcome(
        reply.code() == 0 ? Exit.DONE : Exit.REFUSED,
        lines,
        json(String.join(" ", words), reply).put("target", client.target()).build());
  }

  private Outcome conversation(SmpClient client) throws IOException {
    boolean isTyped = console().form() == Console.Form.TEXT && console().terminal().isInteractive();
    int commands = 0;
    int failed = 0;
    try (ShellLines lines = isTyped ? TypedLines.ofSystem() : ShellLines.piped(console().in())) {
      while (true) {
        Optional<String> next = lines.next();
        if (next.isEmpty() || next.get().strip().equals("exit")) {
          break;
        }
        List<String> line = split(next.get());
        if (line.isEmpty()) {
          continue;
        }
        commands++;
        try {
          Shell.ExecuteReply reply = run(client, line);
          failed += reply.code() == 0 ? 0 : 1;
          tell(next.get().strip(), reply);
        } catch (Failure refused) {
          if (!isTyped) {
            throw refused;
          }
          failed++;
          console()
              .fail(
                  refused.exit(), String.valueOf(refused.getMessage()), refused.hint().orElse(""));
        }
      }
    }
    return new Outcome(
        failed == 0 || isTyped ? Exit.DONE : Exit.REFUSED,
        List.of(),
        CborMap.builder()
            .put("target", client.target())
            .put("commands", commands)
            .put("failed", failed)
            .build());
  }

  private static Shell.ExecuteReply run(SmpClient client, List<String> line) throws IOException {
    try {
      return DeviceCommand.ask(client, new Shell.Execute(line), "run '" + line.getFirst() + "'");
    } catch (DeviceSilentException e) {
      throw Failure.world(
              "%s, so perhaps it ran '%s' and perhaps not"
                  .formatted(Files.reason(e), line.getFirst()))
          .hint("look before asking again: it would be done twice");
    }
  }

  private void tell(String line, Shell.ExecuteReply reply) {
    String output = shown(reply);
    if (!output.isEmpty()) {
      console().say(output);
    }
    if (reply.code() != 0) {
      console().say(codeWords(reply));
    }
    console().event(json(line, reply).build());
  }

  /// Zephyr's shell begins and ends what it says with an empty line.
  private String shown(Shell.ExecuteReply reply) {
    DeviceWords.Colours colours =
        console().terminal().isInteractive()
            ? DeviceWords.Colours.KEPT
            : DeviceWords.Colours.DROPPED;
    return stripped(DeviceWords.lines(reply.output(), colours));
  }

  private static String stripped(String output) {
    String text = output;
    while (text.startsWith("\n")) {
      text = text.substring(1);
    }
    return text.stripTrailing();
  }

  private static String codeWords(Shell.ExecuteReply reply) {
    return "(it gave back %d)".formatted(reply.code());
  }

  private static CborMap.Builder json(String line, Shell.ExecuteReply reply) {
    return CborMap.builder()
        .put("command", line)
        .put("output", stripped(DeviceWords.lines(reply.output(), DeviceWords.Colours.DROPPED)))
        .put("code", reply.code());
  }

  /// The words of a line; quotes keep blanks, and stay for the device, which puts the words
  /// together again and reads them itself.
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int quote = 0;
    for (int point : line.codePoints().toArray()) {
      if (quote == 0 && Character.isWhitespace(point)) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
        continue;
      }
      if (point == '"' || point == '\'') {
        quote = quote == 0 ? point : quote == point ? 0 : quote;
      }
      word.appendCodePoint(point);
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
