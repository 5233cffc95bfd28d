package io.gatestream.evaluate.score;

import io.gatestream.evaluate.score.Comparison.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Gathers the stretches in which two evaluations of a stream predict other labels. One thread. */
final class Differences {
  private final List<Difference> found = new ArrayList<>();
  private long unpaired;
  private Optional<Difference> open = Optional.empty();

  List<Difference> found() {
    return found;
  }

  /** Scored frames of one without a frame of the same source time in the other. */
  long unpaired() {
    return unpaired;
  }

  void find(AlignedStream a, AlignedStream b) {
    int i = 0;
    int j = 0;
    while (i < a.frameCount() && j < b.frameCount()) {
      long timeA = a.frame(i).sourceTime();
      long timeB = b.frame(j).sourceTime();
      if (timeA == timeB) {
        pair(a, i++, b, j++);
      } else if (timeA < timeB) {
        unpaired += a.scored(i++) ? 1 : 0;
      } else {
        unpaired += b.scored(j++) ? 1 : 0;
      }
    }
    for (; i < a.frameCount(); i++) {
      unpaired += a.scored(i) ? 1 : 0;
    }
    for (; j < b.frameCount(); j++) {
      unpaired += b.scored(j) ? 1 : 0;
    }
    close();
  }

  private void pair(AlignedStream a, int i, AlignedStream b, int j) {
    List<String> labelsA = predicted(a, i);
    List<String> labelsB = predicted(b, j);
    if (!a.scored(i) || !b.scored(j) || labelsA.equals(labelsB)) {
      close();
      return;
    }
    Difference frame =
        new Difference(
            a.stream().name(),
            a.frame(i).sourceTime() / 1e6,
            Math.min(a.end(i), b.end(j)) / 1e6,
            names(a, label -> a.truth(i, label)),
            labelsA,
            labelsB,
            1);
    Optional<Difference> longer = open.flatMap(before -> join(before, frame));
    if (longer.isEmpty()) {
      close();
    }
    open = Optional.of(longer.orElse(frame));
  }

  private static Optional<Difference> join(Difference before, Difference frame) {
    boolean same =
        before.truth().equals(frame.truth())
            && before.a().equals(frame.a())
            && before.b().equals(frame.b());
    return same
        ? Optional.of(
            new Difference(
                before.stream(),
                before.startSeconds(),
                frame.endSeconds(),
                before.truth(),
                before.a(),
                before.b(),
                before.frames() + 1))
        : Optional.empty();
  }

  private void close() {
    open.ifPresent(found::add);
    open = Optional.empty();
  }

  private static List<String> predicted(AlignedStream stream, int frame) {
    return names(stream, label -> stream.predicted(frame, label));
  }

  private static List<String> names(AlignedStream stream, IntPredicate holds) {
    Classes classes = stream.classes();
    return IntStream.range(0, classes.count())
        .filter(label -> !classes.multiLabel() || label != classes.backgroundIndex())
        .filter(holds)
        .mapToObj(classes.labels()::get)
        .sorted()
        .toList();
  }
}
