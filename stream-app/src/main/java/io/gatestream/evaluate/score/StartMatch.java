package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Predicted action starts of one stream against the true ones: Shou et al., Online Detection of
 * Action Start in Untrimmed, Streaming Videos, ECCV 2018.
 *
 * <p>A start is predicted at the first frame of each predicted segment, with that frame's score. In
 * the order of falling score, then time, each takes the nearest true start of its class that none
 * has taken; it is right if that lies no further off than the offset.
 */
final class StartMatch {
  /** The largest offset in seconds; 1, 2 and so on come before. */
  static final int OFFSETS = 10;

  private final List<Start> starts;
  private final long[] trueStarts;

  private StartMatch(List<Start> starts, long[] trueStarts) {
    this.starts = starts;
    this.trueStarts = trueStarts;
  }

  static StartMatch of(AlignedStream stream, List<Segment> trueStretches, List<Segment> predicted) {
    List<Start> starts = new ArrayList<>();
    long[] counts = new long[stream.classes().count()];
    for (int label : stream.classes().foreground()) {
      int current = label;
      long[] times =
          trueStretches.stream()
              .filter(stretch -> stretch.label() == current)
              .mapToLong(Segment::start)
              .toArray();
      counts[label] = times.length;
      List<Segment> ranked =
          predicted.stream()
              .filter(segment -> segment.label() == current)
              .sorted(
                  Comparator.comparingDouble((Segment segment) -> -score(stream, segment))
                      .thenComparingLong(Segment::start))
              .toList();
      boolean[][] hits = new boolean[OFFSETS][];
      for (int offset = 1; offset <= OFFSETS; offset++) {
        hits[offset - 1] = match(ranked, times, offset * 1_000_000L);
      }
      for (int i = 0; i < ranked.size(); i++) {
        boolean[] right = new boolean[OFFSETS];
        for (int offset = 0; offset < OFFSETS; offset++) {
          right[offset] = hits[offset][i];
        }
        starts.add(new Start(label, score(stream, ranked.get(i)), right));
      }
    }
    return new StartMatch(starts, counts);
  }

  private static double score(AlignedStream stream, Segment segment) {
    return stream.frame(segment.firstFrame()).score(segment.label());
  }

  private static boolean[] match(List<Segment> ranked, long[] times, long offset) {
    boolean[] taken = new boolean[times.length];
    boolean[] hits = new boolean[ranked.size()];
    for (int i = 0; i < hits.length; i++) {
      long start = ranked.get(i).start();
      int nearest = -1;
      for (int j = 0; j < times.length; j++) {
        boolean nearer =
            nearest < 0 || Math.abs(times[j] - start) < Math.abs(times[nearest] - start);
        nearest = !taken[j] && nearer ? j : nearest;
      }
      if (nearest >= 0 && Math.abs(times[nearest] - start) <= offset) {
        taken[nearest] = true;
        hits[i] = true;
      }
    }
    return hits;
  }

  List<Start> starts() {
    return starts;
  }

  /** How many true starts the class has. */
  long trueStarts(int label) {
    return trueStarts[label];
  }

  /** A predicted start; {@code right} by offset, from 1 s on. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this package
  record Start(int label, double score, boolean[] right) {}
}
