// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import java.util.List;
import java.util.Optional;

/// The groups that Sealift speaks by name, each with the names of its errors, from number 1 on.
public enum Group {
  OS(
      0,
      List.of(
          "unknown error",
          "bad format",
          "the query gives no answer",
          "the clock is not set",
          "the clock failed",
          "bad value of the query")),
  IMAGE(
      1,
      List.of(
          "unknown error",
          "flash configuration cannot be read",
          "no image in the slot",
          "the image has no TLVs",
          "the image has a bad TLV",
          "the image has several hashes",
          "a TLV has the wrong size",
          "the image has no hash",
          "no free slot",
          "flash cannot be opened",
          "flash cannot be read",
          "flash cannot be written",
          "flash cannot be erased",
          "no such slot",
          "out of memory",
          "an upload context is set already",
          "no upload context is set",
          "no flash device",
          "bad page offset",
          "the offset is missing",
          "the length is missing",
          "the first chunk does not hold the image header",
          "this is no MCUboot image",
          "a hash of the wrong length",
          "the image is built for another address",
          "the running version is unknown",
          "the running image is newer or the same",
          "an image is pending already",
          "the vector table looks wrong",
          "the image is too large",
          "more data than announced",
          "confirming is not allowed",
          "the running image cannot be set to test",
          "the active slot is unknown")),
  /// Zephyr's own.
  BASIC(
      63,
      List.of(
          "unknown error",
          "flash cannot be opened",
          "flash configuration cannot be read",
          "flash cannot be erased")),
  /// Ours: the permit. Its errors are the refusals R1 to R30, which another room explains.
  PERMIT(1000, List.of());

  private final int number;

  // List.of is immutable; the checker knows that of Guava's lists only.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> errors;

  Group(int number, List<String> errors) {
    this.number = number;
    this.errors = errors;
  }

  public int number() {
    return number;
  }

  public static Optional<Group> ofNumber(int number) {
    for (Group group : values()) {
      if (group.number == number) {
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  /// The words for an error of this group.
  public String explain(int code) {
    if (this == PERMIT) {
      return "refused by the device's agent, R" + code;
    }
    return code >= 1 && code <= errors.size() ? errors.get(code - 1) : "error " + code;
  }

  /// The code of SMP itself that a client of version 1 gets for an error of this group.
  public int legacy(int code) {
    return switch (this) {
      case OS ->
          switch (code) {
            case 2 -> Answer.ResultCode.INVALID;
            case 3, 4 -> Answer.ResultCode.NO_ENTRY;
            default -> Answer.ResultCode.UNKNOWN;
          };
      case IMAGE ->
          switch (code) {
            case 3, 4 -> Answer.ResultCode.NO_ENTRY;
            case 9, 27, 28 -> Answer.ResultCode.BAD_STATE;
            case 14, 19, 20, 21, 22, 24, 25 -> Answer.ResultCode.INVALID;
            case 15 -> Answer.ResultCode.NO_MEMORY;
            default -> Answer.ResultCode.UNKNOWN;
          };
      // Zephyr makes 3 and 4 a success, which they are not.
      case BASIC -> code == 2 ? Answer.ResultCode.NO_ENTRY : Answer.ResultCode.UNKNOWN;
      case PERMIT -> Answer.ResultCode.ACCESS_DENIED;
    };
  }
}
