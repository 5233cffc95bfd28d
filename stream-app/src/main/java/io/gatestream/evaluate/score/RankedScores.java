package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scores of one class on the scored frames of all streams, best first. Immutable.
 *
 * <p>Each stream counts as often as its weight says, so that a resample of streams needs no new
 * sorting.
 */
final class RankedScores {
  private static final int HIT = 2;
  private static final int ENDS_TIE = 1;

  /** By rank: the stream's index * 4, {@link #HIT} and {@link #ENDS_TIE}. */
  private final int[] entries;

  private final long[] framesOf;
  private final long[] hitsOf;

  private RankedScores(int streams, int frames) {
    entries = new int[frames];
    framesOf = new long[streams];
    hitsOf = new long[streams];
  }

  static RankedScores of(int label, List<AlignedStream> aligned) {
    int total = aligned.stream().mapToInt(AlignedStream::scoredCount).sum();
    RankedScores ranked = new RankedScores(aligned.size(), total);
    long[] keys = new long[total];
    int[] unsorted = new int[total];
    float[] values = new float[total];
    int next = 0;
    for (int stream = 0; stream < aligned.size(); stream++) {
      AlignedStream frames = aligned.get(stream);
      for (int frame = 0; frame < frames.frameCount(); frame++) {
        if (frames.scored(frame)) {
          boolean hit = frames.truth(frame, label);
          values[next] = frames.frame(frame).score(label) + 0f;
          unsorted[next] = stream * 4 + (hit ? HIT : 0);
          keys[next] = descending(values[next]) << 32 | next;
          ranked.framesOf[stream]++;
          ranked.hitsOf[stream] += hit ? 1 : 0;
          next++;
        }
      }
    }
    Arrays.parallelSort(keys);
    for (int rank = 0; rank < total; rank++) {
      boolean tied = rank + 1 < total && values[(int) keys[rank + 1]] == values[(int) keys[rank]];
      ranked.entries[rank] = unsorted[(int) keys[rank]] | (tied ? 0 : ENDS_TIE);
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
    for (int stream = 0; stream < framesOf.length; stream++) {
      all += weights[stream] * framesOf[stream];
      positive += weights[stream] * hitsOf[stream];
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
    for (int entry : entries) {
      int weight = weights[entry >>> 2];
      seen += weight;
      hits += (entry & HIT) != 0 ? weight : 0;
      if ((entry & ENDS_TIE) != 0 && hits > counted) {
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

  /** The precision-recall curve at no more than {@code limit} distinct scores, best first. */
  List<CurvePoint> curve(int limit) {
    long positive = Arrays.stream(hitsOf).sum();
    List<CurvePoint> points = new ArrayList<>();
    long hits = 0;
    for (int i = 0; i < entries.length && positive > 0; i++) {
      hits += (entries[i] & HIT) != 0 ? 1 : 0;
      if ((entries[i] & ENDS_TIE) != 0) {
        points.add(new CurvePoint((double) hits / positive, (double) hits / (i + 1)));
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
