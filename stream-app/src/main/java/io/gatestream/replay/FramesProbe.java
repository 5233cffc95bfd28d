package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.RangeReader;
import io.gatestream.labels.RecordKind;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A look at the first records of a range, so that a topic of something else is refused before all
 * of it lies in the rejected topic, too.
 */
final class FramesProbe {
  private static final int FIRST = 5;

  private FramesProbe() {}

  /**
   * Goes on where one of the first records of a partition is a frame, damaged or not, or where
   * there are none.
   *
   * @throws ConfigException there are records, and they are something else
   */
  static void requireFrames(RangeReader reader, String topic, Map<Integer, ReplayPlan.Span> spans) {
    Optional<ConsumerRecord<byte[], byte[]>> other = Optional.empty();
    for (Map.Entry<Integer, ReplayPlan.Span> partition : spans.entrySet()) {
      TopicPartition from = new TopicPartition(topic, partition.getKey());
      long next = partition.getValue().start();
      for (int i = 0; i < FIRST; i++) {
        Optional<ConsumerRecord<byte[], byte[]>> record =
            reader.first(from, next, partition.getValue().end());
        if (record.isEmpty()) {
          break;
        }
        if (RecordKind.isFrame(record.get())) {
          return;
        }
        if (record.get().value() != null) { // one without asks for a reset
          other = other.or(() -> record);
        }
        next = record.get().offset() + 1;
      }
    }
    if (other.isPresent()) {
      throw new ConfigException(
          "topic '%s' holds no frames: %s-%d@%d is %s, and so on; name the recorded one with --frames-topic, or leave these out with --offsets"
              .formatted(
                  topic,
                  topic,
                  other.get().partition(),
                  other.get().offset(),
                  RecordKind.of(other.get())));
    }
  }
}
