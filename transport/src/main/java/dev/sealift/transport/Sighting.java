// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

/// Something near that may be spoken to, and how it describes itself: words of strangers, so
/// without anything that a terminal would obey, and not endless.
public record Sighting(Target target, String description) {
  private static final int DESCRIPTION_MAX = 100;

  public Sighting {
    String clean =
        description
            .codePoints()
            .filter(
                point ->
                    !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
            .limit(DESCRIPTION_MAX)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    description = clean.strip();
  }
}
