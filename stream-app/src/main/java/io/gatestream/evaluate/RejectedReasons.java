package io.gatestream.evaluate;

import io.gatestream.labels.RejectedFrame;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Why frames were rejected, counted. */
final class RejectedReasons {
  private RejectedReasons() {}

  /** Records by reason. */
  static Map<String, Long> count(Collection<RejectedFrame> frames) {
    Map<String, Long> reasons = new TreeMap<>();
    frames.forEach(frame -> reasons.merge(frame.reason(), 1L, Long::sum));
    return reasons;
  }
}
