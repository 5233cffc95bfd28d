package io.gatestream.evaluate;

import io.gatestream.labels.ReadLabel;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Labels for tests: frame {@code sequence} of a source of 10 frames a second. */
public final class Labels {
  public static final Instant START = Instant.parse("2026-11-01T09:30:00Z");

  private Labels() {}

  public static FrameLabel label(String stream, long sequence, String best) {
    return label(stream, sequence, best, 0, 0, 0);
  }

  public static FrameLabel label(
      String stream, long sequence, String best, long duplicates, long skipped, long rejected) {
    long sourceTime = sequence * 100_000;
    return FrameLabel.newBuilder()
        .setStreamId(stream)
        .setSession(START)
        .setSequence(sequence)
        .setCaptureTime(START.plus(sourceTime, ChronoUnit.MICROS))
        .setSourceTime(sourceTime)
        .setScores(List.of(new LabelScore(best, 0.75f), new LabelScore("other", 0.25f)))
        .setModel(new ModelId("object-motion", "1", "abc123"))
        .setFramesSinceReset(sequence + 1)
        .setReset(sequence == 0 ? Reset.FIRST_FRAME : Reset.NONE)
        .setDuplicates(duplicates)
        .setSkipped(skipped)
        .setRejected(rejected)
        .build();
  }

  /** {@code label} as read from partition 2, offset 40 of topic labels. */
  public static ReadLabel read(FrameLabel label) {
    return new ReadLabel(
        new ConsumerRecord<>("labels", 2, 40, new byte[] {'c'}, new byte[] {1}), label);
  }
}
