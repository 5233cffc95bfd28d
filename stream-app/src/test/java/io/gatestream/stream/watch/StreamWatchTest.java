package io.gatestream.stream.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.config.PolicySettings;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class StreamWatchTest {
  private static final long MS = 1_000;
  private static final long T0 = 1_790_000_000_000_000L;
  private static final long YEAR_2099 = 4_080_000_000_000_000L;

  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private final List<String> lines = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final StreamPolicy policy = new StreamPolicy(PolicySettings.DEFAULT, 100 * MS, "m");
  private final List<String> places = new ArrayList<>();
  private final StreamWatch watch =
      new StreamWatch(
          4,
          metrics,
          () -> now,
          line -> {
            lines.add(line);
            places.add(MDC.get("stream") + " " + MDC.get("partition"));
          });
  private StreamProgress progress = StreamProgress.START;

  private void send(String stream, long session, long sequence, long capture) {
    StreamProgress before = progress;
    Admission admission = policy.admit(before, session, sequence, 1, capture);
    Admission.Cause cause = Admission.Cause.SEQUENCE;
    if (admission instanceof Admission.Dropped dropped) {
      cause = dropped.cause();
      progress = admission.progress();
    } else {
      progress = policy.decide(admission.progress(), session, sequence, capture).after();
    }
    Frame frame =
        Frame.newBuilder()
            .setStreamId(stream)
            .setSession(Micros.instant(session))
            .setSequence(sequence)
            .setCaptureTime(Micros.instant(capture))
            .setSourceTime(0)
            .setEncoding(Encoding.JPEG)
            .setPayload(ByteBuffer.allocate(0))
            .build();
    watch.decided(id(stream), 2, frame, before, progress, cause);
  }

  private static Bytes id(String stream) {
    return Bytes.wrap(stream.getBytes(UTF_8));
  }

  private JsonNode streams() throws Exception {
    return new ObjectMapper().readTree(watch.json()).get("streams");
  }

  @Test
  void aStreamOfAnOlderSessionIsSaidOnceAWhileAndShown() throws Exception {
    send("door", YEAR_2099, 0, YEAR_2099);
    for (int i = 0; i < 25; i++) {
      send("door", T0, i, T0 + i * 100L * MS);
    }
    assertThat(lines).hasSize(1);
    assertThat(places).containsExactly("door 2");
    assertThat(MDC.get("stream")).isNull();
    assertThat(lines.get(0))
        .contains("stream 'door' on partition 2", "older session", "2026-09-21", "2099-04-16")
        .contains("last label of 2099", "null value");
    JsonNode door = streams().get(0);
    assertThat(door.get("stream").asText()).isEqualTo("door");
    assertThat(door.get("reason").asText()).isEqualTo("OLDER_SESSION");
    assertThat(door.get("frames").asLong()).isEqualTo(25);
    assertThat(door.get("framesSinceLabel").asLong()).isEqualTo(25);
    assertThat(door.get("duplicates").asLong()).isEqualTo(25);
    assertThat(door.get("lastLabel").asText()).startsWith("2099");
    assertThat(door.get("streamSession").asText()).startsWith("2099");
    assertThat(door.get("frameSession").asText()).startsWith("2026");
  }

  @Test
  void theSameIsSaidAgainAfterAWhile() {
    send("door", YEAR_2099, 0, YEAR_2099);
    for (int minute = 0; minute < 30; minute++) {
      for (int i = 0; i < 20; i++) {
        send("door", T0, 0, T0);
      }
      now = now.plusSeconds(59);
    }
    assertThat(lines).hasSize(3);
  }

  @Test
  void framesThatAreLabelledLeaveNoTrace() throws Exception {
    for (int i = 0; i < 500; i++) {
      send("door", T0, i, T0 + i * 33L * MS); // two of three are skipped
    }
    for (int i = 0; i < 9; i++) {
      send("door", T0 - 1, i, T0); // a few late ones of the run before
    }
    assertThat(lines).isEmpty();
    assertThat(streams()).hasSize(1);
    now = now.plusSeconds(3_601);
    assertThat(streams()).isEmpty();
  }

  @Test
  void repeatsBetweenLabelsAreNotSaidAndAStreamOfRepeatsOnlyIs() {
    for (int i = 0; i < 300; i++) {
      send("door", T0, i, T0 + i * 100L * MS);
      send("door", T0, i, T0 + i * 100L * MS);
    }
    assertThat(lines).isEmpty();
    for (int i = 0; i < 100; i++) {
      send("door", T0, i, T0 + i * 100L * MS);
    }
    assertThat(lines).hasSize(1).first().asString().contains("duplicates", "new session");
  }

  @Test
  void timesInMillisecondsAreSaidAtTheFirstFrame() throws Exception {
    for (int i = 0; i < 100; i++) {
      send("door", T0 / 1_000, i, T0 / 1_000 + i * 100L);
    }
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).contains("likely milliseconds in place of microseconds", "1970-01-21");
    assertThat(streams().get(0).get("reason").asText()).isEqualTo("TIMES_IN_ANOTHER_UNIT");
    assertThat(streams().get(0).get("skipped").asLong()).isEqualTo(99);
  }

  /**
   * After a restart of the application there is no first frame: the stream goes on being skipped.
   */
  @Test
  void timesInMillisecondsAreSaidInTheMiddleOfAStream() {
    progress = policy.decide(progress, 1, 0, T0 / 1_000).after();
    send("door", 1, 1, T0 / 1_000 + 100);
    assertThat(lines).hasSize(1).first().asString().contains("milliseconds");
  }

  @Test
  void recordingsThatCountFromZeroAreNotSaid() {
    for (int i = 0; i < 3_000; i++) {
      send("old", 0, i, i * 400L * MS); // 20 minutes
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void timesThatStandStillAreSaid() {
    for (int i = 0; i < 60; i++) {
      send("door", T0, i, T0 + i);
    }
    assertThat(lines).hasSize(1).first().asString().contains("less than a millisecond apart");
  }

  @Test
  void aRecordOnAnotherPartitionThanItsKeysIsSaidOnceAStream() throws Exception {
    int right = 0;
    for (int partition = 0; partition < 4; partition++) {
      int before = lines.size();
      watch.placed(id("mixed1"), partition, progress);
      watch.placed(id("mixed1"), partition, progress);
      right += lines.size() == before ? 1 : 0;
    }
    assertThat(right).as("the right one, and all after the first line").isEqualTo(3);
    assertThat(lines).hasSize(1).first().asString().contains("mixed1", "murmur2_random");
    assertThat(metrics.get("gatestream.records.misplaced").counter().count()).isEqualTo(6);
    assertThat(streams().get(0).get("reason").asText()).isEqualTo("OTHER_PARTITION");
  }

  @Test
  void thePartitionIsThatOfKafkasOwnProducer() {
    for (int i = 0; i < 200; i++) {
      byte[] key = ("cam-" + i).getBytes(UTF_8);
      int partition =
          org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(key, 4);
      watch.placed(Bytes.wrap(key), partition, progress);
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void manyStreamsDoNotFillTheLogOrTheMemory() throws Exception {
    for (int i = 0; i < 30_000; i++) {
      send("cam-" + i, T0 / 1_000, i, T0 / 1_000 + i * 100L);
    }
    assertThat(lines).hasSize(20);
    assertThat(streams()).hasSize(TroubledStreams.MOST_STREAMS);
    now = now.plusSeconds(61);
    watch.tick();
    assertThat(lines).hasSize(21).last().asString().containsPattern("299[0-9][0-9] more lines");
  }
}
