package io.gatestream.evaluate;

import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.schema.FrameLabel;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How many frames were labelled as the truth says, in all, by stream and by true class. Used by one
 * thread.
 *
 * <p>A frame is correct if its best label is the true one. It is settled if the truth had not
 * changed for {@link #SETTLING} when it was taken: a recurrent model needs some frames of a new
 * movement before it can know it.
 */
public final class Accuracy {
  public static final Duration SETTLING = Duration.ofMillis(500);

  private static final long SETTLING_MICROS = TimeUnit.MILLISECONDS.toMicros(SETTLING.toMillis());

  private final Truth truth;
  private final SortedMap<String, Score> byStream = new TreeMap<>();
  private final SortedMap<String, Score> byClass = new TreeMap<>();
  private Score total = Score.NONE;
  private long uncovered;

  public Accuracy(Truth truth) {
    this.truth = truth;
  }

  /** Counts a frame; one that the truth does not cover is only counted as such. */
  public void add(FrameLabel label) {
    Optional<Interval> known = truth.at(label.getStreamId(), label.getSourceTime());
    if (known.isEmpty()) {
      uncovered++;
      return;
    }
    String expected = known.get().label();
    boolean correct =
        !label.getScores().isEmpty() && label.getScores().get(0).getLabel().equals(expected);
    boolean settled = label.getSourceTime() - known.get().changed() >= SETTLING_MICROS;
    Score one = Score.ofFrame(correct, settled);
    total = total.plus(one);
    byStream.merge(label.getStreamId(), one, Score::plus);
    byClass.merge(expected, one, Score::plus);
  }

  public Score total() {
    return total;
  }

  /** A view, by stream id. */
  public SortedMap<String, Score> byStream() {
    return Collections.unmodifiableSortedMap(byStream);
  }

  /** A view, by the true label. */
  public SortedMap<String, Score> byClass() {
    return Collections.unmodifiableSortedMap(byClass);
  }

  /** Frames of which the truth says nothing; they are in no score. */
  public long uncovered() {
    return uncovered;
  }

  /** All covered frames, and those of them that are settled. */
  public record Score(Count raw, Count settled) {
    static final Score NONE = new Score(Count.NONE, Count.NONE);

    static Score ofFrame(boolean correct, boolean settled) {
      Count one = new Count(1, correct ? 1 : 0);
      return new Score(one, settled ? one : Count.NONE);
    }

    Score plus(Score other) {
      return new Score(raw.plus(other.raw), settled.plus(other.settled));
    }
  }

  /** Frames, and how many of them were correct. */
  public record Count(long frames, long correct) {
    static final Count NONE = new Count(0, 0);

    public Count {
      if (correct < 0 || correct > frames) {
        throw new IllegalArgumentException("%d of %d frames correct".formatted(correct, frames));
      }
    }

    Count plus(Count other) {
      return new Count(frames + other.frames, correct + other.correct);
    }

    /** Correct frames / frames, 0..1; empty where there are no frames. */
    public OptionalDouble ratio() {
      return frames == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) correct / frames);
    }
  }
}
