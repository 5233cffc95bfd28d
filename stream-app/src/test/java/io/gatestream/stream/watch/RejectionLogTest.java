package io.gatestream.stream.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
  private Instant now = Instant.EPOCH;
  private final List<String> lines = new ArrayList<>();
  private final RejectionLog log = new RejectionLog(() -> now, lines::add);

  private void reject(Reason reason, String stream, int offset, byte... value) {
    log.add(
        stream.getBytes(UTF_8), value, at(offset), new FrameDecodeException(reason, "bad\nthing"));
  }

  private static RecordMetadata at(long offset) {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return "frames";
      }

      @Override
      public int partition() {
        return 3;
      }

      @Override
      public long offset() {
        return offset;
      }
    };
  }

  @Test
  void theFirstOfAReasonIsSaidAtOnceAndTheOthersOnceAMinute() {
    for (int i = 0; i < 1_000; i++) {
      reject(
          Reason.UNPARSABLE,
          "cam-" + i % 7,
          i,
          (byte) 0,
          (byte) 0,
          (byte) 0,
          (byte) 0,
          (byte) 1,
          (byte) 9);
      now = now.plusMillis(20);
      log.tick();
    }
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .contains("stream 'cam-0'", "UNPARSABLE", "frames-3@0: bad?thing", "schema registry")
        .contains("./gatestream rejected");
    now = now.plus(Duration.ofMinutes(1));
    log.tick();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1))
        .contains("rejected 999 more records", "'cam-1', 'cam-2'", "and others", "frames-3@999")
        .contains("schema registry");
  }

  @Test
  void reasonsAndCausesHaveLinesOfTheirOwn() {
    reject(Reason.UNPARSABLE, "a", 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 9);
    reject(Reason.UNPARSABLE, "b", 1, (byte) 0xFF, (byte) 0xD8, (byte) 0xFF);
    reject(Reason.KEY_MISMATCH, "c", 2);
    reject(Reason.KEY_MISMATCH, "c", 3);
    assertThat(lines).hasSize(3);
    log.flush();
    assertThat(lines).hasSize(4).last().asString().contains("rejected 1 more records", "'c'");
  }

  @Test
  void afterAQuietMinuteTheNextOneIsSaidAtOnce() {
    reject(Reason.BAD_TIME, "a", 0);
    now = now.plusSeconds(61);
    log.tick();
    assertThat(lines).hasSize(1);
    reject(Reason.BAD_TIME, "a", 1);
    assertThat(lines).hasSize(2);
  }
}
