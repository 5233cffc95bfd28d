package io.gatestream.evaluate;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what is missing between the labels of a stream: labels that compaction or retention took
 * out of the topic, and frames that never came in. Used by one thread.
 *
 * <p>{@code framesSinceReset} counts labels, so a jump in it is a label that was there once. A hole
 * in {@code sequence} that neither such a jump nor the running counts explain is frames that were
 * lost before the frames topic.
 */
public final class LabelGaps {
  /** What is missing. */
  public enum Kind {
    /** The labels were committed and are no longer in the topic. */
    LABELS,
    /** The frames never came in. */
    FRAMES
  }

  /**
   * Something missing right before a label.
   *
   * @param least as many labels or frames at least
   */
  public record Gap(Kind kind, long least) {}

  private final boolean fromBeginning;
  private final Map<String, FrameLabel> last = new HashMap<>();

  /**
   * Creates it.
   *
   * @param fromBeginning whether a stream's first label here must be its first of all
   */
  public LabelGaps(boolean fromBeginning) {
    this.fromBeginning = fromBeginning;
  }

  /** Takes the next label of its stream; gives what is missing right before it. */
  public Optional<Gap> add(FrameLabel label) {
    FrameLabel before = last.put(label.getStreamId(), label);
    long steps = label.getFramesSinceReset();
    if (before == null) {
      return fromBeginning && steps > 1
          ? Optional.of(new Gap(Kind.LABELS, steps - 1))
          : Optional.empty();
    }
    boolean sameRun = label.getSession().equals(before.getSession());
    if (sameRun && label.getSequence() <= before.getSequence()) {
      return Optional.empty(); // labels of another run of the application; they follow no order
    }
    long expected = label.getReset() == Reset.NONE ? before.getFramesSinceReset() + 1 : 1;
    if (steps != expected) {
      long least = steps > expected ? steps - expected : Math.max(1, steps - 1);
      return Optional.of(new Gap(Kind.LABELS, least));
    }
    long lost = sameRun ? lost(before, label) : 0;
    return lost > 0 ? Optional.of(new Gap(Kind.FRAMES, lost)) : Optional.empty();
  }

  private static long lost(FrameLabel before, FrameLabel label) {
    return label.getSequence()
        - before.getSequence()
        - 1
        - (label.getSkipped() - before.getSkipped())
        - (label.getRejected() - before.getRejected());
  }
}
