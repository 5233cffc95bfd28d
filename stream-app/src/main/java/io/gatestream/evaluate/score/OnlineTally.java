package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.List;

/**
 * How soon true stretches of one stream are seen, and how restless its labels are. Immutable.
 *
 * @param delays seconds from the start of a true stretch to the first scored frame inside it for
 *     which its class is predicted
 * @param undetected true stretches without such a frame
 * @param falseAlarms predicted segments that overlap no true stretch of their class
 * @param labelChanges classes that begin or end being predicted between neighbouring scored frames;
 *     in a single-label model a change of the label counts once
 * @param seconds that the scored frames last
 */
record OnlineTally(
    List<Double> delays, long undetected, long falseAlarms, long labelChanges, double seconds) {

  static OnlineTally of(
      AlignedStream stream, List<Segment> trueStretches, List<Segment> predicted) {
    List<Double> delays = new ArrayList<>();
    long undetected = 0;
    for (Segment stretch : trueStretches) {
      int frame = firstDetection(stream, stretch);
      if (frame < 0) {
        undetected++;
      } else {
        delays.add((stream.frame(frame).sourceTime() - stretch.start()) / 1e6);
      }
    }
    long falseAlarms =
        predicted.stream()
            .filter(
                segment ->
                    trueStretches.stream()
                        .noneMatch(
                            stretch ->
                                stretch.label() == segment.label() && stretch.overlaps(segment)))
            .count();
    return new OnlineTally(delays, undetected, falseAlarms, changes(stream), stream.seconds());
  }

  private static int firstDetection(AlignedStream stream, Segment stretch) {
    for (int frame = stretch.firstFrame(); frame <= stretch.lastFrame(); frame++) {
      if (stream.scored(frame) && stream.predicted(frame, stretch.label())) {
        return frame;
      }
    }
    return -1;
  }

  private static long changes(AlignedStream stream) {
    long changes = 0;
    for (int frame = 1; frame < stream.frameCount(); frame++) {
      if (!stream.scored(frame) || !stream.scored(frame - 1)) {
        continue;
      }
      if (!stream.classes().multiLabel()) {
        changes += stream.frame(frame).top() != stream.frame(frame - 1).top() ? 1 : 0;
        continue;
      }
      for (int label : stream.classes().foreground()) {
        changes += stream.predicted(frame, label) != stream.predicted(frame - 1, label) ? 1 : 0;
      }
    }
    return changes;
  }
}
