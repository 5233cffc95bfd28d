package io.gatestream.evaluate.score;

import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Holds the frames of one stream against the truth. What cannot be scored is left out and noted.
 *
 * <p>Of a single-label model a frame is scored if exactly one class is true of it; where the truth
 * says nothing, that is the background if there is one. Of a multi-label model every frame is
 * scored. Used by one thread.
 */
final class Alignment {
  private final Truth truth;
  private final List<String> notes = new ArrayList<>();

  Alignment(Truth truth) {
    this.truth = truth;
  }

  List<String> notes() {
    return notes;
  }

  AlignedStream align(ScoredStream stream) {
    return new Marks(stream)
        .align(
            truth.nameOf(stream.stream(), stream.part()).map(truth::intervals).orElse(List.of()));
  }

  private final class Marks {
    private final ScoredStream stream;
    private final Classes classes;
    private final BitSet truth = new BitSet();
    private final BitSet covered = new BitSet();
    private final BitSet left = new BitSet();
    private final int frames;

    private Marks(ScoredStream stream) {
      this.stream = stream;
      this.classes = stream.classes();
      this.frames = stream.frames().size();
    }

    private AlignedStream align(List<Interval> intervals) {
      List<Segment> known = new ArrayList<>();
      for (Interval interval : intervals) {
        int label = classes.index(interval.label());
        int from = stream.firstFrom(interval.start());
        int to = stream.firstFrom(interval.end());
        if (from == to) {
          note("no frame lies in", interval, "nothing is scored there");
        } else if (label < 0) {
          note("the model has no class of that name:", interval, "the label is not scored");
          left.set(from, to);
        } else {
          mark(label, from, to);
          known.add(new Segment(label, interval.start(), interval.end(), from, to - 1));
        }
      }
      BitSet scored = scored();
      if (!classes.multiLabel()) {
        overlaps(intervals);
      }
      return new AlignedStream(stream, scored, truth, stretches(known, scored));
    }

    private void mark(int label, int from, int to) {
      for (int frame = from; frame < to; frame++) {
        boolean another = covered.get(frame) && !truth.get(bit(frame, label));
        left.set(frame, left.get(frame) || another);
        truth.set(bit(frame, label));
      }
      covered.set(from, to);
    }

    private BitSet scored() {
      BitSet scored = new BitSet();
      scored.set(0, frames);
      if (classes.multiLabel()) {
        return scored;
      }
      scored.andNot(left);
      int background = classes.backgroundIndex();
      for (int frame = 0; frame < frames; frame++) {
        if (scored.get(frame) && !covered.get(frame)) {
          scored.set(frame, background >= 0);
          if (background >= 0) {
            truth.set(bit(frame, background));
          }
        }
      }
      return scored;
    }

    private int bit(int frame, int label) {
      return frame * classes.count() + label;
    }

    private void overlaps(List<Interval> intervals) {
      Interval furthest = null;
      for (Interval interval : intervals) {
        if (furthest != null && interval.start() < furthest.end()) {
          note(
              "overlaps '%s' of %s:".formatted(furthest.label(), seconds(furthest)),
              interval,
              furthest.label().equals(interval.label())
                  ? "counted once"
                  : "the frames in both are not scored");
        }
        furthest = furthest == null || interval.end() > furthest.end() ? interval : furthest;
      }
    }

    private void note(String what, Interval interval, String consequence) {
      notes.add(
          "truth of stream %s: %s '%s' of %s; %s"
              .formatted(stream.name(), what, interval.label(), seconds(interval), consequence));
    }

    private static String seconds(Interval interval) {
      return "%s-%s s".formatted(interval.start() / 1e6, interval.end() / 1e6);
    }

    /** Unions of intervals of one class that overlap or touch, with a scored frame in them. */
    private List<Segment> stretches(List<Segment> known, BitSet scored) {
      known.sort(Comparator.comparingInt(Segment::label).thenComparingLong(Segment::start));
      List<Segment> merged = new ArrayList<>();
      for (Segment next : known) {
        Segment last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
        if (last != null && last.label() == next.label() && next.start() <= last.end()) {
          merged.set(
              merged.size() - 1,
              new Segment(
                  last.label(),
                  last.start(),
                  Math.max(last.end(), next.end()),
                  last.firstFrame(),
                  Math.max(last.lastFrame(), next.lastFrame())));
        } else {
          merged.add(next);
        }
      }
      merged.removeIf(stretch -> stretch.label() == classes.backgroundIndex());
      merged.removeIf(
          stretch -> {
            int first = scored.nextSetBit(stretch.firstFrame());
            return first < 0 || first > stretch.lastFrame();
          });
      merged.sort(Comparator.comparingLong(Segment::start).thenComparingInt(Segment::label));
      return merged;
    }
  }
}
