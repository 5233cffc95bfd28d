package io.gatestream.ingest;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts what the clock of a live source does, and says each kind once a connection. For the
 * source's thread.
 */
final class ClockTally {
  private enum Kind {
    RESTART,
    WILD,
    MISSING,
    UNSTAMPED,
    DISTRUSTED,
    DRIFT
  }

  private final Consumer<String> warnings;
  private final Set<Kind> said = EnumSet.noneOf(Kind.class);
  private long connections;
  private long restarts;
  private long wild;
  private long missing;
  private long unstamped;
  private long distrusted;
  private double driftMicros;
  private long clockSteps;
  private long aheadMicros;

  ClockTally(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  void connected(boolean again) {
    connections += again ? 1 : 0;
    said.removeIf(kind -> kind != Kind.UNSTAMPED);
  }

  void restarted() {
    restarts++;
    say(Kind.RESTART, "its stamps began anew: capture times go on without a gap");
  }

  /** Counts wild stamps; fewer where they turned out to be a new count. */
  void wild(int stamps) {
    wild += stamps;
    if (stamps > 0) {
      say(Kind.WILD, "a stamp does not follow the one before: replaced by the usual spacing");
    }
  }

  void missing() {
    missing++;
    say(Kind.MISSING, "has frames without a stamp: given the usual spacing");
  }

  void unstamped(int frames) {
    unstamped += frames;
    say(Kind.UNSTAMPED, "carries no stamps: frames are timed by their arrival, smoothed");
  }

  void distrusted(int frames) {
    distrusted += frames;
    say(Kind.DISTRUSTED, "its stamps make no sense: frames are timed by their arrival, smoothed");
  }

  void drift(double micros) {
    driftMicros += Math.abs(micros);
    if (driftMicros > 1_000_000) {
      say(Kind.DRIFT, "its clock does not keep the machine's pace: followed smoothly");
    }
  }

  void clockStep(double seconds, String consequence) {
    clockSteps++;
    warnings.accept("the machine's clock was set by %+.1f s: %s".formatted(seconds, consequence));
  }

  void ahead(long micros) {
    aheadMicros = micros;
  }

  private void say(Kind kind, String text) {
    if (said.add(kind)) {
      warnings.accept(text);
    }
  }

  ClockReport report() {
    return new ClockReport(
        connections,
        restarts,
        wild,
        missing,
        unstamped,
        distrusted,
        Math.round(driftMicros),
        clockSteps,
        aheadMicros);
  }
}
