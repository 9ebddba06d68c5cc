// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts of equal, different and skipped recordings by mode and category.
final class Tally {
  private static final class Counts {
    private int equal;
    private int different;
  }

  private final Map<String, Counts> rows = new TreeMap<>();
  private final Map<String, List<String>> differences = new TreeMap<>();

  void compared(String mode, String category, String name, List<String> found) {
    if (found.isEmpty()) {
      row(mode, category).equal++;
    } else {
      row(mode, category).different++;
      differences
          .computeIfAbsent(mode + " " + category, _ -> new ArrayList<>())
          .add(name + ": " + String.join("; ", found));
    }
  }

  /// At most a few of each mode and category.
  List<String> differences() {
    return differences.entrySet().stream()
        .flatMap(
            entry -> entry.getValue().stream().limit(3).map(line -> entry.getKey() + " " + line))
        .toList();
  }

  String table(String title) {
    StringBuilder table = new StringBuilder(title).append('\n');
    table.append("%-42s %7s %9s%n".formatted("mode category", "equal", "different"));
    rows.forEach(
        (name, counts) ->
            table.append("%-42s %7d %9d%n".formatted(name, counts.equal, counts.different)));
    return table.toString();
  }

  private Counts row(String mode, String category) {
    return rows.computeIfAbsent(mode + " " + category, _ -> new Counts());
  }
}
