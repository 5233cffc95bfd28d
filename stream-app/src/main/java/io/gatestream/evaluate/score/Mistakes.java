package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the stretches of wrong frames of a stream, each with its most confident frame. */
final class Mistakes {
  private final AlignedStream stream;
  private final List<Mistake> found = new ArrayList<>();

  private Mistakes(AlignedStream stream) {
    this.stream = stream;
  }

  /** The {@code limit} most confident of all streams; equals in the order of streams and time. */
  static List<Mistake> worst(List<AlignedStream> streams, int limit) {
    return streams.stream()
        .flatMap(stream -> new Mistakes(stream).find().stream())
        .sorted(Comparator.comparingDouble((Mistake mistake) -> -mistake.confidence()))
        .limit(limit)
        .toList();
  }

  private List<Mistake> find() {
    Classes classes = stream.classes();
    if (!classes.multiLabel()) {
      runs(-1);
      return found;
    }
    for (int label : classes.foreground()) {
      runs(label);
    }
    found.sort(Comparator.comparingDouble(Mistake::startSeconds));
    return found;
  }

  private void runs(int label) {
    int first = 0;
    for (int frame = 1; frame <= stream.frameCount(); frame++) {
      if (frame == stream.frameCount() || kind(frame, label) != kind(first, label)) {
        if (kind(first, label) >= 0) {
          add(first, frame - 1, label);
        }
        first = frame;
      }
    }
  }

  /** A number for the way in which the frame is wrong, or -1. */
  private int kind(int frame, int label) {
    if (!stream.scored(frame)) {
      return -1;
    }
    if (label >= 0) {
      boolean truth = stream.truth(frame, label);
      return truth == stream.predicted(frame, label) ? -1 : (truth ? 1 : 0);
    }
    int truth = stream.truthOf(frame);
    int top = stream.frame(frame).top();
    return truth == top ? -1 : truth * stream.classes().count() + top;
  }

  private void add(int first, int last, int label) {
    int best = first;
    for (int frame = first; frame <= last; frame++) {
      best = confidence(frame, label) > confidence(best, label) ? frame : best;
    }
    ScoredFrame frame = stream.frame(best);
    found.add(
        new Mistake(
            stream.stream().name(),
            name(label < 0 ? stream.truthOf(best) : label, label < 0 || stream.truth(best, label)),
            name(label < 0 ? frame.top() : label, label < 0 || stream.predicted(best, label)),
            confidence(best, label),
            frame.sequence(),
            frame.captureTime(),
            frame.sourceTime() / 1e6,
            stream.frame(first).sourceTime() / 1e6,
            stream.end(last) / 1e6,
            last - first + 1L));
  }

  private String name(int label, boolean on) {
    String name = stream.classes().labels().get(label);
    return on ? name : "not " + name;
  }

  private double confidence(int index, int label) {
    ScoredFrame frame = stream.frame(index);
    if (label < 0) {
      return frame.score(frame.top());
    }
    float score = Float.isNaN(frame.score(label)) ? 0 : frame.score(label);
    return stream.predicted(index, label) ? score : 1.0 - score;
  }
}
