package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads what is committed in a rejected topic. Stateless. */
public final class RejectedReader {
  private static final Duration WAIT = Duration.ofMillis(250);
  static final String REASON = "gatestream.reason";

  private RejectedReader() {}

  /**
   * Everything from {@code from} to the ends at the time of the call, partition by partition.
   *
   * @throws io.gatestream.errors.ConfigException the topic does not exist
   * @throws io.gatestream.errors.OutageException it may not be read, or no broker answered in time
   */
  public static List<RejectedFrame> read(KafkaAccess access, String topic, StartPoint from) {
    List<RejectedFrame> frames = new ArrayList<>();
    try (TopicReader records = TopicReader.open(access, topic, from)) {
      while (!records.caughtUp()) {
        records.poll(WAIT).forEach(record -> frames.add(frame(record)));
      }
    }
    return frames;
  }

  private static RejectedFrame frame(ConsumerRecord<byte[], byte[]> record) {
    Header reason = record.headers().lastHeader(REASON);
    return new RejectedFrame(
        Optional.ofNullable(record.key()).map(key -> new String(key, UTF_8)),
        record.timestamp(),
        reason == null || reason.value() == null ? "UNKNOWN" : new String(reason.value(), UTF_8));
  }
}
