package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.Micros;
import io.gatestream.labels.ReadEvent;
import io.gatestream.labels.ReadLabel;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Labels and events of streams for tests; times are milliseconds. */
final class Samples {
  static final long START = 1_800_000_000_000L;
  private static final ModelId MODEL = new ModelId("motion", "1.0", "abc");

  private Samples() {}

  static Instant time(long millis) {
    return Micros.instant(millis * 1_000);
  }

  /** A label with scores of the classes {@code a}, {@code b} and so on, best first. */
  static FrameLabel.Builder label(String stream, long sequence, long millis, float... scores) {
    List<LabelScore> all = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      all.add(new LabelScore(Character.toString('a' + i), scores[i]));
    }
    all.sort((one, other) -> Float.compare(other.getScore(), one.getScore()));
    return FrameLabel.newBuilder()
        .setStreamId(stream)
        .setSession(time(START))
        .setSequence(sequence)
        .setCaptureTime(time(millis))
        .setSourceTime((millis - START) * 1_000)
        .setScores(all)
        .setModel(MODEL)
        .setFramesSinceReset(sequence + 1)
        .setReset(Reset.NONE)
        .setDuplicates(0)
        .setSkipped(0)
        .setRejected(0)
        .setActive(List.of());
  }

  static ReadLabel read(FrameLabel.Builder label) {
    FrameLabel built = label.build();
    byte[] key = built.getStreamId().getBytes(UTF_8);
    return new ReadLabel(new ConsumerRecord<>("labels", 3, 0, key, new byte[0]), built);
  }

  static ReadEvent event(String id, String stream, EventPhase phase, long start, long end) {
    return new ReadEvent(
        3,
        0,
        LabelEvent.newBuilder()
            .setEventId(id)
            .setPhase(phase)
            .setStreamId(stream)
            .setSession(time(START))
            .setSequence(0)
            .setLabel("a")
            .setStartCaptureTime(time(start))
            .setStartSourceTime((start - START) * 1_000)
            .setEndCaptureTime(time(end))
            .setEndSourceTime((end - START) * 1_000)
            .setPeakCaptureTime(time(start))
            .setPeakSourceTime((start - START) * 1_000)
            .setPeakScore(0.9f)
            .setMeanScore(0.8f)
            .setFrames(10)
            .setReason(phase == EventPhase.END ? EndReason.LABEL_ENDED : EndReason.NONE)
            .setReset(Reset.NONE)
            .setModel(MODEL)
            .build());
  }
}
