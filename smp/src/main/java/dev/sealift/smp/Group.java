// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import java.util.List;
import java.util.Optional;

/// The groups that Sealift speaks by name, each with its errors.
///
/// What 5 and 7 are is said both ways in the world; here as in the servers' sources.
public enum Group {
  OS(0, "os mgmt", OsError.values()),
  IMAGE(1, "img mgmt", ImageError.values()),
  STATISTICS(2, "stat mgmt", StatisticsError.values()),
  SETTINGS(3, "settings mgmt", SettingsError.values()),
  /// Mynewt's own, as the next three are: Zephyr has none of them.
  LOG(4, "log mgmt"),
  CRASH(5, "crash mgmt"),
  SPLIT(6, "split mgmt"),
  RUN(7, "run mgmt"),
  FILES(8, "fs mgmt", FilesError.values()),
  SHELL(9, "shell mgmt", ShellError.values()),
  ENUMERATION(10, "enum mgmt", EnumerationError.values()),
  TRANSPORTS(11, "transport mgmt", TransportsError.values()),
  /// Zephyr's own.
  BASIC(63, "zephyr basic mgmt", BasicError.values()),
  /// Nordic's own.
  SUIT(66, "suit mgmt"),
  /// Ours: the permit. Its errors are the refusals R1 to R30, which another room explains.
  PERMIT(1000, "sealift permit");

  /// From here on numbers belong to whoever makes a device.
  public static final int OWN_FIRST = 64;

  private final int number;
  private final String title;

  // List.of is immutable; the checker knows that of Guava's lists only.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<GroupError> errors;

  Group(int number, String title, GroupError... errors) {
    this.number = number;
    this.title = title;
    this.errors = List.of(errors);
  }

  public int number() {
    return number;
  }

  /// What a device that enumerates its groups calls it.
  public String title() {
    return title;
  }

  public List<GroupError> errors() {
    return errors;
  }

  public static Optional<Group> ofNumber(int number) {
    for (Group group : values()) {
      if (group.number == number) {
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  /// The error of that number, where the group has a name for it.
  public Optional<GroupError> error(int code) {
    for (GroupError error : errors) {
      if (error.code() == code) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }

  /// The words for an error of this group.
  public String explain(int code) {
    if (this == PERMIT) {
      return "refused by the device's agent, R" + code;
    }
    return error(code).map(GroupError::words).orElse("error " + code);
  }

  /// The code of SMP itself that a client of version 1 gets for an error of this group.
  public int legacy(int code) {
    if (this == PERMIT) {
      return Answer.ResultCode.ACCESS_DENIED;
    }
    return error(code).map(GroupError::legacy).orElse(Answer.ResultCode.UNKNOWN);
  }
}
