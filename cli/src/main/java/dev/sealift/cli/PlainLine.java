// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads the lines that builds consist of, `image sign` and `image verify` with nothing unusual in
/// them, without picocli, whose start takes longer than to sign an image. Whatever it does not
/// understand to the last letter, help and mistakes included, it leaves to [WholeLine]: it never
/// says a word itself.
final class PlainLine {
  private final Map<String, Options.Named> byName = new HashMap<>();
  private final Options options;
  // By identity: to compare their content would take longer than all the rest.
  private final Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Runnable> deeds = new ArrayList<>();
  private Console.Form form = Console.Form.TEXT;

  private PlainLine(Options options) {
    this.options = options;
    for (Options.Named option : options.named()) {
      for (String name : option.names()) {
        byName.put(name, option);
      }
    }
  }

  /// The verb, with what was given to it; nothing for a line that is not plain.
  static Optional<Verb> read(Console console, String... args) {
    if (args.length < 2 || !args[0].equals("image")) {
      return Optional.empty();
    }
    Optional<Function<Console, Verb>> maker = verb(args[1]);
    if (maker.isEmpty()) {
      return Optional.empty();
    }
    Verb verb = maker.get().apply(console);
    Options options = new Options();
    verb.declare(options);
    PlainLine line = new PlainLine(options);
    if (!line.isPlain(List.of(args).subList(2, args.length))) {
      return Optional.empty();
    }
    line.deeds.forEach(Runnable::run);
    console.show(line.form);
    return Optional.of(verb);
  }

  private static Optional<Function<Console, Verb>> verb(String word) {
    return switch (word) {
      case "sign" -> Optional.of(ImageSign::new);
      case "verify" -> Optional.of(ImageVerify::new);
      case "show" -> Optional.of(ImageShow::new);
      default -> Optional.empty();
    };
  }

  /// Collects what is to be done, and does nothing yet.
  private boolean isPlain(List<String> args) {
    int place = 0;
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--json") && form == Console.Form.TEXT) {
        form = Console.Form.JSON;
      } else if (arg.startsWith("-")) {
        int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
        Options.Named option = byName.get(equals < 0 ? arg : arg.substring(0, equals));
        if (option == null) {
          return false;
        }
        Optional<String> value =
            equals >= 0
                ? Optional.of(arg.substring(equals + 1))
                : option.into() instanceof Options.Into.Flag || ++i == args.size()
                    ? Optional.empty()
                    : Optional.of(args.get(i)).filter(PlainLine::isWord);
        if (!take(option, option.into(), value)) {
          return false;
        }
      } else {
        if (place == options.operands().size() || !isWord(arg)) {
          return false;
        }
        Options.Operand operand = options.operands().get(place);
        if (!take(operand, operand.into(), Optional.of(arg))) {
          return false;
        }
        place += operand.into() instanceof Options.Into.Each ? 0 : 1;
      }
    }
    return isComplete();
  }

  /// What cannot be taken for an option, and names no file of arguments.
  private static boolean isWord(String arg) {
    return !arg.startsWith("-") && !arg.startsWith("@");
  }

  private boolean take(Object taker, Options.Into into, Optional<String> value) {
    boolean again = !given.add(taker);
    return switch (into) {
      case Options.Into.Flag(var raise) when value.isEmpty() && !again -> deeds.add(raise);
      case Options.Into.Once(var put) when value.isPresent() && !again ->
          deeds.add(() -> put.accept(value.get()));
      case Options.Into.Each(var add) when value.isPresent() ->
          deeds.add(() -> add.accept(value.get()));
      default -> false;
    };
  }

  private boolean isComplete() {
    for (Options.Named option : options.named()) {
      if (option.need() == Options.Need.REQUIRED && !given.contains(option)) {
        return false;
      }
    }
    for (Options.Operand operand : options.operands()) {
      if (operand.need() == Options.Need.REQUIRED && !given.contains(operand)) {
        return false;
      }
    }
    return true;
  }
}
