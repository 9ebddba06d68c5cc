// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Runs any command line, by picocli: with help, and with a sentence for what is wrong in it.
final class WholeLine {
  private WholeLine() {}

  static int run(Console console, String... args) {
    return commandLine(console, args).execute(args);
  }

  /// With the nouns that this line needs.
  static CommandLine commandLine(Console console, String... args) {
    SealiftCommand root = new SealiftCommand();
    CommandLine commandLine = new CommandLine(root, new Parts(console));
    for (Class<?> noun : Nouns.neededFor(args)) {
      commandLine.addSubcommand(noun);
    }
    commandLine.getSubcommands().values().forEach(WholeLine::addDeclared);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpWidth(Math.clamp(console.terminal().columns(), 55, 110))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((e, given) -> wrongUsage(console, e, given))
        .setExecutionExceptionHandler((e, _, _) -> Main.failed(console, e))
        .setExecutionStrategy(
            parsed -> {
              console.show(root.form());
              return new CommandLine.RunLast().execute(parsed);
            });
  }

  private static int wrongUsage(Console console, CommandLine.ParameterException e, String[] given) {
    if (Arrays.asList(given).contains("--json")) {
      console.show(Console.Form.JSON);
    }
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String sentence = String.valueOf(e.getMessage());
    console.fail(
        Exit.USAGE,
        Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1),
        "'" + command + " --help' shows how it is used");
    return Exit.USAGE.code();
  }

  /// What verbs declare themselves, in picocli's own form.
  private static void addDeclared(CommandLine command) {
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    if (spec.userObject() instanceof Verb verb) {
      Options options = new Options();
      verb.declare(options);
      options.named().forEach(option -> spec.addOption(option(option)));
      for (int i = 0; i < options.operands().size(); i++) {
        spec.addPositional(operand(i, options.operands().get(i)));
      }
    }
    command.getSubcommands().values().forEach(WholeLine::addDeclared);
  }

  private static OptionSpec option(Options.Named option) {
    Binding binding = new Binding(option.into());
    OptionSpec.Builder spec =
        OptionSpec.builder(option.names().toArray(String[]::new))
            .required(option.need() == Options.Need.REQUIRED)
            .description(option.description())
            .getter(binding)
            .setter(binding);
    return switch (option.into()) {
      case Options.Into.Flag _ -> spec.type(boolean.class).build();
      case Options.Into.Once _ -> spec.type(String.class).paramLabel(option.label()).build();
      case Options.Into.Each _ ->
          spec.type(List.class).auxiliaryTypes(String.class).paramLabel(option.label()).build();
    };
  }

  private static PositionalParamSpec operand(int place, Options.Operand operand) {
    Binding binding = new Binding(operand.into());
    boolean isRequired = operand.need() == Options.Need.REQUIRED;
    PositionalParamSpec.Builder spec =
        PositionalParamSpec.builder()
            .paramLabel(operand.label())
            .description(operand.description())
            .required(isRequired)
            .getter(binding)
            .setter(binding);
    return operand.into() instanceof Options.Into.Each
        ? spec.index(place + "..*")
            .arity(isRequired ? "1..*" : "0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build()
        : spec.index(String.valueOf(place))
            .arity(isRequired ? "1" : "0..1")
            .type(String.class)
            .build();
  }

  /// Hands on what picocli reads. A list it takes back and sets again, longer, for each member.
  private static final class Binding implements IGetter, ISetter {
    private final Options.Into into;
    private @Nullable Object value;
    private int members;

    Binding(Options.Into into) {
      this.into = into;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> @Nullable T get() {
      return (T) value;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T set(@Nullable T next) {
      T before = (T) value;
      value = next;
      if (next != null) {
        hand(next);
      }
      return before;
    }

    private void hand(Object given) {
      switch (into) {
        case Options.Into.Flag(var raise) -> {
          if (given.equals(true)) {
            raise.run();
          }
        }
        case Options.Into.Once(var put) -> put.accept((String) given);
        case Options.Into.Each(var add) -> {
          List<?> all = (List<?>) given;
          all.subList(members, all.size()).forEach(member -> add.accept((String) member));
          members = all.size();
        }
      }
    }
  }
}
