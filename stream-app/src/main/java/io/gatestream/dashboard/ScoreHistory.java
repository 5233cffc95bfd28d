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

  /** One more for the best of all others. */
  private static final int MEANS = MOST_CLASSES + 1;

  private static final int FIRST_BUCKETS = 32;
  private static final float STEPS = 255;

  private final int most;
  private final List<String> classes = new ArrayList<>();

  /** Buckets that are over, oldest first from {@code first}, as a ring. */
  private int[] numbers;

  /** Of each bucket {@value #MEANS}, 0 for a class that was not known yet. */
  private byte[] means;

  private int first;
  private int size;

  /** Number of the bucket that is not over. */
  private int current = Integer.MIN_VALUE;

  private final float[] sums = new float[MOST_CLASSES];

  /** Of the best classes that are none of these. */
  private float others;

  private int labels;

  ScoreHistory(long historyMillis) {
    most = Math.toIntExact(historyMillis / BUCKET_MILLIS) + 1;
    int buckets = Math.min(most, FIRST_BUCKETS);
    numbers = new int[buckets];
    means = new byte[buckets * MEANS];
  }

  /**
   * Adds a frame's scores. One that lies a little before the last bucket is left out; where time
   * goes back further, or beyond all reason, what is known begins anew.
   */
  void add(long captureMillis, List<LabelScore> scores) {
    long number = Math.floorDiv(captureMillis, BUCKET_MILLIS);
    int bucket = (int) Math.max(Integer.MIN_VALUE + 1, Math.min(Integer.MAX_VALUE, number));
    if (bucket < current - FIRST_BUCKETS) {
      clear();
    }
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
    if (!scores.isEmpty() && !classes.contains(scores.get(0).getLabel())) {
      others += scores.get(0).getScore();
    }
    labels++;
  }

  private void clear() {
    first = 0;
    size = 0;
    current = Integer.MIN_VALUE;
    Arrays.fill(sums, 0);
    others = 0;
    labels = 0;
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
    System.arraycopy(means(), 0, means, at * MEANS, MEANS);
    size++;
    Arrays.fill(sums, 0);
    others = 0;
    labels = 0;
  }

  private byte[] means() {
    byte[] closed = new byte[MEANS];
    closed[MOST_CLASSES] = mean(others);
    for (int i = 0; i < classes.size(); i++) {
      closed[i] = mean(sums[i]);
    }
    return closed;
  }

  private byte mean(float sum) {
    return (byte) Math.round(Math.max(0, Math.min(1, sum / labels)) * STEPS);
  }

  private void makeRoom() {
    if (size == most) {
      first = (first + 1) % numbers.length;
      size--;
      return;
    }
    int more = Math.min(most, 2 * size);
    int[] newNumbers = new int[more];
    byte[] newMeans = new byte[more * MEANS];
    for (int i = 0; i < size; i++) {
      int at = (first + i) % numbers.length;
      newNumbers[i] = numbers[at];
      System.arraycopy(means, at * MEANS, newMeans, i * MEANS, MEANS);
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
      if (start(numbers[at]) >= millis && numbers[at] <= current) {
        buckets.add(start(numbers[at]), means, at * MEANS);
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
      int best = Byte.toUnsignedInt(means[offset + MOST_CLASSES]);
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
