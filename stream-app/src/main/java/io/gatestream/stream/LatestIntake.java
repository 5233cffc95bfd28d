package io.gatestream.stream;

import io.gatestream.lookahead.RecordIntake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Hides from the lookahead what the processor will skip for overload. */
record LatestIntake(RecordIntake intake, Overload overload) implements RecordIntake {
  @Override
  public void offer(ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> labelled = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      if (!overload.skips(partition.partition())) {
        labelled.put(partition, polled.records(partition));
      }
    }
    intake.offer(new ConsumerRecords<>(labelled, Map.of()));
  }

  @Override
  public void leave() {
    intake.leave();
  }
}
