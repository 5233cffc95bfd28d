package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Computes the metrics of a set of streams in which each counts as often as its weight says:
 * weights of one for an evaluation, drawn ones for a bootstrap. Immutable, any thread.
 */
final class Scoreboard {
  private final Classes classes;
  private final List<StreamTally> streams;
  private final StartScores starts;
  private final int scoresKept;

  /** The scoreboard of {@code aligned}, by whose order weights are given. */
  Scoreboard(Classes classes, List<AlignedStream> aligned) {
    this.classes = classes;
    this.streams = aligned.parallelStream().map(StreamTally::new).toList();
    this.starts = new StartScores(classes, streams.stream().map(stream -> stream.starts).toList());
    this.scoresKept =
        aligned.stream()
            .flatMap(stream -> stream.stream().frames().stream())
            .mapToInt(ScoredFrame::scoreCount)
            .min()
            .orElse(classes.count());
  }

  int size() {
    return streams.size();
  }

  StreamTally stream(int index) {
    return streams.get(index);
  }

  /** Whether a frame lacks scores, so that nothing can be ranked. */
  boolean truncated() {
    return scoresKept < classes.count();
  }

  FrameTally frames(int[] weights) {
    FrameTally sum = new FrameTally(classes);
    for (int i = 0; i < streams.size(); i++) {
      sum.add(streams.get(i).frames, weights[i]);
    }
    return sum;
  }

  ReliabilityTally reliability(int[] weights) {
    ReliabilityTally sum = new ReliabilityTally();
    for (int i = 0; i < streams.size(); i++) {
      sum.add(streams.get(i).reliability, weights[i]);
    }
    return sum;
  }

  /** NaN for a multi-label model some of whose scores were cut off. */
  double calibrationError(int[] weights) {
    return truncated() && classes.multiLabel() ? Double.NaN : reliability(weights).error();
  }

  /** The bins of the calibration error, every stream counting once; empty where it is NaN. */
  List<ReliabilityBin> reliabilityBins() {
    int[] weights = Numbers.ones(size());
    return Double.isNaN(calibrationError(weights)) ? List.of() : reliability(weights).bins();
  }

  /** Share of frames whose true class is among the k best, by k; empty for a multi-label model. */
  Map<Integer, Double> topK(FrameTally frames) {
    Map<Integer, Double> top = new TreeMap<>();
    for (int i = 0; i < FrameTally.TOP.length; i++) {
      int k = FrameTally.TOP[i];
      if (!classes.multiLabel() && k < classes.count()) {
        top.put(k, k > scoresKept ? Double.NaN : Numbers.ratio(frames.topHits[i], frames.frames));
      }
    }
    return top;
  }

  /** Segment F1 at an index of {@link SegmentMatch#OVERLAPS}: the mean over streams. */
  double segmentF1(int overlap, int[] weights) {
    return mean(stream -> stream.segmentF1[overlap], weights);
  }

  /** The mean edit score over streams. */
  double edit(int[] weights) {
    return mean(stream -> stream.edit, weights);
  }

  /** Point-level mean average precision of action starts by offset, from 1 s on. */
  double[] startAverages(int[] weights) {
    return starts.means(weights);
  }

  /** The same of one class. */
  double[] startAverages(int label, int[] weights) {
    return starts.averages(label, weights);
  }

  double falseAlarmsPerHour(int[] weights) {
    return 3600 * rate(stream -> stream.online.falseAlarms(), weights);
  }

  double labelChangesPerMinute(int[] weights) {
    return 60 * rate(stream -> stream.online.labelChanges(), weights);
  }

  /** Seconds that the scored frames last. */
  double seconds(int[] weights) {
    return sum(stream -> stream.online.seconds(), weights);
  }

  /** Seconds from start to detection of every detected true stretch. */
  double[] delays(int[] weights) {
    List<Double> delays = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      for (int times = 0; times < weights[i]; times++) {
        delays.addAll(streams.get(i).online.delays());
      }
    }
    return delays.stream().mapToDouble(Double::doubleValue).toArray();
  }

  long undetected(int[] weights) {
    return (long) sum(stream -> stream.online.undetected(), weights);
  }

  private double rate(ToDoubleFunction<StreamTally> count, int[] weights) {
    return Numbers.ratio(sum(count, weights), seconds(weights));
  }

  private double sum(ToDoubleFunction<StreamTally> value, int[] weights) {
    return IntStream.range(0, streams.size())
        .mapToDouble(i -> weights[i] * value.applyAsDouble(streams.get(i)))
        .sum();
  }

  private double mean(ToDoubleFunction<StreamTally> value, int[] weights) {
    double sum = 0;
    long count = 0;
    for (int i = 0; i < streams.size(); i++) {
      double one = value.applyAsDouble(streams.get(i));
      if (!Double.isNaN(one)) {
        sum += weights[i] * one;
        count += weights[i];
      }
    }
    return Numbers.ratio(sum, count);
  }
}
