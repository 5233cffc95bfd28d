package io.gatestream.evaluate.score;

import java.util.Arrays;

/** Counts over the scored frames of one stream, or sums of such counts. Not thread-safe. */
final class FrameTally {
  /** The k of top-k accuracy; those below the number of classes are told. */
  static final int[] TOP = {2, 3, 5};

  final Classes classes;
  final long[] topHits = new long[TOP.length];
  final long[] truePositives;
  final long[] falsePositives;
  final long[] falseNegatives;
  final long[][] confusion;
  long frames;
  long correct;

  FrameTally(Classes classes) {
    int count = classes.count();
    this.classes = classes;
    this.truePositives = new long[count];
    this.falsePositives = new long[count];
    this.falseNegatives = new long[count];
    this.confusion = classes.multiLabel() ? new long[0][0] : new long[count][count];
  }

  static FrameTally of(AlignedStream stream) {
    FrameTally tally = new FrameTally(stream.classes());
    for (int frame = 0; frame < stream.frameCount(); frame++) {
      if (stream.scored(frame)) {
        tally.count(stream, frame);
      }
    }
    return tally;
  }

  private void count(AlignedStream stream, int frame) {
    frames++;
    boolean exact = true;
    for (int label = 0; label < classes.count(); label++) {
      boolean truth = stream.truth(frame, label);
      boolean predicted = stream.predicted(frame, label);
      truePositives[label] += truth && predicted ? 1 : 0;
      falsePositives[label] += !truth && predicted ? 1 : 0;
      falseNegatives[label] += truth && !predicted ? 1 : 0;
      exact &= truth == predicted || (classes.multiLabel() && label == classes.backgroundIndex());
    }
    correct += exact ? 1 : 0;
    if (!classes.multiLabel()) {
      int truth = stream.truthOf(frame);
      confusion[truth][stream.frame(frame).top()]++;
      int rank = stream.frame(frame).rank(truth);
      for (int i = 0; i < TOP.length; i++) {
        topHits[i] += rank < TOP[i] ? 1 : 0;
      }
    }
  }

  /** Adds {@code times} the counts of {@code other}. */
  void add(FrameTally other, int times) {
    frames += times * other.frames;
    correct += times * other.correct;
    add(topHits, other.topHits, times);
    add(truePositives, other.truePositives, times);
    add(falsePositives, other.falsePositives, times);
    add(falseNegatives, other.falseNegatives, times);
    for (int i = 0; i < confusion.length; i++) {
      add(confusion[i], other.confusion[i], times);
    }
  }

  private static void add(long[] sum, long[] other, int times) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += times * other[i];
    }
  }

  /** Frames of which the class is true. */
  long support(int label) {
    return truePositives[label] + falseNegatives[label];
  }

  /** Frames for which the class is predicted. */
  long predicted(int label) {
    return truePositives[label] + falsePositives[label];
  }

  /** Share of frames whose labels are exactly the true ones. */
  double accuracy() {
    return Numbers.ratio(correct, frames);
  }

  /** TP / (TP + FP), NaN where the class is never predicted. */
  double precision(int label) {
    return Numbers.ratio(truePositives[label], predicted(label));
  }

  /** TP / (TP + FN), NaN where the class is never true. */
  double recall(int label) {
    return Numbers.ratio(truePositives[label], support(label));
  }

  /** 2 TP / (2 TP + FP + FN), NaN where the class is neither true nor predicted. */
  double f1(int label) {
    return Numbers.ratio(2 * truePositives[label], support(label) + predicted(label));
  }

  /**
   * Mean recall of the classes that are true of a frame, as {@code balanced_accuracy_score} of
   * scikit-learn; background counts in a single-label model.
   */
  double balancedAccuracy() {
    int[] labels = classes.multiLabel() ? classes.foreground() : Numbers.range(classes.count());
    return Numbers.mean(Arrays.stream(labels).mapToDouble(this::recall));
  }

  /** Mean F1 of the classes that are true of a frame, without background. */
  double macroF1() {
    return Numbers.mean(
        Arrays.stream(classes.foreground())
            .filter(label -> support(label) > 0)
            .mapToDouble(this::f1));
  }
}
