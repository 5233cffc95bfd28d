package io.gatestream.replay.score;

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
  private final List<List<Entry>> byClass = new ArrayList<>();

  StartScores(Classes classes, List<StartMatch> streams) {
    this.classes = classes;
    this.streams = streams;
    for (int label = 0; label < classes.count(); label++) {
      byClass.add(new ArrayList<>());
    }
    for (int stream = 0; stream < streams.size(); stream++) {
      for (StartMatch.Start start : streams.get(stream).starts()) {
        byClass.get(start.label()).add(new Entry(stream, start));
      }
    }
    byClass.forEach(
        entries ->
            entries.sort(Comparator.comparingDouble((Entry entry) -> -entry.start().score())));
  }

  /** Mean over the classes that have a true start, without background; NaN where none has. */
  double average(int offsetSeconds, int[] weights) {
    return Numbers.mean(
        IntStream.of(classes.foreground())
            .mapToDouble(label -> average(label, offsetSeconds, weights)));
  }

  /** Sum of (R_n - R_(n-1)) P_n over the distinct scores; NaN for a class without true starts. */
  double average(int label, int offsetSeconds, int[] weights) {
    long positive = 0;
    for (int stream = 0; stream < streams.size(); stream++) {
      positive += weights[stream] * streams.get(stream).trueStarts(label);
    }
    List<Entry> entries = byClass.get(label);
    double average = 0;
    long hits = 0;
    long seen = 0;
    long counted = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      seen += weights[entry.stream()];
      hits += entry.start().right()[offsetSeconds - 1] ? weights[entry.stream()] : 0;
      boolean endsTie =
          i + 1 == entries.size() || entries.get(i + 1).start().score() != entry.start().score();
      if (endsTie && hits > counted) {
        average += (double) (hits - counted) / positive * hits / seen;
        counted = hits;
      }
    }
    return positive == 0 ? Double.NaN : average;
  }

  private record Entry(int stream, StartMatch.Start start) {}
}
