package io.gatestream.evaluate.score;

import java.util.List;

/**
 * Segment scores of one stream: Lea et al., Temporal Convolutional Networks for Action Segmentation
 * and Detection, CVPR 2017. Segments are those of the scored frames, by start, without background;
 * both scores are NaN where neither truth nor prediction has any.
 */
final class SegmentMatch {
  /** The overlaps of F1@k, in percent. */
  static final int[] OVERLAPS = {10, 25, 50};

  private final List<Segment> truth;
  private final List<Segment> predicted;

  SegmentMatch(List<Segment> truth, List<Segment> predicted) {
    this.truth = truth;
    this.predicted = predicted;
  }

  private boolean empty() {
    return truth.isEmpty() && predicted.isEmpty();
  }

  /**
   * F1@k = 2 TP / (2 TP + FP + FN). A predicted segment is a true positive if its intersection over
   * union with the best true segment of its class reaches {@code percent} and no earlier one took
   * that.
   */
  double f1(int percent) {
    return empty() ? Double.NaN : 2.0 * hits(percent) / (predicted.size() + truth.size());
  }

  /** How many predicted segments are true positives. */
  long hits(int percent) {
    boolean[] taken = new boolean[truth.size()];
    long hits = 0;
    for (Segment segment : predicted) {
      int best = best(segment);
      if (best >= 0 && !taken[best] && reaches(segment, truth.get(best), percent)) {
        taken[best] = true;
        hits++;
      }
    }
    return hits;
  }

  /** The true segment of the same class with the largest overlap, the earlier of equals; or -1. */
  private int best(Segment segment) {
    int best = -1;
    double bestOverlap = 0;
    for (int i = 0; i < truth.size(); i++) {
      Segment other = truth.get(i);
      if (other.label() == segment.label() && other.overlaps(segment)) {
        double overlap = (double) other.intersection(segment) / other.hull(segment);
        if (overlap > bestOverlap) {
          best = i;
          bestOverlap = overlap;
        }
      }
    }
    return best;
  }

  private static boolean reaches(Segment one, Segment other, int percent) {
    return one.intersection(other) * 100 >= percent * one.hull(other);
  }

  /** 1 - Levenshtein distance of the two sequences of classes / the longer length, 0 to 1. */
  double edit() {
    if (empty()) {
      return Double.NaN;
    }
    int[] row = Numbers.range(truth.size() + 1);
    for (int i = 1; i <= predicted.size(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= truth.size(); j++) {
        boolean same = predicted.get(i - 1).label() == truth.get(j - 1).label();
        int replaced = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return 1 - (double) row[truth.size()] / Math.max(truth.size(), predicted.size());
  }
}
