package io.gatestream.cli;

import io.gatestream.config.Home;
import io.gatestream.config.RunConfig;
import io.gatestream.config.RunSettings;
import io.gatestream.errors.OutageException;
import io.gatestream.stream.GatestreamApp;
import io.gatestream.stream.state.DamagedStateException;
import io.gatestream.text.Interrupts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: frames topic to labels topic until it is told to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis =
        "gatestream run --bootstrap-servers HOST:PORT [--model BUNDLE] [--config FILE] [OPTION]...",
    usageHelpWidth = 110,
    modelTransformer = RunOptions.class,
    description =
        "Classifies the frames of a topic and writes a label for each to another, exactly once."
            + " Start as many as you like with the same application id: they share partitions and"
            + " states.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream run --bootstrap-servers localhost:9092 --model my-bundle --create-topics",
      "  ./gatestream run --config run.properties --http-port 8080",
      "  GATESTREAM_APPLICATION_ID=door ./gatestream run --bootstrap-servers kafka:9092 \\",
      "      --kafka security.protocol=SASL_SSL --kafka sasl.mechanism=PLAIN"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    RunConfig config = config();
    try (Interrupts interrupts = Interrupts.install()) {
      try {
        return run(config, interrupts);
      } catch (DamagedStateException deleted) {
        log.warn(deleted.getMessage());
        return run(config, interrupts);
      }
    }
  }

  private static int run(RunConfig config, Interrupts interrupts) throws InterruptedException {
    try (GatestreamApp app = GatestreamApp.open(config)) {
      interrupts.onRequest(app::stop);
      app.start();
      app.await();
      Optional<Throwable> failure = app.failure();
      if (failure.isPresent()) {
        throw failure.get() instanceof RuntimeException told
            ? told
            : new OutageException(failure.get().getMessage(), failure.get());
      }
      return ExitCode.OK;
    }
  }

  private RunConfig config() {
    Map<String, String> flags = kafka.flags();
    flags.putAll(RunOptions.given(spec, RunSettings.ALL));
    return RunConfig.from(kafka.settings(flags), Home.standardBundle());
  }
}
