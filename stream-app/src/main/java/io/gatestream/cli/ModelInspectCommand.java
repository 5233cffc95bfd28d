package io.gatestream.cli;

import io.gatestream.config.Provider;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RoughTimes;
import io.gatestream.model.RuntimeSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a bundle as {@code run} does and prints what is in it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Checks a model bundle as 'run' does, with hashes, both graphs and a first inference on the"
          + " CPU, and prints what is in it.",
      "A bundle that cannot be used ends with code 2 and every problem found."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream model inspect stream-app/models/object-motion",
      "  ./gatestream model inspect my-bundle --format json"
    })
final class ModelInspectCommand implements Callable<Integer> {
  /** The values of {@code --format}. */
  enum Format {
    TEXT,
    JSON
  }

  @Parameters(paramLabel = "BUNDLE", description = "The folder that holds model.json.")
  Path folder = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "text|json",
      description = "Lines to read, or one JSON object. Default: text.")
  Format format = Format.TEXT;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ModelBundle bundle = BundleReader.load(folder);
    RoughTimes times;
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      times = RoughTimes.measure(bundle, runtime, System::nanoTime);
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TEXT -> BundleText.lines(bundle, times).forEach(out::println);
      case JSON -> out.println(BundleJson.text(bundle, times));
    }
    out.flush();
    return ExitCode.OK;
  }
}
