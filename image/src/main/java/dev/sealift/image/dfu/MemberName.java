// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.MalformedException;

/// Names that mean a file in the package and nothing else, on whatever system it is unpacked.
final class MemberName {
  private static final int LENGTH_MAX = 255;

  private MemberName() {}

  static void check(String name) throws MalformedException {
    if (name.isEmpty() || name.length() > LENGTH_MAX) {
      throw new MalformedException(
          "the name of a file has 1 to %d characters, not %d".formatted(LENGTH_MAX, name.length()),
          0);
    }
    if (!isVisible(name)) {
      throw new MalformedException("a file's name has characters that cannot be seen", 0);
    }
    if (name.startsWith("/") || name.startsWith("\\") || name.contains(":")) {
      throw new MalformedException("the path %s is absolute".formatted(name), 0);
    }
    for (String part : name.split("[/\\\\]", -1)) {
      if (part.equals("..") || part.equals(".")) {
        throw new MalformedException("the path %s climbs out of the package".formatted(name), 0);
      }
    }
    if (name.contains("/") || name.contains("\\")) {
      throw new MalformedException("%s lies in a folder; a package has none".formatted(name), 0);
    }
  }

  /// Nothing that moves a cursor or hides what stands beside it.
  static boolean isVisible(String text) {
    return text.codePoints().allMatch(MemberName::isVisible);
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
