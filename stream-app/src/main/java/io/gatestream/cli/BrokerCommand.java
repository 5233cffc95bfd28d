package io.gatestream.cli;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.play.OwnBroker;
import io.gatestream.text.Interrupts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the embedded broker until Ctrl-C or SIGTERM. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a single-node Kafka on this machine, for development and tests.",
      "Prints 'listening on 127.0.0.1:PORT' when it is ready; Ctrl-C stops it. It keeps its topics in"
          + " the data folder, and without --config it has no authentication and answers this machine"
          + " only."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./gatestream broker --port 9092 --data /tmp/gatestream-broker")
final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Where to listen on 127.0.0.1; 0 takes a free port. Default: ${DEFAULT-VALUE}.")
  int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The folder of its topics: a new or empty one, or one that it made earlier.")
  Path data = Path.of("");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings of Kafka's server as a .properties file, which win over the broker's own: to try"
              + " listeners with TLS, users and ACLs.")
  Optional<Path> config = Optional.empty();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> settings = config.map(ConfigLoader::read).orElse(Map.of());
    try (Interrupts interrupts = Interrupts.install();
        EmbeddedBroker broker = OwnBroker.start(port, data, settings)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("listening on " + broker.bootstrapServers());
      out.flush();
      interrupts.await();
    }
    return ExitCode.OK;
  }
}
