package io.gatestream.stream.passes;

import io.gatestream.lookahead.RecordIntake;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Tells the passes when records come, before the lookahead sees them. */
public record PassIntake(RecordIntake intake, Passes passes) implements RecordIntake {
  @Override
  public void offer(ConsumerRecords<byte[], byte[]> polled) {
    if (!polled.isEmpty()) {
      passes.polled();
    }
    intake.offer(polled);
  }

  @Override
  public void leave() {
    intake.leave();
  }
}
