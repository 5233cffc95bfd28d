package io.gatestream.cli;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.ProviderParity;
import io.gatestream.model.RoughTimes;
import io.gatestream.model.RuntimeSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
      "A bundle that cannot be used ends with code 2 and every problem found.",
      "With --provider it also says which provider runs which nodes, and holds features, logits and"
          + " states in batches against the CPU. Code 1 where one is too far off."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream model inspect stream-app/models/object-motion",
      "  ./gatestream model inspect my-bundle --format json",
      "  ./gatestream model inspect my-bundle --provider cuda"
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

  @Option(
      names = "--provider",
      paramLabel = "cpu|cuda|tensorrt|auto",
      description =
          "Where the bundle is run too, to be held against the CPU. Default: cpu. Nothing is compared"
              + " unless this is given.")
  Optional<Provider> provider = Optional.empty();

  @Option(
      names = "--gpu-device",
      paramLabel = "N",
      description = "With --provider: number of the GPU. Default: 0.")
  int gpuDevice;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ModelBundle bundle = BundleReader.load(folder);
    RoughTimes times;
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      times = RoughTimes.measure(bundle, runtime, System::nanoTime);
    }
    Optional<ProviderParity> parity = provider.map(on -> parity(bundle, on));
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TEXT -> BundleText.lines(bundle, times, parity).forEach(out::println);
      case JSON -> out.println(BundleJson.text(bundle, times, parity));
    }
    out.flush();
    return parity.map(ProviderParity::isWithinTolerance).orElse(true)
        ? ExitCode.OK
        : ExitCode.SOFTWARE;
  }

  private ProviderParity parity(ModelBundle bundle, Provider on) {
    if (gpuDevice < 0) {
      throw new ConfigException("--gpu-device is %d: give 0 or more".formatted(gpuDevice));
    }
    RuntimeSettings settings =
        new RuntimeSettings(
            OptionalInt.of(1),
            OptionalInt.of(ModelRuntime.GPU_BATCH),
            1,
            gpuDevice,
            OptionalLong.empty());
    return ProviderParity.measure(bundle, on, settings);
  }
}
