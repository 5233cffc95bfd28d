package io.gatestream.clip;

import io.gatestream.frame.Micros;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The frames of a span in the order in which they are shown.
 *
 * @param frames none twice, by capture time
 * @param repeated frames of the span that were left out, because they were sent twice or because
 *     another session recorded the same time
 * @param missing frames within the span that no record has, by the holes in the sequence
 * @param missingAfter the capture time before the first hole, microseconds since the epoch
 */
record FrameIndex(
    List<IndexedFrame> frames, long repeated, long missing, OptionalLong missingAfter) {
  private static final Comparator<IndexedFrame> AS_SHOWN =
      Comparator.comparingLong(IndexedFrame::captured)
          .thenComparingLong(IndexedFrame::session)
          .thenComparingLong(IndexedFrame::sequence);

  private static final Comparator<IndexedFrame> AS_SENT =
      Comparator.comparingLong(IndexedFrame::session)
          .thenComparingLong(IndexedFrame::sequence)
          .thenComparingLong(IndexedFrame::offset);

  /** From a session's first capture time to its last. */
  private record Recorded(long first, long last) {
    static Recorded of(IndexedFrame one) {
      return new Recorded(one.captured(), one.captured());
    }

    Recorded and(Recorded other) {
      return new Recorded(Math.min(first, other.first), Math.max(last, other.last));
    }

    boolean has(long time) {
      return first <= time && time <= last;
    }
  }

  /**
   * Chooses from all frames that may be of the span.
   *
   * @param found in any order; some may lie outside of the span
   */
  static FrameIndex of(List<IndexedFrame> found, ClipSpan span) {
    List<IndexedFrame> within = within(found.stream().sorted(AS_SENT).toList(), span);
    List<IndexedFrame> once = new ArrayList<>();
    for (IndexedFrame frame : within) {
      if (once.isEmpty() || !isRepeated(once.get(once.size() - 1), frame)) {
        once.add(frame);
      }
    }
    Set<IndexedFrame> kept = new HashSet<>(withoutOverlaps(once, span.session()));
    long missing = 0;
    OptionalLong missingAfter = OptionalLong.empty();
    for (int i = 1; i < once.size(); i++) {
      IndexedFrame before = once.get(i - 1);
      long hole = hole(before, once.get(i));
      if (hole > 0 && kept.contains(before) && kept.contains(once.get(i))) {
        missing += hole;
        missingAfter =
            OptionalLong.of(Math.min(missingAfter.orElse(Long.MAX_VALUE), before.captured()));
      }
    }
    return new FrameIndex(
        kept.stream().sorted(AS_SHOWN).toList(),
        frames(within) - frames(kept),
        missing,
        missingAfter);
  }

  private static boolean isRepeated(IndexedFrame before, IndexedFrame frame) {
    return before.session() == frame.session() && before.sequence() == frame.sequence();
  }

  private static long hole(IndexedFrame before, IndexedFrame frame) {
    return before.session() == frame.session() ? frame.sequence() - before.nextSequence() : 0;
  }

  /** How many frames they hold. */
  static long frames(Iterable<IndexedFrame> frames) {
    long count = 0;
    for (IndexedFrame frame : frames) {
      count += frame.count();
    }
    return count;
  }

  /** A segment belongs to the span as well if it may last into it. */
  private static List<IndexedFrame> within(List<IndexedFrame> sent, ClipSpan span) {
    long from = Micros.of(span.from());
    long to = Micros.of(span.to());
    List<IndexedFrame> within = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      IndexedFrame frame = sent.get(i);
      boolean begins = frame.captured() >= from;
      if (frame.captured() <= to && (begins || (frame.segment() && lasts(sent, i, from)))) {
        within.add(frame);
      }
    }
    return within;
  }

  private static boolean lasts(List<IndexedFrame> sent, int at, long until) {
    boolean isFollowed =
        at + 1 < sent.size()
            && sent.get(at).session() == sent.get(at + 1).session()
            && hole(sent.get(at), sent.get(at + 1)) == 0;
    return !isFollowed || sent.get(at + 1).captured() > until;
  }

  /** The session that counts comes first, then the newer ones. */
  private static List<IndexedFrame> withoutOverlaps(
      List<IndexedFrame> frames, OptionalLong preferred) {
    Map<Long, Recorded> sessions = new HashMap<>();
    frames.forEach(
        frame -> sessions.merge(frame.session(), Recorded.of(frame), (a, b) -> a.and(b)));
    List<Long> order = new ArrayList<>(sessions.keySet());
    order.sort(Comparator.reverseOrder());
    preferred.ifPresent(
        session -> {
          if (order.remove((Long) session)) {
            order.add(0, session);
          }
        });
    Map<Long, List<Recorded>> stronger = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      stronger.put(order.get(i), order.subList(0, i).stream().map(sessions::get).toList());
    }
    return frames.stream()
        .filter(
            frame ->
                stronger.getOrDefault(frame.session(), List.of()).stream()
                    .noneMatch(recorded -> recorded.has(frame.captured())))
        .toList();
  }
}
