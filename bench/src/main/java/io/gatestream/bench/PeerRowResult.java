package io.gatestream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * One row of the table of peers.
 *
 * @param sent of what is sent, in words
 * @param lanes Gatestream first
 * @param itself Gatestream to itself, one run later: what the ratios have to be read against
 * @param comparisons with rivals
 * @param targets of Gatestream's own figures
 */
public record PeerRowResult(
    PeerRow row,
    BenchReport.Setup setup,
    String sent,
    List<Lane> lanes,
    Figure itself,
    List<Comparison> comparisons,
    List<Target> targets) {

  /** The runs of one peer, in the order in which they were made. */
  record Lane(Peer peer, List<PeerTurn> turns) {
    Figure figure(ToDoubleFunction<PeerTurn> value) {
      return new Figure(turns.stream().map(value::applyAsDouble).toList());
    }
  }

  /**
   * Gatestream over a rival, of neighbours in time: above 1 Gatestream is better.
   *
   * @param atLeast what that is held to
   */
  record Comparison(String what, Figure ratio, OptionalDouble atLeast) {
    boolean isMet() {
      return atLeast.isEmpty() || ratio.median() >= atLeast.getAsDouble();
    }
  }

  /** A run and the one of Gatestream just before it. */
  record Pair(Peer rival, PeerTurn before, PeerTurn turn) {}

  /** What the pairs of a rival say. */
  static List<Comparison> comparisons(
      PeerRow row, Peer rival, List<Pair> pairs, OptionalDouble sentFps) {
    List<Pair> of = pairs.stream().filter(pair -> pair.rival == rival).toList();
    Figure rate = ratio(of, pair -> pair.before.fps() / pair.turn.fps());
    Figure cpu = ratio(of, pair -> pair.turn.cpuMicros() / pair.before.cpuMicros());
    boolean keepUp =
        sentFps.isPresent() && of.stream().allMatch(pair -> keepsUp(pair, sentFps.getAsDouble()));
    List<Comparison> all = new ArrayList<>();
    // where both keep up with what is sent, their rates are equal and say nothing
    OptionalDouble none = OptionalDouble.empty();
    OptionalDouble limit = row.limit(rival);
    all.add(
        new Comparison(
            "frames a second over %s".formatted(rival.title()), rate, keepUp ? none : limit));
    all.add(
        new Comparison(
            "processor time a frame, %s over gatestream".formatted(rival.title()),
            cpu,
            keepUp ? limit : none));
    if (row.way() == PeerRow.Way.DELAY) {
      all.add(
          new Comparison(
              "delay p99, %s over gatestream".formatted(rival.title()),
              ratio(of, pair -> pair.turn.p99() / pair.before.p99()),
              none));
    }
    return all;
  }

  private static boolean keepsUp(Pair pair, double fps) {
    return Math.min(pair.before.fps(), pair.turn.fps()) >= 0.97 * fps;
  }

  private static Figure ratio(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return new Figure(pairs.stream().map(value::applyAsDouble).toList());
  }
}
