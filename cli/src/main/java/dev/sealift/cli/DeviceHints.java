// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Answer.ResultCode;
import dev.sealift.smp.BasicError;
import dev.sealift.smp.EnumerationError;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.GroupError;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.OsError;
import dev.sealift.smp.SettingsError;
import dev.sealift.smp.ShellError;
import dev.sealift.smp.StatisticsError;
import dev.sealift.smp.TransportsError;

/// What would help against a device's refusal; empty where nothing does that we know.
final class DeviceHints {
  private static final String STATISTICS = "'sealift device stat' lists what it counts";
  private static final String FILE_SYSTEM = "its file system may be full, or damaged";

  private DeviceHints() {}

  static String of(Answer.Reason reason) {
    return switch (reason) {
      case Answer.Protocol(var code, _) -> ofCode(code);
      case Answer.OfGroup group -> group.known().map(DeviceHints::ofError).orElse("");
    };
  }

  private static String ofCode(int code) {
    return switch (code) {
      case ResultCode.NOT_SUPPORTED -> "'sealift device groups' says what it can, if it can that";
      case ResultCode.ACCESS_DENIED -> "its own rules forbid it";
      case ResultCode.BUSY, ResultCode.NO_MEMORY -> "wait a little and try again";
      default -> "";
    };
  }

  private static String ofError(GroupError error) {
    return switch (error) {
      case OsError os -> of(os);
      case FilesError files -> of(files);
      case SettingsError settings -> of(settings);
      case StatisticsError _ -> STATISTICS;
      case ShellError _, ImageError _, EnumerationError _, TransportsError _, BasicError _ -> "";
    };
  }

  private static String of(OsError error) {
    return error == OsError.CLOCK_NOT_SET ? "'sealift device datetime --set now' sets it" : "";
  }

  private static String of(FilesError error) {
    return switch (error) {
      case NO_MOUNT_POINT -> "names begin with a mount point, such as /lfs1/";
      case BAD_NAME -> "names are absolute, such as /lfs1/log.txt";
      case NO_CHECKSUM -> "'sealift device files hash --types' lists what it can";
      case IS_DIRECTORY -> "name a file in it: SMP cannot list directories";
      case WRITE, TRUNCATE, OPEN -> FILE_SYSTEM;
      case UNKNOWN, NOT_FOUND, SEEK, READ, DELETE, BAD_OFFSET, PAST_END, READ_ONLY, EMPTY -> "";
    };
  }

  private static String of(SettingsError error) {
    return switch (error) {
      case ROOT_NOT_FOUND -> "names begin with the root of a module, such as bt/name";
      case NOT_FOUND -> "perhaps it was never set, or not loaded: 'device settings load'";
      case UNKNOWN, KEY_TOO_LONG, NO_READ, NO_WRITE, NO_DELETE, NO_SAVE -> "";
    };
  }
}
