package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * One stream's frames with what is true and what is predicted of each. Made by {@link Alignment};
 * not changed afterwards.
 */
final class AlignedStream {
  private final ScoredStream stream;
  private final BitSet scored;
  private final BitSet truth;
  private final BitSet predicted;
  private final List<Segment> stretches;
  private final long[] ends;

  /**
   * @param scored frames whose truth is known
   * @param truth bit frame * classes + class
   * @param stretches the truth file's own, with the times that it gives, of scored frames only
   */
  AlignedStream(ScoredStream stream, BitSet scored, BitSet truth, List<Segment> stretches) {
    this.stream = stream;
    this.scored = scored;
    this.truth = truth;
    this.stretches = List.copyOf(stretches);
    this.ends = stream.frameEnds();
    this.predicted = new BitSet(frameCount() * classes().count());
    for (int frame = 0; frame < frameCount(); frame++) {
      for (int label = 0; label < classes().count(); label++) {
        predicted.set(frame * classes().count() + label, frame(frame).predicted(label, classes()));
      }
    }
  }

  ScoredStream stream() {
    return stream;
  }

  Classes classes() {
    return stream.classes();
  }

  int frameCount() {
    return stream.frames().size();
  }

  ScoredFrame frame(int frame) {
    return stream.frames().get(frame);
  }

  /** Whether the truth of the frame is known. */
  boolean scored(int frame) {
    return scored.get(frame);
  }

  int scoredCount() {
    return scored.cardinality();
  }

  boolean truth(int frame, int label) {
    return truth.get(frame * classes().count() + label);
  }

  boolean predicted(int frame, int label) {
    return predicted.get(frame * classes().count() + label);
  }

  /** The only class that is true of a scored frame of a single-label model. */
  int truthOf(int frame) {
    return truth.nextSetBit(frame * classes().count()) - frame * classes().count();
  }

  /** The first frame whose source time is not before {@code time}; the number of frames if none. */
  int firstFrom(long time) {
    return stream.firstFrom(time);
  }

  /** Seconds that the scored frames last. */
  double seconds() {
    long micros = 0;
    for (int frame = scored.nextSetBit(0); frame >= 0; frame = scored.nextSetBit(frame + 1)) {
      micros += ends[frame] - frame(frame).sourceTime();
    }
    return micros / 1e6;
  }

  /** Microseconds of source time at which the frame ends. */
  long end(int frame) {
    return ends[frame];
  }

  /** The truth file's stretches of all classes but the background, with the file's own times. */
  List<Segment> trueStretches() {
    return stretches;
  }

  /** What the truth says of the frames, as segments; without background. */
  List<Segment> trueSegments() {
    return segments(truth);
  }

  /** What the labels say of the frames, as segments; without background. */
  List<Segment> predictedSegments() {
    return segments(predicted);
  }

  /** Longest runs of scored frames with a class, by start, then class. */
  private List<Segment> segments(BitSet bits) {
    int count = classes().count();
    List<Segment> segments = new ArrayList<>();
    for (int label : classes().foreground()) {
      int first = -1;
      for (int frame = 0; frame <= frameCount(); frame++) {
        boolean on = frame < frameCount() && scored(frame) && bits.get(frame * count + label);
        if (on && first < 0) {
          first = frame;
        } else if (!on && first >= 0) {
          segments.add(
              new Segment(label, frame(first).sourceTime(), ends[frame - 1], first, frame - 1));
          first = -1;
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::start).thenComparingInt(Segment::label));
    return segments;
  }
}
