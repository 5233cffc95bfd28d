package io.gatestream.dashboard;

import io.gatestream.schema.LabelScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Mean scores of one stream in buckets of capture time, of at most {@value #MOST_CLASSES} classes:
 * all where there are no more, else those that were best first. Scores are kept as bytes, so that a
 * thousand streams with an hour each take little. Not thread-safe.
 */
final class ScoreHistory {
  static final long BUCKET_MILLIS = 2_000;
  private static final int MOST_CLASSES = 8;
  private static final int FIRST_BUCKETS = 32;
  private static final float STEPS = 255;

  private final int most;
  private final List<String> classes = new ArrayList<>();

  /** Buckets that are over, oldest first from {@code first}, as a ring. */
  private int[] numbers;

  /** Of each bucket {@value #MOST_CLASSES}, 0 for a class that was not known yet. */
  private byte[] means;

  private int first;
  private int size;

  /** Number of the bucket that is not over. */
  private int current = Integer.MIN_VALUE;

  private final float[] sums = new float[MOST_CLASSES];
  private int labels;

  ScoreHistory(long historyMillis) {
    most = Math.toIntExact(historyMillis / BUCKET_MILLIS) + 1;
    int buckets = Math.min(most, FIRST_BUCKETS);
    numbers = new int[buckets];
    means = new byte[buckets * MOST_CLASSES];
  }

  /** Adds a frame's scores; one that lies before the last bucket is left out. */
  void add(long captureMillis, List<LabelScore> scores) {
    int bucket = (int) Math.floorDiv(captureMillis, BUCKET_MILLIS);
    if (bucket < current) {
      return;
    }
    if (bucket > current) {
      close();
      current = bucket;
    }
    choose(scores);
    for (LabelScore score : scores) {
      int index = classes.indexOf(score.getLabel());
      if (index >= 0) {
        sums[index] += score.getScore();
      }
    }
    labels++;
  }

  private void choose(List<LabelScore> scores) {
    int candidates = scores.size() <= MOST_CLASSES ? scores.size() : Math.min(1, scores.size());
    for (int i = 0; i < candidates && classes.size() < MOST_CLASSES; i++) {
      if (!classes.contains(scores.get(i).getLabel())) {
        classes.add(scores.get(i).getLabel());
      }
    }
  }

  private void close() {
    if (labels == 0) {
      return;
    }
    if (size == numbers.length) {
      makeRoom();
    }
    int at = (first + size) % numbers.length;
    numbers[at] = current;
    System.arraycopy(means(), 0, means, at * MOST_CLASSES, MOST_CLASSES);
    size++;
    Arrays.fill(sums, 0);
    labels = 0;
  }

  private byte[] means() {
    byte[] closed = new byte[MOST_CLASSES];
    for (int i = 0; i < classes.size(); i++) {
      closed[i] = (byte) Math.round(Math.max(0, Math.min(1, sums[i] / labels)) * STEPS);
    }
    return closed;
  }

  private void makeRoom() {
    if (size == most) {
      first = (first + 1) % numbers.length;
      size--;
      return;
    }
    int more = Math.min(most, 2 * size);
    int[] newNumbers = new int[more];
    byte[] newMeans = new byte[more * MOST_CLASSES];
    for (int i = 0; i < size; i++) {
      int at = (first + i) % numbers.length;
      newNumbers[i] = numbers[at];
      System.arraycopy(means, at * MOST_CLASSES, newMeans, i * MOST_CLASSES, MOST_CLASSES);
    }
    numbers = newNumbers;
    means = newMeans;
    first = 0;
  }

  List<String> classes() {
    return List.copyOf(classes);
  }

  /** What is known from a time on, the bucket that is not over included. */
  Buckets since(long millis) {
    Buckets buckets = new Buckets(classes.size());
    for (int i = 0; i < size; i++) {
      int at = (first + i) % numbers.length;
      if (start(numbers[at]) >= millis) {
        buckets.add(start(numbers[at]), means, at * MOST_CLASSES);
      }
    }
    if (labels > 0 && start(current) >= millis) {
      buckets.add(start(current), means(), 0);
    }
    return buckets;
  }

  private static long start(int bucket) {
    return bucket * BUCKET_MILLIS;
  }

  /**
   * Columns of a chart.
   *
   * @param at start of each bucket, milliseconds since the epoch
   * @param scores of each class, one a bucket, 0 to 1
   * @param best index of the class with the best mean in each bucket, -1 where there is none
   */
  record Buckets(List<Long> at, List<List<Float>> scores, List<Integer> best) {
    Buckets(int classes) {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < classes; i++) {
        scores.add(new ArrayList<>());
      }
    }

    private void add(long start, byte[] means, int offset) {
      at.add(start);
      int index = -1;
      int best = 0;
      for (int i = 0; i < scores.size(); i++) {
        int mean = Byte.toUnsignedInt(means[offset + i]);
        scores.get(i).add(Math.round(mean * 1000 / STEPS) / 1000f);
        if (mean > best) {
          index = i;
          best = mean;
        }
      }
      this.best.add(index);
    }
  }
}
