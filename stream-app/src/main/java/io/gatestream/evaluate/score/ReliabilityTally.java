package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.List;

/**
 * Confidence against outcome in bins of equal width (i / 15, (i + 1) / 15], the first including 0.
 * Not thread-safe.
 *
 * <p>Single label: of each scored frame the best score, and whether that class is true. Several
 * labels: of each scored frame and each class but the background its score, and whether it is true.
 */
final class ReliabilityTally {
  static final int BINS = 15;

  private final long[] count = new long[BINS];
  private final long[] hits = new long[BINS];
  private final double[] confidence = new double[BINS];

  static ReliabilityTally of(AlignedStream stream) {
    ReliabilityTally tally = new ReliabilityTally();
    int[] foreground = stream.classes().foreground();
    for (int frame = 0; frame < stream.frameCount(); frame++) {
      if (!stream.scored(frame)) {
        continue;
      }
      ScoredFrame scored = stream.frame(frame);
      if (!stream.classes().multiLabel()) {
        tally.count(scored.score(scored.top()), stream.truth(frame, scored.top()));
        continue;
      }
      for (int label : foreground) {
        tally.count(scored.score(label), stream.truth(frame, label));
      }
    }
    return tally;
  }

  private void count(double score, boolean hit) {
    int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(score * BINS) - 1));
    count[bin]++;
    hits[bin] += hit ? 1 : 0;
    confidence[bin] += score;
  }

  void add(ReliabilityTally other, int times) {
    for (int bin = 0; bin < BINS; bin++) {
      count[bin] += times * other.count[bin];
      hits[bin] += times * other.hits[bin];
      confidence[bin] += times * other.confidence[bin];
    }
  }

  /**
   * Expected calibration error, the mean over all decisions of |accuracy - confidence| of their
   * bin: Guo et al., On Calibration of Modern Neural Networks, ICML 2017. NaN of no frames.
   */
  double error() {
    double error = 0;
    long total = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(hits[bin] - confidence[bin]);
      total += count[bin];
    }
    return Numbers.ratio(error, total);
  }

  /** All bins, the empty ones too, by rising confidence. */
  List<ReliabilityBin> bins() {
    List<ReliabilityBin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      bins.add(
          new ReliabilityBin(
              (double) bin / BINS,
              (double) (bin + 1) / BINS,
              count[bin],
              Numbers.ratio(confidence[bin], count[bin]),
              Numbers.ratio(hits[bin], count[bin])));
    }
    return bins;
  }
}
