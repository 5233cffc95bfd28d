package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** How far a group has committed a topic. Used by one thread. */
public final class GroupProgress implements AutoCloseable {
  private final Brokers brokers;
  private final String group;
  private final String topic;

  public GroupProgress(KafkaAccess access, String group, String topic) {
    this.brokers = new Brokers(access);
    this.group = group;
    this.topic = topic;
  }

  /** Whether everything in the topic is committed; no where the brokers do not tell. */
  public boolean caughtUp() {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed = brokers.groups().committed(group);
      return brokers.topics().ends(topic).entrySet().stream()
          .allMatch(
              end -> {
                OffsetAndMetadata position = committed.get(end.getKey());
                return end.getValue() == 0
                    || (position != null && position.offset() >= end.getValue());
              });
    } catch (KafkaException | OutageException e) {
      return false; // asked again
    }
  }

  @Override
  public void close() {
    brokers.close();
  }
}
