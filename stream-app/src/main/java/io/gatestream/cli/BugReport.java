package io.gatestream.cli;

import io.gatestream.errors.Causes;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the user is shown of a bug: that it is one, where it happened, and what to report. */
final class BugReport {
  /** A setting that holds a secret, to the end: its value may hold spaces. */
  private static final Pattern SECRET =
      Pattern.compile("^([^=]*(?:pass|secret|token|jaas|key)[^=]*=).*", Pattern.DOTALL);

  private BugReport() {}

  /**
   * Prints it.
   *
   * @param arguments of the command line
   * @param err masks what is secret
   */
  static void print(Throwable failure, List<String> arguments, PrintWriter err) {
    err.println("error: " + first(failure));
    failure.printStackTrace(err);
    details(arguments).forEach(err::println);
  }

  /** The same in one text, without the stack. */
  static String text(Throwable failure, List<String> arguments) {
    return first(failure) + "\n" + String.join("\n", details(arguments));
  }

  private static String first(Throwable failure) {
    return "this is a bug in Gatestream: " + Causes.text(failure);
  }

  private static List<String> details(List<String> arguments) {
    return List.of(
        "Please report it as an issue of the project, with all lines from 'error' on:",
        "  version: " + Version.text(),
        arguments.stream()
            .map(argument -> SECRET.matcher(argument).replaceFirst("$1***"))
            .collect(Collectors.joining(" ", "  command: gatestream ", "")),
        "  Java:    " + properties("java.vm.name", "java.runtime.version"),
        "  system:  " + properties("os.name", "os.version", "os.arch"));
  }

  private static String properties(String... names) {
    return Arrays.stream(names).map(System::getProperty).collect(Collectors.joining(" "));
  }
}
