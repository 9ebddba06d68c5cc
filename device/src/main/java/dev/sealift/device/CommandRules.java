// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.permit.Action;
import dev.sealift.smp.Group;
import dev.sealift.smp.SmpHeader;
import java.util.Optional;

/// What stands before each command of SMP, by its numbers alone, which is all that Zephyr's hook
/// shows. What only reads goes through; all that could change something needs a permit; and what is
/// not known is taken to change something.
sealed interface CommandRules {
  /// It changes nothing, or has judges of its own: the permit group.
  record Free() implements CommandRules {}

  /// A chunk of an upload: it has judges of its own, but whose turn it is must be asked first. The
  /// server ends an upload for a chunk that it cannot take, whoever sent it (T46).
  record Upload() implements CommandRules {}

  /// The mark of an image, which a staged permit has as its effect.
  record Mark() implements CommandRules {}

  /// The reset after a mark.
  record Reset() implements CommandRules {}

  /// Only with a session permit of that action.
  record Only(Action action) implements CommandRules {}

  int ECHO = 0;
  int DATE_TIME = 4;
  int RESET = 5;

  int STATE = 0;
  int UPLOAD = 1;
  int ERASE = 5;

  int SETTINGS_LOAD_SAVE = 3;

  static CommandRules of(int group, int command, int operation) {
    boolean reads = operation == SmpHeader.READ;
    Optional<Group> known = Group.ofNumber(group);
    if (known.equals(Optional.of(Group.PERMIT))) {
      return new Free();
    }
    if (known.equals(Optional.of(Group.SETTINGS)) && command == SETTINGS_LOAD_SAVE) {
      // Loading reads from flash and writes into what runs.
      return new Only(Action.SETTINGS);
    }
    if (reads) {
      return new Free();
    }
    if (group >= Group.OWN_FIRST) {
      return new Only(Action.PRODUCT);
    }
    return known.map(named -> write(named, command)).orElseGet(() -> new Only(Action.UPKEEP));
  }

  private static CommandRules write(Group group, int command) {
    return switch (group) {
      case OS ->
          switch (command) {
            case ECHO -> new Free();
            case DATE_TIME -> new Only(Action.TIME);
            case RESET -> new Reset();
            default -> new Only(Action.UPKEEP);
          };
      case IMAGE ->
          switch (command) {
            case STATE -> new Mark();
            case UPLOAD -> new Upload();
            case ERASE -> new Only(Action.ERASE);
            default -> new Only(Action.UPKEEP);
          };
      case SETTINGS -> new Only(Action.SETTINGS);
      case FILES -> new Only(Action.FILES);
      case SHELL -> new Only(Action.SHELL);
      case BASIC -> new Only(Action.STORAGE);
      case CRASH -> new Only(Action.RESET);
      case RUN, SUIT, PERMIT -> new Only(Action.PRODUCT);
      case STATISTICS, LOG, SPLIT, ENUMERATION, TRANSPORTS -> new Only(Action.UPKEEP);
    };
  }
}
