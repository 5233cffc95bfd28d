package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(180)
class FramesTopicTest {
  private static final int TOPICS = 10;
  private static final int STREAMS = 30;
  private static final int FRAMES = 40;

  @TempDir Path folder;

  /**
   * A topic that is known but not led yet makes an idempotent producer lose its first batch for
   * good: half of such topics failed here.
   */
  @Test
  void aTopicJustCreatedTakesEveryFrame() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      KafkaAccess access =
          new KafkaAccess(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(10));
      for (int topic = 0; topic < TOPICS; topic++) {
        String name = "frames-" + topic;
        KafkaFrameSink.checkTopic(access, name, true, 6, 1 << 20);
        try (KafkaFrameSink sink =
            KafkaFrameSink.open(access, new AvroFrameCodec(FrameLimits.DEFAULT), name, 64 << 20)) {
          for (int i = 0; i < FRAMES * STREAMS; i++) {
            sink.send(frame("s" + i % STREAMS, i / STREAMS));
          }
          for (int stream = 0; stream < STREAMS; stream++) {
            sink.flush("s" + stream);
          }
        }
      }
    }
  }

  @Test
  void theSummaryCountsWhatTheTopicHoldsAlsoWhereItRefusesFrames() throws Exception {
    Files.createDirectories(folder.resolve("door"));
    for (int i = 1; i <= 6; i++) {
      try (Mat picture = new Mat(240, 320, opencv_core.CV_8UC3, new Scalar(40.0))) {
        if (i == 4) {
          byte[] noise = new byte[240 * 320 * 3];
          new java.util.Random(1).nextBytes(noise);
          picture.data().put(noise);
        }
        opencv_imgcodecs.imwrite(folder.resolve("door/" + i + ".png").toString(), picture);
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder.resolve("kafka"))) {
      KafkaAccess access =
          new KafkaAccess(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(10));
      KafkaFrameSink.checkTopic(access, "small", true, 1, 20_000);
      assertThat(KafkaFrameSink.mostRecordBytes(access, "small")).isEqualTo(20_000);
      IngestReport report;
      try (KafkaFrameSink sink =
          KafkaFrameSink.open(access, new AvroFrameCodec(FrameLimits.DEFAULT), "small", 8 << 20)) {
        report =
            new Ingest(
                    IngestSettings.DEFAULT,
                    SourceFinder.find(
                        List.of(folder.resolve("door").toString()), Optional.empty(), ""),
                    sink,
                    Instant::now,
                    IngestListener.NONE)
                .run();
      }
      SourceReport source = report.sources().get(0);
      assertThat(source.failure().orElseThrow()).contains("max.message.bytes");
      assertThat(source.notes()).containsExactly("1 frames were refused by Kafka");
      try (Admin admin = Admin.create(access.admin())) {
        TopicPartition partition = new TopicPartition("small", 0);
        assertThat(report.frames())
            .isBetween(3L, 5L)
            .isEqualTo(
                admin
                    .listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset());
      }
    }
  }

  private static Frame frame(String stream, long sequence) {
    return Frame.newBuilder()
        .setStreamId(stream)
        .setSession(Instant.parse("2026-01-02T03:04:05Z"))
        .setSequence(sequence)
        .setCaptureTime(Instant.parse("2026-01-02T03:04:06Z").plusMillis(100 * sequence))
        .setSourceTime(100_000 * sequence)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.wrap(new byte[8_000]))
        .build();
  }
}
