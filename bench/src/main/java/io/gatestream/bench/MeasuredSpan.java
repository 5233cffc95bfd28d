package io.gatestream.bench;

import java.util.List;
import java.util.Optional;

/** The part of a run that counts. */
record MeasuredSpan(Sample begin, Sample end) {
  double seconds() {
    return (end.nanos() - begin.nanos()) / 1e9;
  }

  long frames() {
    return end.labelled() - begin.labelled();
  }

  double fps() {
    return frames() / seconds();
  }

  /**
   * A span of a run over a full topic, which begins after the warm-up and lasts at least {@code
   * nanos}, chosen so that as nearly as possible the same number of frames is encoded ahead at both
   * ends: work done before the clock starts cannot flatter the rate, nor work left when it stops
   * spoil it. Empty where the run is too short.
   *
   * <p>The lookahead fills at each poll and drains until the next, by hundreds of frames. Labels in
   * a span are pictures encoded in it, less the difference of what is ahead at its ends; where that
   * is zero, the rate of labels is the rate of the encoder. All pairs of samples are compared, the
   * square of some hundred; of equal ones the longest counts, as its rate is the steadiest.
   *
   * @param slack nanoseconds within which the span may begin
   */
  static Optional<MeasuredSpan> steady(List<Sample> samples, long warmUp, long nanos, long slack) {
    Optional<Sample> first = samples.stream().filter(s -> s.labelled() > 0).findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    long earliest = first.get().nanos() + warmUp;
    MeasuredSpan best = null;
    for (Sample begin : samples) {
      if (begin.nanos() < earliest || begin.nanos() > earliest + slack) {
        continue;
      }
      for (Sample end : samples) {
        if (end.nanos() - begin.nanos() < nanos) {
          continue;
        }
        MeasuredSpan span = new MeasuredSpan(begin, end);
        if (best == null
            || span.imbalance() < best.imbalance()
            || (span.imbalance() == best.imbalance() && span.seconds() > best.seconds())) {
          best = span;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Frames encoded ahead at one end more than at the other. */
  long imbalance() {
    return Math.abs(end.ahead() - begin.ahead());
  }

  /**
   * Frames a second from the first label until all {@code total} frames have theirs; what was
   * encoded before the clock starts does not count. Empty where not all were labelled.
   */
  static Optional<Double> drained(List<Sample> samples, long total) {
    Optional<Sample> first = samples.stream().filter(s -> s.labelled() > 0).findFirst();
    Optional<Sample> last = samples.stream().filter(s -> s.labelled() >= total).findFirst();
    if (first.isEmpty() || last.isEmpty() || last.get().nanos() <= first.get().nanos()) {
      return Optional.empty();
    }
    return Optional.of(
        (total - first.get().encoded()) * 1e9 / (last.get().nanos() - first.get().nanos()));
  }
}
