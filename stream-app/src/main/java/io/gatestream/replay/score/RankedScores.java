package io.gatestream.replay.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The scores of one class on the scored frames of all streams, best first. Immutable.
 *
 * <p>Each stream counts as often as its weight says, so that a resample of streams needs no new
 * sorting.
 */
final class RankedScores {
  private final float[] scores;
  private final int[] streams;
  private final BitSet positives = new BitSet();

  private RankedScores(float[] scores, int[] streams) {
    this.scores = scores;
    this.streams = streams;
  }

  static RankedScores of(int label, List<AlignedStream> aligned) {
    int total = aligned.stream().mapToInt(AlignedStream::scoredCount).sum();
    long[] keys = new long[total];
    int[] streams = new int[total];
    float[] scores = new float[total];
    BitSet positives = new BitSet(total);
    int next = 0;
    for (int stream = 0; stream < aligned.size(); stream++) {
      AlignedStream frames = aligned.get(stream);
      for (int frame = 0; frame < frames.frameCount(); frame++) {
        if (frames.scored(frame)) {
          scores[next] = frames.frame(frame).score(label) + 0f;
          streams[next] = stream;
          positives.set(next, frames.truth(frame, label));
          keys[next] = descending(scores[next]) << 32 | next;
          next++;
        }
      }
    }
    Arrays.parallelSort(keys);
    RankedScores ranked = new RankedScores(new float[total], new int[total]);
    for (int rank = 0; rank < total; rank++) {
      int entry = (int) keys[rank];
      ranked.scores[rank] = scores[entry];
      ranked.streams[rank] = streams[entry];
      ranked.positives.set(rank, positives.get(entry));
    }
    return ranked;
  }

  /** A number that is the lower, the higher the score. */
  private static long descending(float score) {
    int bits = Float.floatToIntBits(score);
    return ~(bits < 0 ? bits ^ Integer.MAX_VALUE : bits);
  }

  /**
   * Average precision, the sum of (R_n - R_(n-1)) P_n over the distinct scores, as {@code
   * sklearn.metrics.average_precision_score} has it; and the calibrated one, in which precision is
   * w TP / (w TP + FP) with w = negatives / positives: De Geest et al., Online Action Detection,
   * ECCV 2016. NaN where no frame is positive.
   */
  Average average(int[] weights) {
    long positive = 0;
    long all = 0;
    for (int i = 0; i < scores.length; i++) {
      all += weights[streams[i]];
      positive += positives.get(i) ? weights[streams[i]] : 0;
    }
    if (positive == 0) {
      return new Average(Double.NaN, Double.NaN);
    }
    double ratio = (double) (all - positive) / positive;
    double average = 0;
    double calibrated = 0;
    long hits = 0;
    long seen = 0;
    long counted = 0;
    for (int i = 0; i < scores.length; i++) {
      int weight = weights[streams[i]];
      seen += weight;
      hits += positives.get(i) ? weight : 0;
      if (endsTie(i) && hits > counted) {
        double recall = (double) (hits - counted) / positive;
        average += recall * hits / seen;
        calibrated += recall * calibrated(ratio, hits, seen - hits);
        counted = hits;
      }
    }
    return new Average(average, calibrated);
  }

  private static double calibrated(double ratio, long hits, long falses) {
    return falses == 0 ? 1 : ratio * hits / (ratio * hits + falses);
  }

  private boolean endsTie(int rank) {
    return rank + 1 == scores.length || scores[rank + 1] != scores[rank];
  }

  /** The precision-recall curve at no more than {@code limit} distinct scores, best first. */
  List<CurvePoint> curve(int limit) {
    long positive = positives.cardinality();
    List<CurvePoint> points = new ArrayList<>();
    long hits = 0;
    for (int i = 0; i < scores.length && positive > 0; i++) {
      hits += positives.get(i) ? 1 : 0;
      if (endsTie(i)) {
        points.add(new CurvePoint((double) hits / positive, (double) hits / (i + 1), scores[i]));
      }
    }
    if (points.size() <= limit) {
      return points;
    }
    List<CurvePoint> thinned = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      thinned.add(points.get((int) ((long) i * (points.size() - 1) / (limit - 1))));
    }
    return thinned;
  }

  /** Average precision plain and calibrated, 0 to 1, or NaN. */
  record Average(double precision, double calibrated) {}
}
