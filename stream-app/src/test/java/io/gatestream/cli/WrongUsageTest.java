package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.cli.CommandLines.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Wrong command lines, made from every command and option that there is. */
class WrongUsageTest {
  /** Any text is a value of these as far as the command line goes. */
  private static final Set<Class<?>> TEXT = Set.of(String.class, Path.class);

  static Stream<Arguments> commands() {
    return CommandLines.all()
        .map(command -> Arguments.of(Named.of(command.qualifiedName(), command)));
  }

  static Stream<Arguments> options() {
    return CommandLines.all()
        .flatMap(
            command ->
                command.options().stream()
                    .map(
                        option ->
                            Arguments.of(
                                Named.of(command.qualifiedName(), command),
                                Named.of(option.longestName(), option))));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void misspeltCommandIsAnsweredWithTheNameMeant(CommandSpec command) {
    for (String name : command.subcommands().keySet()) {
      String misspelt = swapped(name);
      for (String[] line : new String[][] {{misspelt}, {misspelt, "--help"}}) {
        Outcome outcome = CommandLines.run(CommandLines.line(command, line));

        requireOneLine(outcome, command, "'" + misspelt + "'", "did you mean '" + name + "'?");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpOfACommandThatDoesNotExistIsNoHelp(CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    for (String asked : List.of("--help", "-h", "--version")) {
      Outcome outcome = CommandLines.run(CommandLines.line(command, "nonsense", asked));

      requireOneLine(outcome, command, "there is no command 'nonsense'");
      assertThat(outcome.err()).doesNotContain("did you mean");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandThatOnlyHoldsOthersNamesThem(CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    Outcome outcome = CommandLines.run(CommandLines.words(command));

    requireOneLine(outcome, command, command.subcommands().keySet().toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("options")
  void misspeltOptionIsAnsweredWithTheNameMeant(CommandSpec command, OptionSpec option) {
    String misspelt = swapped(option.longestName());
    for (String written : List.of(misspelt, misspelt + "=1")) {
      Outcome outcome = CommandLines.run(CommandLines.line(command, written));

      requireOneLine(
          outcome, command, "'" + misspelt + "'", "did you mean '" + option.longestName() + "'?");
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void optionWithoutItsValueSaysWhatToGive(CommandSpec command, OptionSpec option) {
    if (option.arity().min() == 0) {
      return;
    }
    Outcome outcome = CommandLines.run(CommandLines.line(command, option.longestName()));

    requireOneLine(outcome, command, option.longestName() + " ", "give ");
  }

  @ParameterizedTest
  @MethodSource("options")
  void wrongValueIsNamedWithWhatToGive(CommandSpec command, OptionSpec option) {
    if (TEXT.contains(CommandLines.valueType(option)) || option.arity().min() > 1) {
      return;
    }
    Outcome outcome =
        CommandLines.run(CommandLines.line(command, option.longestName() + "=no such"));

    requireOneLine(outcome, command, option.longestName() + " is 'no such': ");
  }

  @ParameterizedTest
  @MethodSource("options")
  void optionGivenTwiceIsNamed(CommandSpec command, OptionSpec option) {
    if (option.isMultiValue() || option.usageHelp() || option.versionHelp()) {
      return;
    }
    String written = option.longestName() + (option.arity().max() == 0 ? "" : "=1");
    if (CommandLines.valueType(option).isEnum()) {
      written = option.longestName() + "=" + choices(option).get(0);
    }
    Outcome outcome = CommandLines.run(CommandLines.line(command, written, written));

    requireOneLine(outcome, command, option.longestName() + " is given twice");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatIsRequiredIsNamed(CommandSpec command) {
    String[] required =
        Stream.concat(
                command.options().stream()
                    .filter(option -> option.required())
                    .map(OptionSpec::longestName),
                command.positionalParameters().stream()
                    .filter(parameter -> parameter.required())
                    .map(parameter -> parameter.paramLabel()))
            .toArray(String[]::new);
    if (required.length == 0) {
      return;
    }
    requireOneLine(CommandLines.run(CommandLines.words(command)), command, required);
  }

  @Test
  void optionBeforeItsCommandIsToldWhereItBelongs() {
    Outcome outcome = CommandLines.run(List.of("--bootstrap-servers", "localhost:9092", "run"));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("'--bootstrap-servers' before the command");
  }

  @Test
  void misspeltOptionCountsBeforeTheOneThatIsThenMissing() {
    Outcome outcome = CommandLines.run(List.of("broker", "--dtaa", "/tmp/x"));

    assertThat(outcome.err()).contains("did you mean '--data'?");
  }

  @Test
  void numberThatIsTooLargeIsNotCalledNoNumber() {
    Outcome outcome = CommandLines.run(List.of("demo", "--stall-timeout", "99999999999"));

    assertThat(outcome.err()).contains("--stall-timeout is '99999999999': give a smaller number");
  }

  @Test
  void passwordInAWrongArgumentIsNotRepeated() {
    for (List<String> line :
        List.of(
            List.of("rtsp://admin:hush@camera/1"),
            List.of("ingest", "--sream", "x", "rtsp://admin:hush@camera/1"),
            List.of("run", "--kafak=ssl.key.password=hush"),
            List.of("run", "ssl.key.password=hush"))) {
      Outcome outcome = CommandLines.run(line);

      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err()).doesNotContain("hush");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'labels --format csv', '--format is ''csv'': give table or json'",
    "'model inspect --format csv x', '--format is ''csv'': give text or json'",
    "'ingest --encoding h265 x', '--encoding is ''h265'': give jpeg or h264'",
    "'run --kafka security.protocol', '--kafka is ''security.protocol'': give KEY=VALUE'",
    "'evaluate --compare a', '--compare needs 2 values'",
    "'run run', '''run'' is one argument too many'",
    "'eval --help', 'did you mean ''evaluate''?'",
  })
  void messageUsesTheWordsThatOneTypes(String line, String message) {
    Outcome outcome = CommandLines.run(List.of(line.split(" ")));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message).hasLineCount(1);
  }

  /** The message is the only line, so the last; it is on stderr, in the words that one types. */
  private static void requireOneLine(Outcome outcome, CommandSpec command, String... parts) {
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("error: ")
        .endsWith("(see '" + command.qualifiedName() + " --help')\n")
        .contains(parts)
        .doesNotContain("option option", "java.", "Exception", "Usage:", "an int", "boolean");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  private static List<String> choices(OptionSpec option) {
    return Stream.of(CommandLines.valueType(option).getEnumConstants())
        .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** A name with its last two different letters in the other order. */
  private static String swapped(String name) {
    char[] letters = name.toCharArray();
    int second = letters.length - 1;
    while (letters[second] == letters[second - 1]) {
      second--;
    }
    char last = letters[second];
    letters[second] = letters[second - 1];
    letters[second - 1] = last;
    return new String(letters);
  }
}
