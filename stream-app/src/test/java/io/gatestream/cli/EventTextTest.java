package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.labels.ReadEvent;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import io.gatestream.text.Terminal;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EventTextTest {
  private static ReadEvent event(String stream, EventPhase phase, EndReason reason, Reset reset) {
    return new ReadEvent(
        3,
        41,
        LabelEvent.newBuilder()
            .setEventId("0a1b")
            .setPhase(phase)
            .setStreamId(stream)
            .setSession(Instant.EPOCH)
            .setSequence(7)
            .setLabel("person")
            .setStartCaptureTime(Instant.parse("2026-11-30T10:00:00Z"))
            .setStartSourceTime(1_000_000)
            .setEndCaptureTime(Instant.parse("2026-11-30T10:00:02.500Z"))
            .setEndSourceTime(3_500_000)
            .setPeakCaptureTime(Instant.parse("2026-11-30T10:00:01Z"))
            .setPeakSourceTime(2_000_000)
            .setPeakScore(0.91f)
            .setMeanScore(0.75f)
            .setFrames(26)
            .setReason(reason)
            .setReset(reset)
            .setContinues("")
            .setModel(new ModelId("doors", "1.0.0", "ff"))
            .build());
  }

  @Test
  void aTableHasALineForEachRecordAndOneHeading() {
    EventText text = new EventText(Terminal.NONE);
    List<String> lines =
        text.table(
            List.of(
                event("door-1", EventPhase.START, EndReason.NONE, Reset.NONE),
                event("door-1", EventPhase.END, EndReason.RESET, Reset.GAP)));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("begun").contains("stream", "label", "phase", "lasts");
    assertThat(lines.get(1))
        .contains("2026-11-30T10:00:00.000000Z", "door-1", "person", "START", "2.5 s", "0.910")
        .endsWith("0a1b");
    assertThat(lines.get(2)).contains("END", "RESET GAP 0a1b");
    assertThat(text.table(List.of())).isEmpty();
  }

  @Test
  void aNameCannotDriveTheTerminal() {
    EventText text = new EventText(Terminal.NONE);
    List<String> lines =
        text.table(List.of(event("\u001b[2Jx\n", EventPhase.START, EndReason.NONE, Reset.NONE)));
    assertThat(lines).noneMatch(line -> line.contains("\u001b") || line.contains("\n"));
  }

  @Test
  void jsonHasEveryFieldOfTheSchema() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                EventText.json(List.of(event("door-1", EventPhase.END, EndReason.IDLE, Reset.NONE)))
                    .get(0));
    for (Schema.Field field : LabelEvent.getClassSchema().getFields()) {
      assertThat(json.has(field.name())).as(field.name()).isTrue();
    }
    assertThat(json.path("partition").asInt()).isEqualTo(3);
    assertThat(json.path("reason").asText()).isEqualTo("IDLE");
    assertThat(json.path("frames").asLong()).isEqualTo(26);
  }
}
