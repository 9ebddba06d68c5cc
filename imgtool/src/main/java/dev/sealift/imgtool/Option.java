// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.util.List;
import java.util.Optional;

/// One option of a command: its names, the long one first, what it takes, and what it is for.
record Option(List<String> names, Takes takes, Need need, String about) {
  /// What follows the option on the command line. Each says itself what it is, as a switch over
  /// them takes some milliseconds to set up, and a build starts this program for every image.
  sealed interface Takes {
    int values();

    /// As help shows it.
    String form();

    /// What is wrong with a value, for who expects a word or a number.
    default Optional<String> fault(String value) {
      return Optional.empty();
    }

    /// A flag.
    record Nothing() implements Takes {
      @Override
      public int values() {
        return 0;
      }

      @Override
      public String form() {
        return "";
      }
    }

    record Text(String form) implements Takes {
      @Override
      public int values() {
        return 1;
      }
    }

    record OneOf(List<String> words) implements Takes {
      @Override
      public int values() {
        return 1;
      }

      @Override
      public String form() {
        return String.join("|", words);
      }

      @Override
      public Optional<String> fault(String value) {
        return words.contains(value)
            ? Optional.empty()
            : Optional.of("expected one of " + String.join(", ", words));
      }
    }

    /// With a prefix 0x, 0o or 0b, or decimal without leading zeros; of any size.
    record Based() implements Takes {
      static final String EXPECTED =
          "expected a number: decimal without leading zeros, or with 0x, 0o or 0b";

      @Override
      public int values() {
        return 1;
      }

      @Override
      public String form() {
        return "NUMBER";
      }

      @Override
      public Optional<String> fault(String value) {
        return Numbers.based(value).isPresent() ? Optional.empty() : Optional.of(EXPECTED);
      }
    }

    /// Decimal only.
    record Decimal() implements Takes {
      @Override
      public int values() {
        return 1;
      }

      @Override
      public String form() {
        return "NUMBER";
      }

      @Override
      public Optional<String> fault(String value) {
        return Numbers.decimal(value).isPresent()
            ? Optional.empty()
            : Optional.of("expected a decimal number");
      }
    }

    /// Two values, as often as wanted.
    record Pair(String first, String second) implements Takes {
      @Override
      public int values() {
        return 2;
      }

      @Override
      public String form() {
        return first + " " + second;
      }
    }
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
    return takes.values();
  }

  /// As help shows it: `-k, --key FILE`.
  String form() {
    return (String.join(", ", names.reversed()) + " " + takes.form()).strip();
  }

  /// For sentences: `-k / --key`.
  String spoken() {
    return String.join(" / ", names.reversed());
  }
}
