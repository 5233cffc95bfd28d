package io.gatestream.bench;

import io.gatestream.errors.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long peers are measured.
 *
 * @param turns of everybody; a median of fewer than five is worth little
 * @param warmUp seconds from the first label on that do not count
 * @param seconds of each run that count
 */
public record PeerSettings(int turns, double warmUp, double seconds) {
  public PeerSettings {
    List<String> problems = new ArrayList<>();
    if (turns < 1 || turns > 100) {
      problems.add("--turns is %d: give 1 to 100".formatted(turns));
    }
    if (!(warmUp >= 0 && warmUp <= 600)) {
      problems.add("--warm-up is %s: give 0 to 600".formatted(warmUp));
    }
    if (!(seconds >= 0.5 && seconds <= 600)) {
      problems.add("--seconds is %s: give 0.5 to 600".formatted(seconds));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
