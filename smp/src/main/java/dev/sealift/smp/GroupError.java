// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

/// An error that a group has a name for.
public sealed interface GroupError
    permits OsError,
        ImageError,
        StatisticsError,
        SettingsError,
        FilesError,
        ShellError,
        EnumerationError,
        TransportsError,
        BasicError {
  Group group();

  int code();

  String words();

  /// The code of SMP itself that a client of version 1 gets for it.
  int legacy();

  default Answer.OfGroup reason() {
    return new Answer.OfGroup(group().number(), code());
  }
}
