// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A command line, read by the grammar of its command:
///
/// ```
/// --name value | --name=value | -n value | -nvalue | -fgn value     options, flags bundled
/// --                                                               only operands from here on
/// ```
///
/// Options and operands may be mixed, a value may begin with a dash, and of an option that is given
/// twice the last counts, except for pairs.
final class Given {
  private static final String HELP = "--help";
  private static final String HELP_SHORT = "-h";

  private final Command command;
  private final Map<String, List<List<String>>> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();
  private boolean help;

  private Given(Command command) {
    this.command = command;
  }

  /// `words` is what follows the name of the command. Where help is asked for, nothing else is
  /// looked at.
  static Given read(Command command, List<String> words) throws RefusedException {
    Given given = new Given(command);
    given.read(words);
    if (!given.help) {
      given.check();
    }
    return given;
  }

  private void read(List<String> words) throws RefusedException {
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at++);
      if (word.equals("--")) {
        operands.addAll(words.subList(at, words.size()));
        return;
      }
      if (word.startsWith("--")) {
        at = readLong(word, words, at);
      } else if (word.startsWith("-") && word.length() > 1) {
        at = readShort(word, words, at);
      } else {
        operands.add(word);
      }
    }
  }

  private int readLong(String word, List<String> words, int at) throws RefusedException {
    int sign = word.indexOf('=');
    String name = sign < 0 ? word : word.substring(0, sign);
    if (name.equals(HELP) && sign < 0) {
      help = true;
      return at;
    }
    Option option = option(name);
    if (sign < 0) {
      return take(option, List.of(), words, at);
    }
    if (option.values() == 0) {
      throw RefusedException.usage("option " + name + " takes no value");
    }
    return take(option, List.of(word.substring(sign + 1)), words, at);
  }

  /// Flags in a row, the last option of which may take the rest of the word as its value.
  private int readShort(String word, List<String> words, int at) throws RefusedException {
    for (int i = 1; i < word.length(); i++) {
      String name = "-" + word.charAt(i);
      if (name.equals(HELP_SHORT)) {
        help = true;
        continue;
      }
      Option option = option(name);
      if (option.values() == 0) {
        take(option, List.of(), words, at);
      } else {
        String rest = word.substring(i + 1);
        return take(option, rest.isEmpty() ? List.of() : List.of(rest), words, at);
      }
    }
    return at;
  }

  private Option option(String name) throws RefusedException {
    for (Option option : command.options()) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    throw RefusedException.usage("there is no option " + name);
  }

  private int take(Option option, List<String> before, List<String> words, int at)
      throws RefusedException {
    int missing = option.values() - before.size();
    if (words.size() - at < missing) {
      throw RefusedException.usage(
          missing == 1 && before.isEmpty()
              ? "option " + option.spoken() + " needs a value"
              : "option " + option.spoken() + " needs two values");
    }
    List<String> taken = new ArrayList<>(before);
    taken.addAll(words.subList(at, at + missing));
    List<List<String>> all = values.computeIfAbsent(option.name(), _ -> new ArrayList<>());
    if (!(option.takes() instanceof Option.Takes.Pair)) {
      all.clear();
    }
    all.add(taken);
    return at + missing;
  }

  private void check() throws RefusedException {
    for (Option option : command.options()) {
      List<List<String>> all = values.getOrDefault(option.name(), List.of());
      if (all.isEmpty() && option.need() == Option.Need.REQUIRED) {
        throw RefusedException.usage("option " + option.spoken() + " is missing");
      }
      for (List<String> one : all) {
        check(option, one);
      }
    }
    List<String> wanted = command.operands();
    if (operands.size() < wanted.size()) {
      throw RefusedException.usage(wanted.get(operands.size()) + " is missing");
    }
    if (operands.size() > wanted.size()) {
      throw RefusedException.usage("one too many: " + operands.get(wanted.size()));
    }
  }

  private static void check(Option option, List<String> values) throws RefusedException {
    if (option.values() != 1) {
      return;
    }
    Optional<String> fault = option.takes().fault(values.getFirst());
    if (fault.isPresent()) {
      throw RefusedException.usage(
          "%s is \"%s\", %s".formatted(option.spoken(), values.getFirst(), fault.get()));
    }
  }

  static RefusedException noNumber(String what, String text) {
    return RefusedException.usage(
        "%s is \"%s\", %s".formatted(what, text, Option.Takes.Based.EXPECTED));
  }

  boolean asksForHelp() {
    return help;
  }

  boolean has(String option) {
    return values.containsKey(known(option));
  }

  Optional<String> text(String option) {
    List<List<String>> all = values.getOrDefault(known(option), List.of());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst().getFirst());
  }

  /// Of an option that the grammar asks for, or that has an answer of its own.
  String text(String option, String otherwise) {
    return text(option).orElse(otherwise);
  }

  Optional<BigInteger> number(String option) {
    return text(option).map(text -> Numbers.based(text).orElseThrow());
  }

  Optional<BigInteger> count(String option) {
    return text(option).map(text -> Numbers.decimal(text).orElseThrow());
  }

  List<List<String>> pairs(String option) {
    return List.copyOf(values.getOrDefault(known(option), List.of()));
  }

  String operand(int index) {
    return operands.get(index);
  }

  private String known(String option) {
    for (Option one : command.options()) {
      if (one.name().equals(option)) {
        return option;
      }
    }
    throw new IllegalStateException(command.name() + " has no option " + option);
  }
}
