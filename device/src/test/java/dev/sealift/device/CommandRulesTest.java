// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.permit.Action;
import dev.sealift.smp.Command;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.SmpHeader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandRulesTest {
  /// Every command of the protocol that writes, by group and number, and what it needs. Commands
  /// that only Mynewt has are among them: a product may register anything.
  private record Row(int group, int command, CommandRules rule) {}

  private static final List<Row> WRITES =
      List.of(
          new Row(0, 0, new CommandRules.Free()),
          new Row(0, 1, new CommandRules.Only(Action.UPKEEP)),
          new Row(0, 4, new CommandRules.Only(Action.TIME)),
          new Row(0, 5, new CommandRules.Reset()),
          new Row(1, 0, new CommandRules.Mark()),
          new Row(1, 1, new CommandRules.Upload()),
          new Row(1, 2, new CommandRules.Only(Action.UPKEEP)),
          new Row(1, 4, new CommandRules.Only(Action.UPKEEP)),
          new Row(1, 5, new CommandRules.Only(Action.ERASE)),
          new Row(3, 0, new CommandRules.Only(Action.SETTINGS)),
          new Row(3, 1, new CommandRules.Only(Action.SETTINGS)),
          new Row(3, 2, new CommandRules.Only(Action.SETTINGS)),
          new Row(3, 3, new CommandRules.Only(Action.SETTINGS)),
          new Row(4, 1, new CommandRules.Only(Action.UPKEEP)),
          new Row(4, 2, new CommandRules.Only(Action.UPKEEP)),
          new Row(5, 0, new CommandRules.Only(Action.RESET)),
          new Row(6, 0, new CommandRules.Only(Action.UPKEEP)),
          new Row(7, 0, new CommandRules.Only(Action.PRODUCT)),
          new Row(8, 0, new CommandRules.Only(Action.FILES)),
          new Row(8, 4, new CommandRules.Only(Action.FILES)),
          new Row(9, 0, new CommandRules.Only(Action.SHELL)),
          new Row(11, 0, new CommandRules.Only(Action.UPKEEP)),
          new Row(11, 1, new CommandRules.Only(Action.UPKEEP)),
          new Row(63, 0, new CommandRules.Only(Action.STORAGE)),
          new Row(64, 0, new CommandRules.Only(Action.PRODUCT)),
          new Row(66, 2, new CommandRules.Only(Action.PRODUCT)),
          new Row(66, 4, new CommandRules.Only(Action.PRODUCT)),
          new Row(66, 5, new CommandRules.Only(Action.PRODUCT)),
          new Row(66, 6, new CommandRules.Only(Action.PRODUCT)));

  @Test
  void every_command_that_writes_has_its_rule() {
    for (Row row : WRITES) {
      assertThat(CommandRules.of(row.group(), row.command(), SmpHeader.WRITE))
          .as("group %d, command %d", row.group(), row.command())
          .isEqualTo(row.rule());
    }
  }

  /// Whatever is registered: only what has judges of its own goes through.
  @Test
  void no_other_write_goes_through() {
    for (int group = 0; group <= 0xffff; group++) {
      for (int command : List.of(0, 1, 2, 3, 4, 5, 6, 7, 99, 255)) {
        boolean judged =
            group == 1000
                || (group == 0 && (command == 0 || command == 5))
                || (group == 1 && (command == 0 || command == 1));
        CommandRules rule = CommandRules.of(group, command, SmpHeader.WRITE);
        if (!judged) {
          assertThat(rule)
              .as("group %d, command %d", group, command)
              .isInstanceOf(CommandRules.Only.class);
        }
      }
    }
  }

  @Test
  void reads_go_through_but_for_the_one_that_changes_what_runs() {
    for (int group = 0; group <= 70; group++) {
      for (int command = 0; command < 16; command++) {
        CommandRules rule = CommandRules.of(group, command, SmpHeader.READ);
        if (group == 3 && command == 3) {
          assertThat(rule).isEqualTo(new CommandRules.Only(Action.SETTINGS));
        } else {
          assertThat(rule).isEqualTo(new CommandRules.Free());
        }
      }
    }
  }

  /// A command that our own server learns without a row here is found.
  @Test
  void every_command_of_our_server_that_writes_is_in_the_table() {
    for (Command command : Command.values()) {
      CommandKey key = command.key();
      if (key.operation() == SmpHeader.WRITE && key.group() != 1000) {
        assertThat(WRITES)
            .as(command.name())
            .anyMatch(row -> row.group() == key.group() && row.command() == key.id());
      }
    }
  }

  @Test
  void every_action_is_needed_by_some_command_or_is_for_what_is_staged() {
    Set<Action> needed = EnumSet.of(Action.ACTIVATE, Action.CONFIRM);
    WRITES.forEach(
        row -> {
          if (row.rule() instanceof CommandRules.Only(var action)) {
            needed.add(action);
          }
        });
    assertThat(needed).containsExactlyInAnyOrderElementsOf(Arrays.asList(Action.values()));
  }
}
