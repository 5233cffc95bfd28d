package io.gatestream.stream;

import io.gatestream.lookahead.RecordIntake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Shows the lookahead only the records that are wanted, so that no other is decoded ahead. */
record FilteredIntake(RecordIntake intake, Predicate<ConsumerRecord<byte[], byte[]>> wanted)
    implements RecordIntake {
  /** Those that are used. */
  static FilteredIntake of(RecordIntake intake, RecordSelection selection) {
    return new FilteredIntake(
        intake,
        record ->
            selection.of(
                    record.partition(),
                    record.offset(),
                    Math.max(0, record.timestamp()),
                    record.key())
                != RecordUse.IGNORED);
  }

  /** Those that the processor will not skip for overload. */
  static FilteredIntake of(RecordIntake intake, Overload overload) {
    return new FilteredIntake(intake, record -> !overload.skips(record.partition()));
  }

  @Override
  public void offer(ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> shown = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records =
          polled.records(partition).stream().filter(wanted).toList();
      if (!records.isEmpty()) {
        shown.put(partition, records);
      }
    }
    intake.offer(new ConsumerRecords<>(shown, Map.of()));
  }

  @Override
  public void leave() {
    intake.leave();
  }
}
