package io.gatestream.bench;

import io.gatestream.errors.OutageException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels of some streams' frames, to be compared with another's: who labels something else
 * cannot be measured against. Used by one thread.
 */
final class SameLabels {
  /** How far a score may lie from Gatestream's. */
  static final double TOLERANCE = 1e-5;

  private final Map<Frame, Map<String, Double>> scores = new LinkedHashMap<>();

  private record Frame(String stream, long sequence) {}

  /** Takes a label; of a frame that is labelled twice, the last one. */
  void add(PeerLabel label) {
    scores.put(new Frame(label.stream(), label.sequence()), label.scores());
  }

  /** Of how many frames there is a label. */
  int size() {
    return scores.size();
  }

  /**
   * Compares each score of these labels with another's.
   *
   * @param peer whose the others are
   * @throws OutageException the first frame that has no label there, or another
   */
  void requireSame(Peer peer, SameLabels others) {
    scores.forEach((frame, expected) -> require(peer, frame, expected, others.scores.get(frame)));
  }

  private static void require(
      Peer peer,
      Frame frame,
      Map<String, Double> expected,
      @org.jspecify.annotations.Nullable Map<String, Double> found) {
    if (found == null) {
      throw differs(peer, frame, "gave no label");
    }
    expected.forEach(
        (label, score) -> {
          Double other = found.get(label);
          // not a number is no label either
          if (other == null || !(Math.abs(other - score) <= TOLERANCE)) {
            throw differs(
                peer,
                frame,
                "says %s of '%s', Gatestream %s: %s apart at most"
                    .formatted(other, label, score, TOLERANCE));
          }
        });
  }

  private static OutageException differs(Peer peer, Frame frame, String how) {
    return new OutageException(
        "%s labels otherwise than Gatestream: stream %s, sequence %d: it %s"
            .formatted(peer.title(), frame.stream, frame.sequence, how));
  }
}
