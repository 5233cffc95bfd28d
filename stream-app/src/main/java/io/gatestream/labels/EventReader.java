package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the committed events of a topic, all partitions, without a consumer group. One thread
 * polls; {@link #stop} may be called from any.
 */
public final class EventReader extends CommittedReader<ReadEvent> {
  private final EventCodec codec = new EventCodec();

  private EventReader(TopicReader records, String topic) {
    super(records, new ForeignRecords(topic, "events"));
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @throws io.gatestream.errors.OutageException the topic may not be read, or no broker answered
   *     in time
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static EventReader open(KafkaAccess access, String topic, StartPoint from) {
    return new EventReader(TopicReader.open(access, topic, from), topic);
  }

  @Override
  Optional<ReadEvent> read(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ReadEvent(record.partition(), record.offset(), codec.decode(record.value())));
    } catch (FrameDecodeException e) {
      return Optional.empty();
    }
  }

  /** Whether an event had been committed at the opening. */
  @Override
  public boolean beforeEnd(ReadEvent event) {
    return beforeEnd(event.partition(), event.offset());
  }
}
