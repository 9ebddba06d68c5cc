// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

/// What tells one command of SMP from all others: its group, its number in the group, and whether
/// it reads or writes. The commands that Sealift knows are the rows of [Command]; a group of one's
/// own makes its own keys.
public record CommandKey(int group, int id, int operation) {
  public CommandKey {
    if (group < 0 || group > 0xffff || id < 0 || id > 0xff) {
      throw new IllegalArgumentException("no command: %d of group %d".formatted(id, group));
    }
    if (operation != SmpHeader.READ && operation != SmpHeader.WRITE) {
      throw new IllegalArgumentException("a command reads or writes, not " + operation);
    }
  }

  public static CommandKey read(int group, int id) {
    return new CommandKey(group, id, SmpHeader.READ);
  }

  public static CommandKey write(int group, int id) {
    return new CommandKey(group, id, SmpHeader.WRITE);
  }

  /// As a person reads it: `IMAGE_UPLOAD`, or the numbers of a command that has no name here.
  @Override
  public String toString() {
    return Command.of(this)
        .map(Enum::name)
        .orElseGet(
            () ->
                "%s command %d of group %d"
                    .formatted(operation == SmpHeader.READ ? "read" : "write", id, group));
  }
}
