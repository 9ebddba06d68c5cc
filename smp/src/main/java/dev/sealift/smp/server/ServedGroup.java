// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Command;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.Group;
import dev.sealift.smp.RequestReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/// A group as a server serves it: its number, the name it is enumerated by, how its requests are
/// read, and who answers them.
public record ServedGroup(
    int number, String name, Map<CommandKey, RequestReader> commands, GroupHandler handler) {
  public ServedGroup {
    commands = Map.copyOf(commands);
    for (CommandKey key : commands.keySet()) {
      if (key.group() != number) {
        throw new IllegalArgumentException("%s is not of group %d".formatted(key, number));
      }
    }
  }

  /// A group that Sealift knows, with all its commands; the handler may refuse some.
  public static ServedGroup of(Group group, GroupHandler handler) {
    Map<CommandKey, RequestReader> commands = new HashMap<>();
    for (Command command : Command.values()) {
      if (command.key().group() == group.number()) {
        commands.put(command.key(), command.reader());
      }
    }
    return new ServedGroup(group.number(), group.title(), commands, handler);
  }

  /// The same group with some of its commands.
  ServedGroup with(Predicate<CommandKey> kept) {
    Map<CommandKey, RequestReader> rest = new HashMap<>(commands);
    rest.keySet().removeIf(kept.negate());
    return new ServedGroup(number, name, rest, handler);
  }

  RequestReader reader(CommandKey key) {
    return Objects.requireNonNull(commands.get(key));
  }

  /// One more than the highest number of its commands: so many places does its table have.
  int places() {
    return commands.keySet().stream().mapToInt(CommandKey::id).max().orElse(-1) + 1;
  }
}
