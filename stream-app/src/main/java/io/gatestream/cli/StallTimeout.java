package io.gatestream.cli;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --stall-timeout}, the same for every command that plays videos. */
final class StallTimeout {
  @Option(
      names = "--stall-timeout",
      paramLabel = "SECONDS",
      description = "Give up on videos when nothing moved for so long. Default: 60.")
  int seconds = 60;

  /** Why it cannot be used. */
  Optional<String> problem() {
    return seconds < 1
        ? Optional.of("--stall-timeout is %d: give 1 or more".formatted(seconds))
        : Optional.empty();
  }

  Duration limit() {
    return Duration.ofSeconds(seconds);
  }
}
