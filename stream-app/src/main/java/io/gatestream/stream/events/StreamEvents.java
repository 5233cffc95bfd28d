package io.gatestream.stream.events;

import java.util.List;

/**
 * What is kept of one stream's events. Immutable: nobody changes the array.
 *
 * @param classes fingerprint of the classes that have a rule, 0 before a first label
 * @param scores the smoothed score of each of them; empty where the next frame begins anew
 * @param open in the order of their rules
 * @param silenced events that ended because the stream was silent, until its next frame
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record StreamEvents(
    long classes, float[] scores, List<OpenEvent> open, List<Silenced> silenced) {
  private static final float[] NO_SCORES = new float[0];

  public static final StreamEvents NONE = new StreamEvents(0, NO_SCORES, List.of(), List.of());

  /** An event that ended because its stream was silent; the next of its class continues it. */
  public record Silenced(String label, String eventId) {}

  public StreamEvents {
    open = List.copyOf(open);
    silenced = List.copyOf(silenced);
  }

  /** Whether an END is owed. */
  public boolean oweEnd() {
    for (OpenEvent event : open) {
      if (event.announced()) {
        return true;
      }
    }
    return false;
  }

  /**
   * After a labelled frame that no rule was asked about, events being off: what is open cannot be
   * told to end, and once they are on again it does not go on.
   */
  public StreamEvents unseen() {
    return scores.length == 0 ? this : new StreamEvents(classes, NO_SCORES, open, silenced);
  }

  /** Memory that it takes besides the state's own, at most. */
  public long bytes() {
    return (long) Float.BYTES * scores.length + 512L * (open.size() + silenced.size());
  }

  /** Without what is open, so that the next frame begins anew with it. */
  StreamEvents closed(List<Silenced> after) {
    return new StreamEvents(classes, scores, List.of(), after);
  }
}
