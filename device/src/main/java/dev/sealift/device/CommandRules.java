// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.permit.Action;
import dev.sealift.smp.Group;
import dev.sealift.smp.SmpHeader;

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

  // Numbers of the reference's table that Sealift has no requests for, or not yet.
  int SETTINGS = 3;
  int LOG = 4;
  int CRASH = 5;
  int RUN = 7;
  int FILES = 8;
  int SHELL = 9;
  int BASIC = 63;
  int PRODUCT_FIRST = 64;

  int ECHO = 0;
  int DATE_TIME = 4;
  int RESET = 5;

  int STATE = 0;
  int UPLOAD = 1;
  int ERASE = 5;

  int SETTINGS_LOAD_SAVE = 3;

  static CommandRules of(int group, int command, int operation) {
    boolean reads = operation == SmpHeader.READ;
    if (group == Group.PERMIT.number()) {
      return new Free();
    }
    if (group == SETTINGS && command == SETTINGS_LOAD_SAVE) {
      // Loading reads from flash and writes into what runs.
      return new Only(Action.SETTINGS);
    }
    if (reads) {
      return new Free();
    }
    if (group == Group.OS.number()) {
      return switch (command) {
        case ECHO -> new Free();
        case DATE_TIME -> new Only(Action.TIME);
        case RESET -> new Reset();
        default -> new Only(Action.UPKEEP);
      };
    }
    if (group == Group.IMAGE.number()) {
      return switch (command) {
        case STATE -> new Mark();
        case UPLOAD -> new Upload();
        case ERASE -> new Only(Action.ERASE);
        default -> new Only(Action.UPKEEP);
      };
    }
    if (group >= PRODUCT_FIRST) {
      return new Only(Action.PRODUCT);
    }
    return switch (group) {
      case SETTINGS -> new Only(Action.SETTINGS);
      case FILES -> new Only(Action.FILES);
      case SHELL -> new Only(Action.SHELL);
      case BASIC -> new Only(Action.STORAGE);
      case CRASH -> new Only(Action.RESET);
      case RUN -> new Only(Action.PRODUCT);
      default -> new Only(Action.UPKEEP);
    };
  }
}
