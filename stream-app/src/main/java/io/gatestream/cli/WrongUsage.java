package io.gatestream.cli;

import io.gatestream.text.Nearest;
import io.gatestream.text.Secrets;
import io.gatestream.text.Terminal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line: one line that names the argument as it was typed, what to
 * type in its place, and where the usage is. The usage itself, pages long, would push that off the
 * screen.
 */
final class WrongUsage implements IParameterExceptionHandler {
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class);
  private static final Set<Class<?>> DECIMAL =
      Set.of(double.class, Double.class, float.class, Float.class);

  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    String line =
        "error: %s (see '%s --help')"
            .formatted(message(wrong, List.of(args)), command.getCommandSpec().qualifiedName());
    command.getErr().println(Terminal.printable(Secrets.mask(line)));
    command.getErr().flush();
    return ExitCode.USAGE;
  }

  /**
   * Refuses a command that does not exist where its help is asked for: the page of all commands,
   * given for it, would look as if it did.
   *
   * @throws UnmatchedArgumentException it is unknown
   */
  static void refuseUnknownCommand(ParseResult parsed) {
    for (ParseResult part = parsed; part != null; part = part.subcommand()) {
      if (!part.commandSpec().subcommands().isEmpty() && !part.unmatched().isEmpty()) {
        throw new UnmatchedArgumentException(
            part.commandSpec().commandLine(), List.copyOf(part.unmatched()));
      }
    }
  }

  /** For a command that only holds others. */
  static ParameterException missingCommand(CommandLine command) {
    return new ParameterException(
        command,
        "no command is given: give "
            + String.join(" or ", command.getCommandSpec().subcommands().keySet()));
  }

  private static String message(ParameterException wrong, List<String> given) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    List<String> unmatched =
        wrong instanceof UnmatchedArgumentException unknown
            ? unknown.getUnmatched()
            : wrong.getCommandLine().getUnmatchedArguments();
    if (!unmatched.isEmpty()) { // a misspelt option is missing, too
      return unmatched(unmatched, command);
    }
    if (wrong instanceof MissingParameterException missing) {
      return missing(missing.getMissing(), given);
    }
    if (wrong instanceof OverwrittenOptionException twice) {
      return "%s is given twice: give it once".formatted(name(twice.getOverwritten()));
    }
    ArgSpec argument = wrong.getArgSpec();
    return argument == null
        ? String.valueOf(wrong.getMessage())
        : "%s is '%s': %s"
            .formatted(
                name(argument),
                wrong.getValue(),
                remedy(argument, String.valueOf(wrong.getValue())));
  }

  private static String unmatched(List<String> arguments, CommandSpec command) {
    String first = arguments.get(0);
    if (first.length() > 1 && first.startsWith("-")) {
      return unknownOption(first.replaceFirst("(?s)=.*$", ""), command);
    }
    Set<String> commands = command.subcommands().keySet();
    return commands.isEmpty()
        ? "'%s' is one argument too many".formatted(first)
        : "there is no command '%s'%s".formatted(first, Nearest.question(first, commands));
  }

  private static String unknownOption(String option, CommandSpec command) {
    String none = "there is no option '%s'".formatted(option);
    boolean ofAnother =
        command.subcommands().values().stream()
            .anyMatch(other -> options(other.getCommandSpec()).contains(option));
    return ofAnother
        ? none + " before the command: write it behind"
        : none + Nearest.question(option, options(command));
  }

  private static String missing(List<ArgSpec> arguments, List<String> given) {
    ArgSpec first = arguments.get(0);
    if (first instanceof OptionSpec option && isAmong(option, given)) {
      int values = option.arity().min();
      return values > 1
          ? "%s needs %d values: give %s for each".formatted(name(option), values, form(option))
          : "%s has no value: give %s".formatted(name(option), form(option));
    }
    return arguments.stream()
        .map(argument -> (argument.isOption() ? name(argument) + " " : "") + form(argument))
        .collect(Collectors.joining(" and ", "give ", ""));
  }

  private static boolean isAmong(OptionSpec option, List<String> given) {
    return Arrays.stream(option.names())
        .anyMatch(name -> given.contains(name) || given.contains(name + "="));
  }

  private static Collection<String> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Stream.of(option.names()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : form(argument);
  }

  private static String remedy(ArgSpec argument, String value) {
    if (argument.arity().max() == 0) {
      return "it takes no value";
    }
    boolean tooLarge = WHOLE.contains(valueType(argument)) && value.matches("[+-]?[0-9]+");
    return tooLarge ? "give a smaller number" : "give " + form(argument);
  }

  /** What to give, as one types it. */
  private static String form(ArgSpec argument) {
    Class<?> type = valueType(argument);
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(choice -> choice.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(" or "));
    }
    if (WHOLE.contains(type)) {
      return "a whole number";
    }
    return DECIMAL.contains(type) ? "a number" : argument.paramLabel().replaceAll("^<(.*)>$", "$1");
  }

  /** That of an element, or of the content of an optional. */
  private static Class<?> valueType(ArgSpec argument) {
    Class<?>[] inner = argument.auxiliaryTypes();
    return inner.length == 1 ? inner[0] : argument.type();
  }
}
