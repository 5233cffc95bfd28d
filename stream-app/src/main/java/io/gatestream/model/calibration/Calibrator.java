package io.gatestream.model.calibration;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses between setups by short measurements in turns. The standard setup stays unless another is
 * clearly faster each time: a machine that is busy meanwhile makes no strange choice. Used by one
 * thread.
 */
final class Calibrator {
  static final int ROUNDS = 3;

  /** How much faster another has to be, in every round. */
  static final double MARGIN = 1.08;

  private static final Logger log = LoggerFactory.getLogger(Calibrator.class);

  private final LongSupplier nanos;
  private final long limitNanos;

  /** Where setups are measured. */
  interface Contest {
    /**
     * Prepares and warms up a setup.
     *
     * @throws OutageException it cannot run
     * @throws ConfigException it cannot be opened
     */
    Entrant enter(EncoderSetup setup);
  }

  /** A setup that can be measured. */
  interface Entrant {
    /** Whether its features are as good as the standard setup's: on a CPU equal in every bit. */
    boolean keepsFeatures();

    double picturesPerSecond() throws InterruptedException;
  }

  /**
   * Creates a calibrator.
   *
   * @param nanos a clock
   * @param limitNanos after which no measurement starts, and the standard setup stays
   */
  Calibrator(LongSupplier nanos, long limitNanos) {
    this.nanos = nanos;
    this.limitNanos = limitNanos;
  }

  /**
   * The best of the candidates.
   *
   * @param candidates the standard one first
   */
  EncoderSetup choose(List<EncoderSetup> candidates, Contest contest) throws InterruptedException {
    EncoderSetup standard = candidates.get(0);
    long start = nanos.getAsLong();
    List<Measured> all = new ArrayList<>();
    for (EncoderSetup candidate : candidates) {
      if (isLate(start)) {
        return standard;
      }
      enter(candidate, contest, all);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Measured measured : all) {
        if (isLate(start)) {
          return standard;
        }
        measured.rates[round] = measured.entrant.picturesPerSecond();
      }
    }
    all.forEach(
        one -> log.debug("{}: {} pictures a second", one.setup, Arrays.toString(one.rates)));
    Measured first = all.get(0);
    return all.stream()
        .filter(one -> one.isFasterThan(first))
        .max(Comparator.comparingDouble(Measured::median))
        .orElse(first)
        .setup;
  }

  private boolean isLate(long start) {
    boolean late = nanos.getAsLong() - start >= limitNanos;
    if (late) {
      log.debug("calibration takes too long here: the standard setup stays");
    }
    return late;
  }

  /** The first entrant is the standard one. */
  private static void enter(EncoderSetup setup, Contest contest, List<Measured> all) {
    try {
      Entrant entrant = contest.enter(setup);
      if (all.isEmpty() || entrant.keepsFeatures()) {
        all.add(new Measured(setup, entrant));
      } else {
        log.debug("{}: other features than {}", setup, all.get(0).setup);
      }
    } catch (IllegalStateException | OutageException | ConfigException e) {
      if (all.isEmpty()) {
        throw e;
      }
      log.debug("{}: does not run: {}", setup, e.getMessage());
    }
  }

  /** An entrant with its rates, one for each round. */
  private static final class Measured {
    private final EncoderSetup setup;
    private final Entrant entrant;
    private final double[] rates = new double[ROUNDS];

    Measured(EncoderSetup setup, Entrant entrant) {
      this.setup = setup;
      this.entrant = entrant;
    }

    /** In every round, and therefore by the median too. */
    boolean isFasterThan(Measured other) {
      for (int round = 0; round < ROUNDS; round++) {
        if (!(rates[round] > MARGIN * other.rates[round])) {
          return false;
        }
      }
      return true;
    }

    double median() {
      double[] sorted = rates.clone();
      Arrays.sort(sorted);
      return sorted[ROUNDS / 2];
    }
  }
}
