package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.ReviewCodec;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a topic of reviews from its beginning, all partitions, without a consumer group. One thread
 * polls; {@link #stop} may be called from any.
 */
public final class ReviewReader extends CommittedReader<ReadReview> {
  private final ReviewCodec codec = new ReviewCodec();

  private ReviewReader(TopicReader records, String topic) {
    super(records, new ForeignRecords(topic, "reviews"));
  }

  /**
   * Finds the topic's partitions and captures their ends.
   *
   * @throws io.gatestream.errors.OutageException the topic may not be read, or no broker answered
   *     in time
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static ReviewReader open(KafkaAccess access, String topic) {
    return new ReviewReader(TopicReader.open(access, topic, new StartPoint.Beginning()), topic);
  }

  @Override
  Optional<ReadReview> read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return Optional.empty();
    }
    String id = new String(record.key(), UTF_8);
    if (record.value() == null) {
      return Optional.of(new ReadReview(id, Optional.empty()));
    }
    try {
      return Optional.of(new ReadReview(id, Optional.of(codec.decode(record.value()))));
    } catch (FrameDecodeException e) {
      return Optional.empty();
    }
  }

  /** Always: nobody asks where a review lies. */
  @Override
  public boolean beforeEnd(ReadReview review) {
    return true;
  }
}
