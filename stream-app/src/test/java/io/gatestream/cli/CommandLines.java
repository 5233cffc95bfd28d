package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Every command that there is, and what a command line comes to in this process. */
final class CommandLines {
  private CommandLines() {}

  /** What a command line came to. */
  record Outcome(int code, String out, String err) {}

  static Outcome run(List<String> arguments) {
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream toOut = new PrintStream(out, true, UTF_8);
        PrintStream toErr = new PrintStream(err, true, UTF_8)) {
      System.setOut(toOut);
      System.setErr(toErr);
      int code = Main.execute(arguments.toArray(String[]::new));
      return new Outcome(code, out.toString(UTF_8), err.toString(UTF_8));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
  }

  /** The root and all below it. */
  static Stream<CommandSpec> all() {
    return below(Main.commandLine());
  }

  private static Stream<CommandSpec> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command.getCommandSpec()),
        command.getSubcommands().values().stream().flatMap(CommandLines::below));
  }

  /** The words that lead to a command, without the program's. */
  static List<String> words(CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(command.qualifiedName(" ").split(" ")));
    words.remove(0);
    return words;
  }

  static List<String> line(CommandSpec command, String... more) {
    List<String> line = new ArrayList<>(words(command));
    line.addAll(List.of(more));
    return line;
  }

  /** The type of one value, which may lie in a list or an optional. */
  static Class<?> valueType(ArgSpec argument) {
    return argument.auxiliaryTypes().length == 1 ? argument.auxiliaryTypes()[0] : argument.type();
  }
}
