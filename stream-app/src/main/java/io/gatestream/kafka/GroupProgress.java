package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a group has committed a topic. Used by one thread. */
public final class GroupProgress implements AutoCloseable {
  private static final long SECONDS = 10;

  private final Admin admin;
  private final String group;
  private final String topic;

  public GroupProgress(KafkaAccess access, String group, String topic) {
    this.admin = Admin.create(access.admin());
    this.group = group;
    this.topic = topic;
  }

  /** Whether everything in the topic is committed. */
  public boolean caughtUp() {
    try {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(SECONDS, TimeUnit.SECONDS)
          .values()
          .stream()
          .flatMap(found -> found.partitions().stream())
          .forEach(
              info ->
                  partitions.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin.listOffsets(partitions).all().get(SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(SECONDS, TimeUnit.SECONDS);
      return ends.entrySet().stream()
          .allMatch(
              end -> {
                OffsetAndMetadata position = committed.get(end.getKey());
                return end.getValue().offset() == 0
                    || (position != null && position.offset() >= end.getValue().offset());
              });
    } catch (ExecutionException | TimeoutException e) {
      return false; // asked again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
