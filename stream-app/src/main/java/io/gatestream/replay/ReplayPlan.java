package io.gatestream.replay;

import java.util.List;
import java.util.Map;

/**
 * What a replay does, fixed at its first start: a rerun reads the same offsets, however far the
 * topic has grown.
 *
 * @param spec range, source and topics in words: another spec is another replay
 * @param settings fingerprint of what labels depend on
 * @param topicId of the frames topic, which may be deleted and made again
 * @param spans offsets of every partition
 * @param outputs the topics that it writes
 * @param stage how far it is
 */
record ReplayPlan(
    String spec,
    String settings,
    String topicId,
    List<String> outputs,
    Map<Integer, Span> spans,
    Stage stage) {
  ReplayPlan {
    outputs = List.copyOf(outputs);
    spans = Map.copyOf(spans);
  }

  /** Stages of a replay that has begun. */
  enum Stage {
    /** It sends its own frames to a topic of its own. */
    SENDING,
    /** It labels. */
    LABELLING,
    /** All labels are committed, and only the clean-up is left. */
    FINISHED
  }

  /** From {@code start} up to, not including, {@code end}; empty where they are equal. */
  record Span(long start, long end) {
    Span {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException("offsets %d to %d".formatted(start, end));
      }
    }
  }

  private static final int LONGEST_SPEC = 300;

  /** A spec that fits into the metadata of an offset; what is cut off still makes a difference. */
  static String shortened(String spec) {
    return spec.length() <= LONGEST_SPEC
        ? spec
        : "%s... (%08x)".formatted(spec.substring(0, LONGEST_SPEC), spec.hashCode());
  }

  ReplayPlan asFinished() {
    return new ReplayPlan(spec, settings, topicId, outputs, spans, Stage.FINISHED);
  }

  long records() {
    return spans.values().stream().mapToLong(span -> span.end() - span.start()).sum();
  }
}
