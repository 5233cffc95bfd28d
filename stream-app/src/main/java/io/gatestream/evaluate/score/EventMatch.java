package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of some streams against their true stretches. Used by one thread. */
final class EventMatch {
  /** Overlaps in percent, as those of segments. */
  static final int[] OVERLAPS = SegmentMatch.OVERLAPS;

  /** How far a start may be off, seconds. */
  static final double[] STARTS = {0.5, 1, 2};

  private final long[] overlapHits = new long[OVERLAPS.length];
  private final long[] startHits = new long[STARTS.length];
  private final List<Double> delays = new ArrayList<>();
  private long events;
  private long stretches;
  private long falseAlarms;
  private long further;
  private long undetected;
  private double seconds;

  /** Adds a stream; events that begin in frames whose truth is not known are left out. */
  void add(AlignedStream stream, List<PredictedEvent> predicted) {
    List<Segment> truth = stream.trueStretches();
    List<PredictedEvent> scored =
        predicted.stream()
            .filter(event -> isScored(stream, event.start()))
            .sorted(
                Comparator.comparingLong(PredictedEvent::start)
                    .thenComparingInt(PredictedEvent::label))
            .toList();
    events += scored.size();
    stretches += truth.size();
    seconds += stream.seconds();
    for (int i = 0; i < OVERLAPS.length; i++) {
      overlapHits[i] += overlapHits(truth, scored, OVERLAPS[i]);
    }
    for (int i = 0; i < STARTS.length; i++) {
      startHits[i] += startHits(truth, scored, (long) (STARTS[i] * 1e6));
    }
    for (Segment stretch : truth) {
      List<PredictedEvent> of =
          scored.stream().filter(event -> belongs(event.segment(), stretch)).toList();
      if (of.isEmpty()) {
        undetected++;
      } else {
        delays.add(Math.max(0, of.get(0).announced() - stretch.start()) / 1e6);
        further += of.size() - 1;
      }
    }
    falseAlarms +=
        scored.stream()
            .filter(event -> truth.stream().noneMatch(one -> belongs(event.segment(), one)))
            .count();
  }

  private static boolean isScored(AlignedStream stream, long time) {
    int frame = stream.firstFrom(time);
    return frame < stream.frameCount() && stream.scored(frame);
  }

  private static boolean belongs(Segment event, Segment stretch) {
    return event.label() == stretch.label() && event.overlaps(stretch);
  }

  /** As {@link SegmentMatch#f1}: each event takes the stretch that it overlaps best. */
  private static long overlapHits(List<Segment> truth, List<PredictedEvent> events, int percent) {
    return new SegmentMatch(truth, events.stream().map(PredictedEvent::segment).toList())
        .hits(percent);
  }

  /** In the order of time each event takes the nearest true start of its class that is free. */
  private static long startHits(List<Segment> truth, List<PredictedEvent> events, long offset) {
    boolean[] taken = new boolean[truth.size()];
    long hits = 0;
    for (PredictedEvent event : events) {
      int nearest = -1;
      for (int i = 0; i < taken.length; i++) {
        boolean nearer = nearest < 0 || off(truth.get(i), event) < off(truth.get(nearest), event);
        nearest = !taken[i] && truth.get(i).label() == event.label() && nearer ? i : nearest;
      }
      if (nearest >= 0 && off(truth.get(nearest), event) <= offset) {
        taken[nearest] = true;
        hits++;
      }
    }
    return hits;
  }

  private static long off(Segment stretch, PredictedEvent event) {
    return Math.abs(stretch.start() - event.start());
  }

  EventMetrics metrics() {
    Map<Integer, EventMetrics.Found> byOverlap = new LinkedHashMap<>();
    for (int i = 0; i < OVERLAPS.length; i++) {
      byOverlap.put(OVERLAPS[i], EventMetrics.Found.of(overlapHits[i], events, stretches));
    }
    Map<Double, EventMetrics.Found> byStart = new LinkedHashMap<>();
    for (int i = 0; i < STARTS.length; i++) {
      byStart.put(STARTS[i], EventMetrics.Found.of(startHits[i], events, stretches));
    }
    double[] sorted = delays.stream().mapToDouble(Double::doubleValue).toArray();
    return new EventMetrics(
        events,
        stretches,
        byOverlap,
        byStart,
        new Metrics.DetectionDelay(
            Numbers.percentile(sorted, 50),
            Numbers.percentile(sorted, 90),
            delays.size(),
            undetected),
        3600 * Numbers.ratio((double) falseAlarms, seconds),
        3600 * Numbers.ratio((double) further, seconds));
  }
}
