package io.gatestream.evaluate.score;

import io.gatestream.schema.Reset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where every frame went: frames in = labels + duplicates + skipped + rejected + open. Immutable.
 *
 * @param framesIn frames sent where that is known, else the sum of the others
 * @param open frames sent that no label tells of: those dropped after a stream's last label, and
 *     lost ones
 * @param rejectedReasons rejected frames by reason, where they were read
 * @param resets resets of a stream's state by reason
 */
public record Account(
    long framesIn,
    long labels,
    long duplicates,
    long skipped,
    long rejected,
    long open,
    Map<String, Long> rejectedReasons,
    Map<String, Long> resets,
    double delayMedianSeconds,
    double delayP95Seconds,
    double labelsPerSecond) {

  static Account of(List<ScoredStream> streams, RunFacts facts) {
    Map<String, ScoredStream.Counts> counts = new TreeMap<>();
    Map<String, Long> resets = new TreeMap<>();
    for (ScoredStream stream : streams) {
      counts.merge(stream.stream(), stream.counts(), ScoredStream.Counts::then);
      for (Reset reset : stream.resets()) {
        resets.merge(reset.name(), 1L, Long::sum);
      }
    }
    ScoredStream.Counts sum =
        counts.values().stream().reduce(ScoredStream.Counts.NONE, ScoredStream.Counts::plus);
    long told = sum.labels() + sum.duplicates() + sum.skipped() + sum.rejected();
    long framesIn = facts.framesSent().orElse(told);
    return new Account(
        framesIn,
        sum.labels(),
        sum.duplicates(),
        sum.skipped(),
        sum.rejected(),
        framesIn - told,
        new TreeMap<>(facts.rejectedReasons()),
        resets,
        facts.delayMedianSeconds(),
        facts.delayP95Seconds(),
        facts.labelsPerSecond());
  }
}
