package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the clock of a live source had to do to give its frames capture times; see
 * docs/live-sources.md.
 *
 * @param connections after the first, at each of which the camera's stamps were tied to the clock
 *     anew
 * @param restarts stamps that began a new count within a connection
 * @param wild single stamps that cannot be and were replaced by the usual spacing
 * @param missing frames without a stamp in a source that has stamps
 * @param unstamped frames timed by their arrival, for the source has no stamps of its own
 * @param distrusted frames timed by their arrival, for the stamps made no sense
 * @param driftMicros by which the camera's clock was corrected, both ways added up
 * @param clockSteps of the machine's clock that were noticed
 * @param aheadMicros by which the last capture time is ahead of the machine's clock since it was
 *     set back
 */
public record ClockReport(
    long connections,
    long restarts,
    long wild,
    long missing,
    long unstamped,
    long distrusted,
    long driftMicros,
    long clockSteps,
    long aheadMicros) {
  /** Nothing, as for a file. */
  public static final ClockReport NONE = new ClockReport(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final long LEAST_DRIFT = 1_000;

  /** What is to be said of it, each in a few words; empty for a camera that gave no trouble. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    note(
        notes, connections, "connections after the first: %d, each outage shows as long as it was");
    note(notes, restarts, "stamps that began anew, followed without a gap: %d");
    note(notes, wild, "wild stamps replaced: %d");
    note(notes, missing, "frames without a stamp, given the usual spacing: %d");
    note(notes, unstamped, "no stamps, frames timed by their arrival: %d");
    note(notes, distrusted, "stamps not trusted, frames timed by their arrival: %d");
    note(notes, driftMicros < LEAST_DRIFT ? 0 : driftMicros / 1_000, "drift followed: %d ms");
    note(notes, clockSteps, "steps of the machine's clock: %d");
    note(
        notes,
        aheadMicros / 1_000_000,
        "capture times stay %d s ahead of the clock that was set back, until ingest is started"
            + " anew");
    return notes;
  }

  private static void note(List<String> notes, long count, String text) {
    if (count > 0) {
      notes.add(String.format(Locale.ROOT, text, count));
    }
  }
}
