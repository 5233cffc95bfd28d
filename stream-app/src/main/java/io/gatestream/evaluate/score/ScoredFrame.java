package io.gatestream.evaluate.score;

import io.gatestream.schema.Reset;

/** The label of one frame. Immutable; copies the array it is given. */
public final class ScoredFrame {
  private final long sequence;
  private final long sourceTime;
  private final long captureTime;
  private final float[] scores;
  private final int top;
  private final Reset reset;

  /**
   * @param sourceTime microseconds since the source's start
   * @param captureTime microseconds since the epoch
   * @param scores by class, 0 to 1; NaN for a class whose score was cut off
   * @param top the class of the best score
   */
  public ScoredFrame(
      long sequence, long sourceTime, long captureTime, float[] scores, int top, Reset reset) {
    if (top < 0 || top >= scores.length || Float.isNaN(scores[top])) {
      throw new IllegalArgumentException(
          "best class %d of %d has no score".formatted(top, scores.length));
    }
    this.sequence = sequence;
    this.sourceTime = sourceTime;
    this.captureTime = captureTime;
    this.scores = scores.clone();
    this.top = top;
    this.reset = reset;
  }

  public long sequence() {
    return sequence;
  }

  /** Microseconds since the source's start. */
  public long sourceTime() {
    return sourceTime;
  }

  /** Microseconds since the epoch. */
  public long captureTime() {
    return captureTime;
  }

  /** The score of a class, 0 to 1, or NaN where it was cut off. */
  public float score(int label) {
    return scores[label];
  }

  /** The class of the best score; of equal ones the one that the label names first. */
  public int top() {
    return top;
  }

  /** Why the state was zero before this frame, or {@link Reset#NONE}. */
  public Reset reset() {
    return reset;
  }

  int classCount() {
    return scores.length;
  }

  /** Scores that were not cut off. */
  int scoreCount() {
    int count = 0;
    for (float score : scores) {
      count += Float.isNaN(score) ? 0 : 1;
    }
    return count;
  }

  /** Whether the class is predicted: the best one, or in a multi-label model each above its bar. */
  boolean predicted(int label, Classes classes) {
    return classes.multiLabel() ? scores[label] >= classes.threshold(label) : label == top;
  }

  /** How many classes come before {@code label}; equal scores count by class index. */
  int rank(int label) {
    int rank = 0;
    for (int other = 0; other < scores.length; other++) {
      boolean before =
          scores[other] > scores[label] || (scores[other] == scores[label] && other < label);
      rank += before || (Float.isNaN(scores[label]) && !Float.isNaN(scores[other])) ? 1 : 0;
    }
    return rank;
  }
}
