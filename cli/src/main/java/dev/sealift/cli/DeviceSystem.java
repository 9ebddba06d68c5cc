// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The verbs that look at a device's system.
final class DeviceSystem {
  private DeviceSystem() {}

  /// Says what its server takes.
  @Command(
      name = "params",
      description = "Say how large the requests are that a device takes.",
      footer = {"", "Example: sealift device params --to udp://192.0.2.7"})
  static final class Params extends Verb {
    @Mixin private To to = new To();

    Params(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return DeviceCommand.talk(
          to,
          client -> {
            Os.ParametersReply told =
                DeviceCommand.ask(client, new Os.Parameters(), "tell its buffers");
            Frame frame = client.frame();
            return Outcome.done(
                List.of(
                    "buffers   %d of %d bytes".formatted(told.bufferCount(), told.bufferSize()),
                    "requests  up to %d bytes on this wire, %d at once"
                        .formatted(frame.requestMax(), frame.window())),
                CborMap.builder()
                    .put("target", client.target())
                    .put("buf_size", told.bufferSize())
                    .put("buf_count", told.bufferCount())
                    .put("request_max", frame.requestMax())
                    .put("window", frame.window())
                    .build());
          });
    }
  }

  /// Lists its tasks.
  @Command(
      name = "tasks",
      description = "List the tasks of a device, with what they use of their stacks.",
      footer = {"", "Example: sealift device tasks --to udp://192.0.2.7"})
  static final class Tasks extends Verb {
    @Mixin private To to = new To();

    Tasks(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return DeviceCommand.talk(
          to,
          client -> {
            List<String> lines = new ArrayList<>();
            List<CborItem> json = new ArrayList<>();
            DeviceCommand.ask(client, new Os.Tasks(), "list its tasks")
                .tasks()
                .forEach(
                    (given, task) -> {
                      String name = DeviceWords.line(given);
                      lines.add(
                          "%-18s priority %3s  stack %s of %s B"
                              .formatted(
                                  name,
                                  number(task.priority()),
                                  number(task.stackUsedBytes()),
                                  number(task.stackSizeBytes())));
                      CborMap.Builder one = CborMap.builder().put("name", name);
                      task.priority().ifPresent(value -> one.put("priority", value));
                      task.stackUsedBytes().ifPresent(value -> one.put("stack_used", value));
                      task.stackSizeBytes().ifPresent(value -> one.put("stack_size", value));
                      task.contextSwitches().ifPresent(value -> one.put("switches", value));
                      task.runtime().ifPresent(value -> one.put("runtime", value));
                      json.add(one.build());
                    });
            return Outcome.done(
                lines,
                CborMap.builder()
                    .put("target", client.target())
                    .put("tasks", new CborList(json))
                    .build());
          });
    }
  }

  /// Lists its memory pools.
  @Command(
      name = "pools",
      description = "List the memory pools of a device, with what is free.",
      footer = {"", "Example: sealift device pools --to udp://192.0.2.7"})
  static final class Pools extends Verb {
    @Mixin private To to = new To();

    Pools(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return DeviceCommand.talk(
          to,
          client -> {
            List<String> lines = new ArrayList<>();
            List<CborItem> json = new ArrayList<>();
            DeviceCommand.ask(client, new Os.MemoryPools(), "list its memory pools")
                .pools()
                .forEach(
                    (given, pool) -> {
                      String name = DeviceWords.line(given);
                      lines.add(
                          "%-18s %s x %s B, %s free, once %s"
                              .formatted(
                                  name,
                                  number(pool.blocks()),
                                  number(pool.blockSize()),
                                  number(pool.free()),
                                  number(pool.freeMin())));
                      CborMap.Builder one = CborMap.builder().put("name", name);
                      pool.blockSize().ifPresent(value -> one.put("block_size", value));
                      pool.blocks().ifPresent(value -> one.put("blocks", value));
                      pool.free().ifPresent(value -> one.put("free", value));
                      pool.freeMin().ifPresent(value -> one.put("free_min", value));
                      json.add(one.build());
                    });
            return Outcome.done(
                lines,
                CborMap.builder()
                    .put("target", client.target())
                    .put("pools", new CborList(json))
                    .build());
          });
    }
  }

  private static String number(Optional<Long> told) {
    return told.map(String::valueOf).orElse("?");
  }

  /// Has a text sent back.
  @Command(
      name = "echo",
      description = "Send a text to a device and have it sent back.",
      footer = {"", "Example: sealift device echo hello --to udp://192.0.2.7"})
  static final class Echo extends Verb {
    @Mixin private To to = new To();

    @Parameters(paramLabel = "TEXT", description = "what it is to send back")
    private @Nullable String text;

    Echo(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String sent = Given.required(text);
      return DeviceCommand.talk(
          to,
          client -> {
            String back =
                DeviceCommand.ask(client, new Os.Echo(Optional.of(sent)), "send a text back")
                    .text();
            if (!back.equals(sent)) {
              throw Failure.refused(
                      "%s sends back something else: '%s'"
                          .formatted(client.target(), DeviceWords.line(back)))
                  .hint("old servers send nothing back for a long text");
            }
            return Outcome.done(
                DeviceWords.line(back),
                CborMap.builder().put("target", client.target()).put("text", back).build());
          });
    }
  }
}
