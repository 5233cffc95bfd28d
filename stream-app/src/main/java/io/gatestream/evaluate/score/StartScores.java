package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Point-level average precision of action starts over all streams, by class and offset. Immutable.
 */
final class StartScores {
  private final Classes classes;
  private final List<StartMatch> streams;
  private final List<Ranked> byClass = new ArrayList<>();

  StartScores(Classes classes, List<StartMatch> streams) {
    this.classes = classes;
    this.streams = streams;
    for (int label = 0; label < classes.count(); label++) {
      byClass.add(ranked(label));
    }
  }

  private Ranked ranked(int label) {
    List<Entry> entries = new ArrayList<>();
    for (int stream = 0; stream < streams.size(); stream++) {
      for (StartMatch.Start start : streams.get(stream).starts()) {
        if (start.label() == label) {
          entries.add(new Entry(stream, start));
        }
      }
    }
    entries.sort(Comparator.comparingDouble((Entry entry) -> -entry.start().score()));
    return new Ranked(entries);
  }

  /** By offset: the mean over the classes that have a true start; NaN where none has. */
  double[] means(int[] weights) {
    List<double[]> averages =
        IntStream.of(classes.foreground()).mapToObj(label -> averages(label, weights)).toList();
    return IntStream.range(0, StartMatch.OFFSETS)
        .mapToDouble(offset -> Numbers.mean(averages.stream().mapToDouble(one -> one[offset])))
        .toArray();
  }

  /**
   * By offset: sum of (R_n - R_(n-1)) P_n over the distinct scores; NaN for a class without true
   * starts.
   */
  double[] averages(int label, int[] weights) {
    long positive = 0;
    for (int stream = 0; stream < streams.size(); stream++) {
      positive += weights[stream] * streams.get(stream).trueStarts(label);
    }
    double[] averages = new double[StartMatch.OFFSETS];
    for (int offset = 0; offset < averages.length; offset++) {
      averages[offset] =
          positive == 0 ? Double.NaN : byClass.get(label).average(offset, positive, weights);
    }
    return averages;
  }

  private record Entry(int stream, StartMatch.Start start) {}

  /** The predicted starts of one class, best score first. */
  private static final class Ranked {
    private final int[] streams;
    private final boolean[] endsTie;
    private final boolean[][] hits;

    private Ranked(List<Entry> entries) {
      streams = new int[entries.size()];
      endsTie = new boolean[entries.size()];
      hits = new boolean[StartMatch.OFFSETS][entries.size()];
      for (int i = 0; i < streams.length; i++) {
        StartMatch.Start start = entries.get(i).start();
        streams[i] = entries.get(i).stream();
        endsTie[i] = i + 1 == streams.length || entries.get(i + 1).start().score() != start.score();
        for (int offset = 0; offset < hits.length; offset++) {
          hits[offset][i] = start.right()[offset];
        }
      }
    }

    private double average(int offset, long positive, int[] weights) {
      double average = 0;
      long right = 0;
      long seen = 0;
      long counted = 0;
      for (int i = 0; i < streams.length; i++) {
        int weight = weights[streams[i]];
        seen += weight;
        right += hits[offset][i] ? weight : 0;
        if (endsTie[i] && right > counted) {
          average += (double) (right - counted) / positive * right / seen;
          counted = right;
        }
      }
      return average;
    }
  }
}
