package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.hostile.Mutation;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What became of each hostile record, from committed topics alone. */
final class HostileOutcomes {
  /** A record that is in no label of its own and was not rejected: skipped, or a duplicate. */
  private static final String DROPPED = "skipped or duplicate";

  private static final String LABELLED = "labelled";

  private final Map<Position, Mutation> sent;
  private final Map<Position, String> outcomes = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads the topics.
   *
   * @param sent every record of the frames topic
   */
  HostileOutcomes(Kafka kafka, TopicNames topics, Map<Position, Mutation> sent) {
    this.sent = sent;
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(topics.rejected())) {
      rejected(record, topics.frames());
    }
    Set<String> labels = new HashSet<>();
    for (List<Label> stream : kafka.labels(topics).byStream().values()) {
      for (Label label : stream) {
        FrameLabel decoded = label.decoded();
        labels.add(decoded.getStreamId() + "/" + decoded.getSequence());
      }
    }
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(topics.frames())) {
      outcomes.computeIfAbsent(
          Position.of(record), at -> isLabelled(record.value(), labels) ? LABELLED : DROPPED);
    }
    sent.forEach(this::judge);
  }

  private void rejected(ConsumerRecord<byte[], byte[]> record, String frames) {
    Position at =
        new Position(
            Integer.parseInt(header(record, "gatestream.partition")),
            Long.parseLong(header(record, "gatestream.offset")));
    String reason = Reason.valueOf(header(record, "gatestream.reason")).name();
    if (outcomes.put(at, reason) != null) {
      problems.add("%s, %s: rejected twice".formatted(sent.get(at), at));
    }
    if (!sent.containsKey(at) || !header(record, "gatestream.topic").equals(frames)) {
      problems.add("rejected, but never sent: " + record);
    }
    if (header(record, "gatestream.message").isEmpty()) {
      problems.add("%s, %s: rejected without a message".formatted(sent.get(at), at));
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new AssertionError("a rejected record without the header " + name + ": " + record);
    }
    return new String(header.value(), UTF_8);
  }

  private static boolean isLabelled(byte[] value, Set<String> labels) {
    Frame frame = Kafka.frame(value).orElse(null);
    for (int i = 0; frame != null && i < frame.getFrameCount(); i++) {
      if (labels.contains(frame.getStreamId() + "/" + (frame.getSequence() + i))) {
        return true;
      }
    }
    return false;
  }

  private void judge(Position at, Mutation mutation) {
    String outcome = outcomes.getOrDefault(at, "not in the topic");
    boolean right =
        switch (mutation.verdict()) {
          case LABELLED -> outcome.equals(LABELLED);
          case REJECTED -> isRejected(at);
          case ANY -> outcomes.containsKey(at);
        };
    if (!right) {
      problems.add("%s at %s: %s".formatted(mutation, at, outcome));
    }
  }

  /** Records that were rejected twice, without a reason, or against the verdict. */
  List<String> problems() {
    return problems;
  }

  boolean isRejected(Position at) {
    String outcome = outcomes.getOrDefault(at, DROPPED);
    return !outcome.equals(LABELLED) && !outcome.equals(DROPPED);
  }

  boolean isValid(Position at) {
    return sent.get(at) == Mutation.VALID;
  }

  /** A line for each mutation with the counts of what became of its records. */
  String table() {
    Map<Mutation, Map<String, Integer>> counts = new EnumMap<>(Mutation.class);
    sent.forEach(
        (at, mutation) ->
            counts
                .computeIfAbsent(mutation, key -> new TreeMap<>())
                .merge(outcomes.getOrDefault(at, "not in the topic"), 1, Integer::sum));
    StringBuilder table = new StringBuilder();
    counts.forEach((mutation, found) -> table.append("  %-22s %s%n".formatted(mutation, found)));
    return table.toString();
  }
}
