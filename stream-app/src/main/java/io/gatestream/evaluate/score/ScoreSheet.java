package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.LongStream;

/** Fills {@link Metrics} from a scoreboard in which every stream counts once. One thread. */
final class ScoreSheet {
  private final Classes classes;
  private final List<AlignedStream> streams;
  private final Scoreboard board;
  private final ClassScores scores;
  private final int[] weights;

  ScoreSheet(Classes classes, List<AlignedStream> streams, Scoreboard board, ClassScores scores) {
    this.classes = classes;
    this.streams = streams;
    this.board = board;
    this.scores = scores;
    this.weights = Numbers.ones(board.size());
  }

  Metrics make(Account account, List<String> notes) {
    FrameTally frames = board.frames(weights);
    RankedScores.Average mean = scores.mean(weights);
    return new Metrics(
        classes.multiLabel(),
        frames.frames,
        streams.stream().mapToLong(ScoreSheet::unscored).sum(),
        board.seconds(weights),
        frames.accuracy(),
        frames.balancedAccuracy(),
        board.topK(frames),
        frames.macroF1(),
        mean.precision(),
        mean.calibrated(),
        board.calibrationError(weights),
        byOverlap(overlap -> board.segmentF1(overlap, weights)),
        board.edit(weights),
        byOffset(board.startAverages(weights)),
        delay(),
        board.falseAlarmsPerHour(weights),
        board.labelChangesPerMinute(weights),
        account,
        classMetrics(frames),
        Arrays.stream(frames.confusion).map(row -> LongStream.of(row).boxed().toList()).toList(),
        streamMetrics(),
        List.copyOf(notes));
  }

  private static long unscored(AlignedStream stream) {
    return (long) stream.frameCount() - stream.scoredCount();
  }

  private Metrics.DetectionDelay delay() {
    double[] delays = board.delays(weights);
    return new Metrics.DetectionDelay(
        Numbers.percentile(delays, 50),
        Numbers.percentile(delays, 90),
        delays.length,
        board.undetected(weights));
  }

  private List<Metrics.ClassMetrics> classMetrics(FrameTally frames) {
    List<Metrics.ClassMetrics> metrics = new ArrayList<>();
    for (int index = 0; index < classes.count(); index++) {
      int label = index;
      boolean background = label == classes.backgroundIndex();
      RankedScores.Average average = scores.average(label, weights);
      metrics.add(
          new Metrics.ClassMetrics(
              classes.labels().get(label),
              background,
              frames.support(label),
              frames.predicted(label),
              frames.precision(label),
              frames.recall(label),
              frames.f1(label),
              average.precision(),
              average.calibrated(),
              background ? Map.of() : byOffset(board.startAverages(label, weights))));
    }
    return metrics;
  }

  private List<Metrics.StreamMetrics> streamMetrics() {
    List<Metrics.StreamMetrics> metrics = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      StreamTally tally = board.stream(i);
      metrics.add(
          new Metrics.StreamMetrics(
              streams.get(i).stream().name(),
              tally.frames.frames,
              unscored(streams.get(i)),
              tally.online.seconds(),
              tally.frames.accuracy(),
              byOverlap(overlap -> tally.segmentF1[overlap]),
              tally.edit,
              Numbers.percentile(
                  tally.online.delays().stream().mapToDouble(Double::doubleValue).toArray(), 50),
              tally.online.undetected(),
              tally.online.falseAlarms(),
              tally.online.labelChanges()));
    }
    return metrics;
  }

  private static Map<Integer, Double> byOverlap(IntToDoubleFunction value) {
    Map<Integer, Double> values = new TreeMap<>();
    for (int i = 0; i < SegmentMatch.OVERLAPS.length; i++) {
      values.put(SegmentMatch.OVERLAPS[i], value.applyAsDouble(i));
    }
    return values;
  }

  private static Map<Integer, Double> byOffset(double[] averages) {
    Map<Integer, Double> values = new TreeMap<>();
    for (int offset = 1; offset <= averages.length; offset++) {
      values.put(offset, averages[offset - 1]);
    }
    return values;
  }
}
