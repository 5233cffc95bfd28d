package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.ReviewCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a topic of reviews from its beginning, all partitions, without a consumer group. One thread
 * polls; {@link #stop} may be called from any.
 */
public final class ReviewReader implements CommittedSource<ReadReview>, AutoCloseable {
  private final TopicReader records;
  private final ReviewCodec codec = new ReviewCodec();
  private final ForeignRecords foreign;

  private ReviewReader(TopicReader records, String topic) {
    this.records = records;
    this.foreign = new ForeignRecords(topic, "reviews");
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
  public List<ReadReview> poll(Duration wait) {
    return records.poll(wait).stream().flatMap(this::read).toList();
  }

  private Stream<ReadReview> read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null) {
      String id = new String(record.key(), UTF_8);
      if (record.value() == null) {
        return Stream.of(new ReadReview(id, Optional.empty()));
      }
      try {
        ReadReview review = new ReadReview(id, Optional.of(codec.decode(record.value())));
        foreign.addOwn();
        return Stream.of(review);
      } catch (FrameDecodeException e) {
        // counted below
      }
    }
    foreign.add(record);
    return Stream.empty();
  }

  @Override
  public ForeignRecords foreign() {
    return foreign;
  }

  @Override
  public boolean caughtUp() {
    return records.caughtUp() || records.stopped();
  }

  /** Always: nobody asks where a review lies. */
  @Override
  public boolean beforeEnd(ReadReview review) {
    return true;
  }

  /** Ends a poll in progress and all later ones, without waiting. */
  public void stop() {
    records.stop();
  }

  @Override
  public boolean stopped() {
    return records.stopped();
  }

  @Override
  public void close() {
    records.close();
  }
}
