package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --provider}, the same for every command that opens a model and is not {@code run}. */
public final class ProviderOption {
  @Option(
      names = "--provider",
      paramLabel = "cpu|cuda|tensorrt|auto",
      description = "Where the encoder runs. Default: cpu.")
  private Optional<String> provider = Optional.empty();

  /** Adds it to the settings of an application where it was given. */
  public void into(Map<String, String> flags) {
    provider.ifPresent(name -> flags.put(RunSettings.PROVIDER.key(), name));
  }
}
