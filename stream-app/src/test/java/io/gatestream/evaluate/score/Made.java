package io.gatestream.evaluate.score;

import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small streams and truths for tests: one letter a frame, ten frames a second. */
final class Made {
  static final Classes CLASSES = Classes.single(List.of("-", "a", "b", "c"), Optional.of("-"));

  private Made() {}

  /** A stream that predicts the letters with a score of 0.7, the others 0.1 each. */
  static ScoredStream stream(String name, String letters) {
    List<ScoredFrame> frames = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      int top = CLASSES.index(letters.substring(i, i + 1));
      float[] scores = {0.1f, 0.1f, 0.1f, 0.1f};
      scores[top] = 0.7f;
      frames.add(frame(i, scores, top));
    }
    return new ScoredStream(
        name, 1, CLASSES, frames, new ScoredStream.Counts(letters.length(), 0, 0, 0));
  }

  static ScoredFrame frame(int index, float[] scores, int top) {
    return new ScoredFrame(
        index,
        index * 100_000L,
        index * 100_000L,
        scores,
        top,
        index == 0 ? Reset.FIRST_FRAME : Reset.NONE);
  }

  /** The truth of frames: one interval for each run of a letter; a blank says nothing. */
  static List<Interval> truth(String name, String letters) {
    List<Interval> rows = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= letters.length(); i++) {
      if (i == letters.length() || letters.charAt(i) != letters.charAt(start)) {
        if (letters.charAt(start) != ' ') {
          rows.add(interval(name, start, i, letters.substring(start, start + 1)));
        }
        start = i;
      }
    }
    return rows;
  }

  /** An interval from frame {@code start} to before frame {@code end}. */
  static Interval interval(String name, int start, int end, String label) {
    return new Interval(name, start * 100_000L, end * 100_000L, label, start * 100_000L);
  }

  static Evaluation evaluation(String truth, String predicted) {
    return Evaluation.of(Truth.of(truth("cam", truth)), CLASSES, List.of(stream("cam", predicted)));
  }
}
