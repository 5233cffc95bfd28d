package io.gatestream.stream;

import io.gatestream.lookahead.RecordIntake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Shows the lookahead only the records that are used, so that no other is decoded ahead. */
record SelectedIntake(RecordIntake intake, RecordSelection selection) implements RecordIntake {
  @Override
  public void offer(ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> used = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records =
          polled.records(partition).stream().filter(this::isUsed).toList();
      if (!records.isEmpty()) {
        used.put(partition, records);
      }
    }
    intake.offer(new ConsumerRecords<>(used, Map.of()));
  }

  private boolean isUsed(ConsumerRecord<byte[], byte[]> record) {
    return selection.of(
            record.partition(), record.offset(), Math.max(0, record.timestamp()), record.key())
        != RecordUse.IGNORED;
  }

  @Override
  public void leave() {
    intake.leave();
  }
}
