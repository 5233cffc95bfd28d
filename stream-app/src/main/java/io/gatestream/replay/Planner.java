package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.RangeReader;
import io.gatestream.kafka.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Turns a range into offsets of each partition, by what the topic holds now, and says what of the
 * range is gone. For one thread.
 */
final class Planner {
  private final String topic;
  private final Brokers brokers;
  private final RangeReader reader;
  private final ReplayListener listener;

  Planner(String topic, Brokers brokers, RangeReader reader, ReplayListener listener) {
    this.topic = topic;
    this.brokers = brokers;
    this.reader = reader;
    this.listener = listener;
  }

  /**
   * The offsets of every partition; an empty span where it has nothing of the range.
   *
   * @throws ConfigException the topic cannot be replayed by time, has no such partition, or nothing
   *     in the range
   */
  Map<Integer, ReplayPlan.Span> plan(ReplayRange range) {
    Optional<Config> settings = brokers.topics().settings(topic);
    if (range.from().isPresent() || range.to().isPresent()) {
      if (text(settings, "message.timestamp.type").equals("LogAppendTime")) {
        throw new ConfigException(
            "the topic '%s' has the brokers' times in place of capture times (message.timestamp.type=LogAppendTime): give --offsets in place of --from and --to"
                .formatted(topic));
      }
    }
    if (text(settings, "cleanup.policy").contains("compact")) {
      listener.note(
          "the topic '%s' is compacted: of each stream only late frames may be left, and only these are replayed"
              .formatted(topic));
    }
    Map<TopicPartition, Long> beginnings = brokers.topics().beginnings(topic);
    Map<TopicPartition, Long> ends = brokers.topics().stableEnds(topic);
    sayOpenTransactions(ends);
    Map<Integer, ReplayPlan.Span> spans =
        range.offsets().isEmpty()
            ? byTime(range, beginnings, ends)
            : byOffset(range.offsets(), beginnings, ends);
    requireFrames(range, spans, beginnings, ends);
    return spans;
  }

  /** What is not committed yet may never be, and comes too late in either case. */
  private void sayOpenTransactions(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> all = brokers.topics().ends(topic);
    List<Integer> open =
        ends.keySet().stream()
            .filter(partition -> all.getOrDefault(partition, 0L) > ends.getOrDefault(partition, 0L))
            .map(TopicPartition::partition)
            .sorted()
            .toList();
    if (!open.isEmpty()) {
      listener.note(
          "partitions %s of '%s' have open transactions: what comes after their beginning is left out"
              .formatted(open, topic));
    }
  }

  private Map<Integer, ReplayPlan.Span> byTime(
      ReplayRange range, Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {
    boolean bounded = range.readFromMillis() > 0;
    Map<TopicPartition, Long> firsts =
        bounded ? brokers.topics().firstNotBefore(topic, range.readFromMillis()) : beginnings;
    Map<Integer, ReplayPlan.Span> spans = new HashMap<>();
    List<String> cut = new ArrayList<>();
    for (Map.Entry<TopicPartition, Long> entry : ends.entrySet()) {
      TopicPartition partition = entry.getKey();
      long end = entry.getValue();
      long beginning = beginnings.getOrDefault(partition, 0L);
      long start = Math.min(end, firsts.getOrDefault(partition, end));
      spans.put(partition.partition(), new ReplayPlan.Span(start, end));
      if (beginning > 0 && start == beginning) {
        cut.add(
            "partition %d begins at offset %d%s"
                .formatted(
                    partition.partition(),
                    beginning,
                    timeOf(partition, start, end).map(at -> " (" + at + ")").orElse("")));
      }
    }
    if (!cut.isEmpty()) {
      listener.note(
          "what retention has deleted of '%s' is not replayed: %s"
              .formatted(topic, String.join(", ", cut)));
    }
    return spans;
  }

  private Map<Integer, ReplayPlan.Span> byOffset(
      Map<Integer, OffsetSpan> asked,
      Map<TopicPartition, Long> beginnings,
      Map<TopicPartition, Long> ends) {
    Map<Integer, ReplayPlan.Span> spans = new HashMap<>();
    ends.forEach((at, end) -> spans.put(at.partition(), new ReplayPlan.Span(end, end)));
    new TreeMap<>(asked)
        .forEach(
            (number, span) -> {
              TopicPartition partition = new TopicPartition(topic, number);
              Long end = ends.get(partition);
              if (end == null) {
                throw new ConfigException(
                    "--offsets names partition %d, and '%s' has partitions 0 to %d"
                        .formatted(number, topic, ends.size() - 1));
              }
              long beginning = beginnings.getOrDefault(partition, 0L);
              long last = Math.min(end, span.to().orElse(end));
              long first = Math.min(Math.max(beginning, span.from()), last);
              if (span.from() < beginning) {
                listener.note(
                    "partition %d of '%s' begins at offset %d: what retention has deleted is not replayed"
                        .formatted(number, topic, beginning));
              }
              if (span.to().orElse(end) > end) {
                listener.note(
                    "partition %d of '%s' ends at offset %d: it is replayed up to there"
                        .formatted(number, topic, end));
              }
              spans.put(number, new ReplayPlan.Span(first, Math.max(first, last)));
            });
    return spans;
  }

  private void requireFrames(
      ReplayRange range,
      Map<Integer, ReplayPlan.Span> spans,
      Map<TopicPartition, Long> beginnings,
      Map<TopicPartition, Long> ends) {
    for (Map.Entry<Integer, ReplayPlan.Span> entry : spans.entrySet()) {
      ReplayPlan.Span span = entry.getValue();
      if (reader
          .first(new TopicPartition(topic, entry.getKey()), span.start(), span.end())
          .isPresent()) {
        return;
      }
    }
    List<String> held = new ArrayList<>();
    ends.forEach(
        (partition, end) ->
            timeOf(partition, beginnings.getOrDefault(partition, 0L), end)
                .ifPresent(
                    time ->
                        held.add(
                            "partition %d holds offsets %d to %d, the first of %s"
                                .formatted(
                                    partition.partition(),
                                    beginnings.getOrDefault(partition, 0L),
                                    end,
                                    time))));
    held.sort(String::compareTo);
    throw new ConfigException(
        "the topic '%s' has no frames in the range (%s): %s"
            .formatted(topic, range, held.isEmpty() ? "it is empty" : String.join("; ", held)));
  }

  private Optional<Instant> timeOf(TopicPartition partition, long start, long end) {
    return reader
        .first(partition, start, end)
        .map(ConsumerRecord::timestamp)
        .map(Instant::ofEpochMilli);
  }

  private static String text(Optional<Config> settings, String name) {
    return settings.map(found -> TopicAdmin.text(found, name)).orElse("");
  }

  /** Says where the labels of a range would not be kept. */
  void checkRetention(String output) {
    Optional<Config> settings = brokers.topics().settings(output);
    String millis = text(settings, "retention.ms");
    boolean deletes = text(settings, "cleanup.policy").contains("delete");
    if (deletes && !millis.isEmpty() && !millis.startsWith("-")) {
      listener.note(
          "the topic '%s' deletes labels that are older than %s by capture time, also of frames recorded earlier: set its retention.ms=-1"
              .formatted(output, Duration.ofMillis(Long.parseLong(millis))));
    }
  }
}
