package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.cli.CommandLines.Outcome;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page that each command's {@code --help} prints. */
class HelpTest {
  static Stream<Arguments> commands() {
    return CommandLines.all()
        .map(command -> Arguments.of(Named.of(command.qualifiedName(), command)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void teachesWithAnExample(CommandSpec command) {
    Outcome help = help(command);

    String written = "./" + command.qualifiedName(" ");
    assertThat(help.out().lines().map(String::strip))
        .as("a line that one can type")
        .anyMatch(line -> line.contains(written) && !line.startsWith("Usage"));
  }

  /** Examples are parsed as they stand, but not run. */
  @ParameterizedTest
  @MethodSource("commands")
  void itsExamplesAreRight(CommandSpec command) {
    for (List<String> example : examples(command)) {
      assertThat(Main.commandLine().parseArgs(example.toArray(String[]::new)).hasSubcommand())
          .as("%s", example)
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void writesValuesAsOneTypesThem(CommandSpec command) {
    String page = help(command).out();
    List<ArgSpec> all = new ArrayList<>(command.options());
    all.addAll(command.positionalParameters());
    for (ArgSpec argument : all) {
      Class<?> type = CommandLines.valueType(argument);
      if (type.isEnum()) {
        for (Object choice : type.getEnumConstants()) {
          assertThat(page).doesNotContainPattern("Default: " + choice + "\\b");
        }
      }
    }
  }

  /** But for partitions: run makes topics for a fleet, ingest for a first try. */
  @ParameterizedTest
  @MethodSource("commands")
  void namesTheDefaultsOfSettings(CommandSpec command) {
    for (Setting<?> setting : RunSettings.ALL) {
      OptionSpec option = command.findOption(setting.flag());
      if (option != null
          && !(setting.standard() instanceof Optional)
          && !setting.isSwitch()
          && !setting.equals(RunSettings.PARTITIONS)) {
        assertThat(String.join(" ", option.description()))
            .as("%s of %s", setting.flag(), command.qualifiedName())
            .contains("Default: " + setting.standardText() + ".");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void describesEveryOption(CommandSpec command) {
    command
        .options()
        .forEach(option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void hasNoColoursWhereItIsNoTerminal(CommandSpec command) {
    assertThat(help(command).out()).doesNotContain("\u001B");
  }

  private static Outcome help(CommandSpec command) {
    Outcome help = CommandLines.run(CommandLines.line(command, "--help"));
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    return help;
  }

  private static List<List<String>> examples(CommandSpec command) {
    List<List<String>> examples = new ArrayList<>();
    String text = String.join("\n", command.usageMessage().footer()).replaceAll("\\\\\n\\s*", "");
    for (String line : text.split("\n", -1)) {
      int start = line.indexOf("./gatestream ");
      if (start >= 0 && !line.contains("COMMAND")) {
        String call = line.substring(start + "./gatestream ".length()).split(" {4,}| \\| ", -1)[0];
        examples.add(
            Stream.of(call.strip().split("\\s+"))
                .map(word -> word.replace("'", "").replace("%%", "%"))
                .toList());
      }
    }
    return examples;
  }
}
