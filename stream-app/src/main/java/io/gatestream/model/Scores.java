package io.gatestream.model;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * The scores of one frame, best first, ties by label index. Holds one number for each, of which the
 * objects are made when they are asked for. Immutable.
 */
public final class Scores extends AbstractList<Scores.Score> implements RandomAccess {
  /**
   * In the upper half how far the score's bits are below the largest, in the lower half the label:
   * ascending means best first. Floats that are not negative are in the order of their bits.
   */
  private final long[] ranked;

  /** The score, from 0 to 1, of the label at an index of {@link ModelBundle#labels}. */
  public record Score(int label, float score) {}

  private Scores(long[] ranked) {
    this.ranked = ranked;
  }

  /**
   * Ranks values, one for each label.
   *
   * @param values 0 or more
   */
  static Scores of(double[] values) {
    long[] ranked = new long[values.length];
    for (int label = 0; label < values.length; label++) {
      int bits = Float.floatToRawIntBits((float) values[label]);
      if (bits < 0) {
        throw new IllegalArgumentException("a score of " + values[label]);
      }
      ranked[label] = ((long) (Integer.MAX_VALUE - bits) << Integer.SIZE) | label;
    }
    Arrays.sort(ranked);
    return new Scores(ranked);
  }

  /** Index of a label among those of the bundle. */
  public int label(int rank) {
    return (int) ranked[rank];
  }

  public float score(int rank) {
    return Float.intBitsToFloat(Integer.MAX_VALUE - (int) (ranked[rank] >>> Integer.SIZE));
  }

  /** The scores in the order of the labels. */
  public float[] byLabel() {
    float[] scores = new float[ranked.length];
    for (int rank = 0; rank < ranked.length; rank++) {
      scores[label(rank)] = score(rank);
    }
    return scores;
  }

  @Override
  public Score get(int rank) {
    return new Score(label(rank), score(rank));
  }

  @Override
  public int size() {
    return ranked.length;
  }
}
