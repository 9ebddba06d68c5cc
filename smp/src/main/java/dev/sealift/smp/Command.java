// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import java.util.Optional;

/// The protocol on one page: every command that Sealift speaks by name. A command read and written
/// has two lines.
public enum Command {
  OS_ECHO(Group.OS, 0, SmpHeader.WRITE),
  OS_ECHO_READ(Group.OS, 0, SmpHeader.READ),
  OS_TASKS(Group.OS, 2, SmpHeader.READ),
  OS_MEMORY_POOLS(Group.OS, 3, SmpHeader.READ),
  OS_DATETIME(Group.OS, 4, SmpHeader.READ),
  OS_DATETIME_SET(Group.OS, 4, SmpHeader.WRITE),
  OS_RESET(Group.OS, 5, SmpHeader.WRITE),
  OS_PARAMETERS(Group.OS, 6, SmpHeader.READ),
  OS_INFO(Group.OS, 7, SmpHeader.READ),
  OS_BOOTLOADER(Group.OS, 8, SmpHeader.READ),

  IMAGE_STATE(Group.IMAGE, 0, SmpHeader.READ),
  IMAGE_STATE_SET(Group.IMAGE, 0, SmpHeader.WRITE),
  IMAGE_UPLOAD(Group.IMAGE, 1, SmpHeader.WRITE),
  IMAGE_ERASE(Group.IMAGE, 5, SmpHeader.WRITE),
  IMAGE_SLOTS(Group.IMAGE, 6, SmpHeader.READ),

  BASIC_ERASE_STORAGE(Group.BASIC, 0, SmpHeader.WRITE),

  PERMIT_INFO(Group.PERMIT, 0, SmpHeader.READ),
  PERMIT_NONCE(Group.PERMIT, 1, SmpHeader.READ),
  PERMIT_BUNDLE(Group.PERMIT, 2, SmpHeader.WRITE),
  PERMIT_STATUS(Group.PERMIT, 3, SmpHeader.READ),
  PERMIT_SESSION(Group.PERMIT, 4, SmpHeader.WRITE),
  PERMIT_HAVE(Group.PERMIT, 5, SmpHeader.READ),
  PERMIT_GET(Group.PERMIT, 6, SmpHeader.READ),
  PERMIT_DROP(Group.PERMIT, 7, SmpHeader.WRITE),
  PERMIT_TABLE(Group.PERMIT, 8, SmpHeader.WRITE);

  private final Group group;
  private final int id;
  private final int operation;

  Command(Group group, int id, int operation) {
    this.group = group;
    this.id = id;
    this.operation = operation;
  }

  public int group() {
    return group.number();
  }

  public int id() {
    return id;
  }

  /// [SmpHeader#READ] or [SmpHeader#WRITE].
  public int operation() {
    return operation;
  }

  public static Optional<Command> of(SmpHeader header) {
    for (Command command : values()) {
      if (command.group() == header.group()
          && command.id == header.command()
          && command.operation == header.operation()) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }
}
