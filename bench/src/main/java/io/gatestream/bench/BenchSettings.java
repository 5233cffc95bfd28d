package io.gatestream.bench;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is measured, and how long.
 *
 * @param kafka the user's brokers; one of its own where empty
 * @param streams that the frames of full topics belong to
 * @param seconds of each measurement end to end; those of single stages take a fifth
 * @param repetitions of every measurement
 * @param folder an empty one, for the broker's data and local states
 */
public record BenchSettings(
    Optional<KafkaAccess> kafka, int streams, double seconds, int repetitions, Path folder) {
  /** Fewer give no spread worth its name. */
  public static final int FEWEST_REPETITIONS = 3;

  public BenchSettings {
    List<String> problems = new ArrayList<>();
    if (streams < 1 || streams > 10_000) {
      problems.add("--streams is %d: give 1 to 10000".formatted(streams));
    }
    if (!(seconds >= 0.5 && seconds <= 600)) {
      problems.add("--seconds is %s: give 0.5 to 600".formatted(seconds));
    }
    if (repetitions < FEWEST_REPETITIONS || repetitions > 100) {
      problems.add(
          "--repetitions is %d: give %d to 100".formatted(repetitions, FEWEST_REPETITIONS));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Of one stage. */
  double stageSeconds() {
    return seconds / 5;
  }

  /** Of an application, from its first label on. */
  double warmUp() {
    return Math.min(4, seconds);
  }

  /**
   * Seconds for which the application runs before anything is measured. What runs once for a frame,
   * or for a transaction, is compiled for good after a minute only, and until then the compilers
   * take a share of the cores.
   */
  double longWarmUp() {
    return 12 * seconds;
  }
}
