package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.text.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RejectedTextTest {
  private static RejectedRecord record(String stream, String reason, Optional<String> cause) {
    return new RejectedRecord(
        1,
        2,
        Optional.of(stream),
        1_790_000_000_000L,
        reason,
        "what was\u001B[31m found",
        Optional.of("frames-3@4"),
        OptionalLong.of(5),
        false,
        cause);
  }

  @Test
  void theTableHasOneLineARecordAndStaysNarrow() {
    RejectedText text = new RejectedText(Terminal.NONE);
    List<String> lines =
        text.table(List.of(record("cam".repeat(300), "CORRUPT", Optional.empty())));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("time ").contains("stream", "reason", "message");
    assertThat(lines.get(1))
        .startsWith("2026-09-21T")
        .contains("camcam", "...", "CORRUPT", "frames-3@4", "what was")
        .doesNotContain("\u001B")
        .hasSizeLessThan(250);
    assertThat(text.table(List.of(record("b", "CORRUPT", Optional.empty())))).hasSize(1);
  }

  @Test
  void jsonHasEveryField() throws Exception {
    String line =
        RejectedText.json(List.of(record("cam", "UNPARSABLE", Optional.of("a cause")))).get(0);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("stream").asText()).isEqualTo("cam");
    assertThat(json.get("reason").asText()).isEqualTo("UNPARSABLE");
    assertThat(json.get("origin").asText()).isEqualTo("frames-3@4");
    assertThat(json.get("valueBytes").asLong()).isEqualTo(5);
    assertThat(json.get("likelyCause").asText()).isEqualTo("a cause");
  }

  @Test
  void theSummaryCountsByReasonAndCause() {
    RejectedSummary summary = new RejectedSummary();
    assertThat(summary.lines()).containsExactly("no rejected records");
    summary.add(record("a", "CORRUPT", Optional.empty()));
    for (int i = 0; i < 6; i++) {
      summary.add(record("cam-" + i, "UNPARSABLE", Optional.of("a registry")));
    }
    assertThat(summary.lines())
        .containsExactly(
            "6 UNPARSABLE: of stream 'cam-0', 'cam-1', 'cam-2', 'cam-3' and others",
            "    likely cause: a registry",
            "1 CORRUPT: of stream 'a'");
  }

  @Test
  void theHelpTeachesWithExamples() {
    assertThat(new picocli.CommandLine(new RejectedCommand()).getUsageMessage())
        .contains("./gatestream rejected --bootstrap-servers", "--follow", "--summary", "--limit");
  }
}
