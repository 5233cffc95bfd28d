package io.gatestream.cli;

import io.gatestream.config.Home;
import io.gatestream.errors.Category;
import io.gatestream.text.Secrets;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/**
 * The root command: names the others and turns every failure into one clear message and an exit
 * code.
 */
@Command(
    name = "gatestream",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Classifies live video that flows through Kafka, with one durable hidden state per stream.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed at run time", "2:wrong usage or configuration"},
    footerHeading = "%nStart with:%n",
    footer = {
      "  ./gatestream demo                 sample clips through Kafka, classified before your eyes",
      "  ./gatestream COMMAND --help       what a command does, with examples"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      IngestCommand.class,
      LabelsCommand.class,
      EventsCommand.class,
      ClipCommand.class,
      DashboardCommand.class,
      RejectedCommand.class,
      ReplayCommand.class,
      EvaluateCommand.class,
      BrokerCommand.class,
      ModelCommand.class
    })
public final class Main implements Callable<Integer> {
  @Option(
      names = Verbosity.FLAG,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error and log more.")
  boolean verbose;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private Main() {}

  public static void main(String[] args) {
    StandardError.install(args);
    ResultOutput results = ResultOutput.install();
    List.of(args).forEach(Secrets::learn);
    Verbosity.apply(args);
    int code = execute(args);
    System.out.flush();
    results.problem().ifPresent(problem -> System.err.println("error: " + problem));
    System.exit(code == ExitCode.OK && results.problem().isPresent() ? ExitCode.SOFTWARE : code);
  }

  /** Runs a command line and returns its exit code. */
  static int execute(String... args) {
    Main main = new Main();
    CommandLine root =
        commandLine(main)
            .setErr(maskedError())
            .setExecutionExceptionHandler(
                (failure, commandLine, parsed) ->
                    report(failure, List.of(args), commandLine, main.verbose));
    try {
      return root.execute(args);
    } catch (Error e) { // picocli's handler gets exceptions only
      return report(e, List.of(args), root, main.verbose);
    }
  }

  /** All commands, for tests that look at each. */
  static CommandLine commandLine() {
    return commandLine(new Main());
  }

  private static CommandLine commandLine(Main main) {
    CommandLine root = new CommandLine(main);
    ServiceLoader.load(AddedCommand.class).forEach(root::addSubcommand);
    if (Home.isDistribution()) {
      nameThePlacesOfADistribution(root);
    }
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new WrongUsage())
        .setExecutionStrategy(
            parsed -> {
              WrongUsage.refuseUnknownCommand(parsed);
              return new RunLast().execute(parsed);
            });
  }

  /** The examples are written for a checkout. */
  private static void nameThePlacesOfADistribution(CommandLine command) {
    CommandLine.Model.UsageMessageSpec help = command.getCommandSpec().usageMessage();
    help.footer(
        Stream.of(help.footer())
            .map(line -> line.replace("./gatestream", "gatestream").replace("stream-app/", ""))
            .toArray(String[]::new));
    command.getSubcommands().values().forEach(Main::nameThePlacesOfADistribution);
  }

  private static PrintWriter maskedError() {
    Charset charset = StandardError.charset();
    return new PrintWriter(new MaskedOutput(System.err, charset), true, charset);
  }

  @Override
  public Integer call() {
    throw WrongUsage.missingCommand(spec.commandLine());
  }

  static int report(
      Throwable failure, List<String> given, CommandLine commandLine, boolean verbose) {
    PrintWriter err = commandLine.getErr();
    Category category = Category.of(failure);
    if (StandardError.isJson() && (verbose || category == Category.BUG)) {
      LoggedFailure.write(failure, category, given);
    } else if (category == Category.BUG) {
      BugReport.print(failure, given, err);
    } else {
      Category.problems(failure).forEach(problem -> err.println("error: " + problem));
      if (verbose) {
        failure.printStackTrace(err);
      }
    }
    err.flush();
    return exitCode(category);
  }

  private static int exitCode(Category category) {
    return switch (category) {
      case MISTAKE -> ExitCode.USAGE;
      case DATA, OUTAGE, BUG -> ExitCode.SOFTWARE;
    };
  }
}
