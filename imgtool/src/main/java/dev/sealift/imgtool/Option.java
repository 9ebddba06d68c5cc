// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.util.List;

/// One option of a command: its names, the long one first, what it takes, and what it is for.
record Option(List<String> names, Takes takes, Need need, String about) {
  /// What follows the option on the command line.
  sealed interface Takes {
    /// A flag.
    record Nothing() implements Takes {}

    record Text(String word) implements Takes {}

    record OneOf(List<String> words) implements Takes {}

    /// With a prefix 0x, 0o or 0b, or decimal without leading zeros; of any size.
    record Based() implements Takes {}

    /// Decimal only.
    record Decimal() implements Takes {}

    /// Two values, as often as wanted.
    record Pair(String first, String second) implements Takes {}
  }

  /// Whether the command can do without.
  enum Need {
    REQUIRED,
    OPTIONAL
  }

  Option {
    names = List.copyOf(names);
  }

  static Option flag(String about, String... names) {
    return new Option(List.of(names), new Takes.Nothing(), Need.OPTIONAL, about);
  }

  static Option text(String word, String about, String... names) {
    return new Option(List.of(names), new Takes.Text(word), Need.OPTIONAL, about);
  }

  static Option oneOf(List<String> words, String about, String... names) {
    return new Option(List.of(names), new Takes.OneOf(words), Need.OPTIONAL, about);
  }

  static Option number(String about, String... names) {
    return new Option(List.of(names), new Takes.Based(), Need.OPTIONAL, about);
  }

  static Option count(String about, String... names) {
    return new Option(List.of(names), new Takes.Decimal(), Need.OPTIONAL, about);
  }

  static Option pair(String first, String second, String about, String... names) {
    return new Option(List.of(names), new Takes.Pair(first, second), Need.OPTIONAL, about);
  }

  Option required() {
    return new Option(names, takes, Need.REQUIRED, about);
  }

  String name() {
    return names.getFirst();
  }

  int values() {
    return switch (takes) {
      case Takes.Nothing _ -> 0;
      case Takes.Text _, Takes.OneOf _, Takes.Based _, Takes.Decimal _ -> 1;
      case Takes.Pair _ -> 2;
    };
  }

  /// As help shows it: `-k, --key FILE`.
  String form() {
    String shown = String.join(", ", names.reversed());
    return switch (takes) {
      case Takes.Nothing _ -> shown;
      case Takes.Text(var word) -> shown + " " + word;
      case Takes.OneOf(var words) -> shown + " " + String.join("|", words);
      case Takes.Based _, Takes.Decimal _ -> shown + " NUMBER";
      case Takes.Pair(var first, var second) -> shown + " " + first + " " + second;
    };
  }

  /// For sentences: `-k / --key`.
  String spoken() {
    return String.join(" / ", names.reversed());
  }
}
