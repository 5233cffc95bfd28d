package io.gatestream.ingest;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.FrameLimits;
import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
