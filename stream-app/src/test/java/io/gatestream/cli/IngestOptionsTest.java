package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.ingest.ByteSize;
import io.gatestream.ingest.ClockReport;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.SourceReport;
import io.gatestream.ingest.StartTime;
import io.gatestream.ingest.VideoSource;
import io.gatestream.text.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IngestOptionsTest {
  @Test
  void startTimeNeedsAZoneOrIsSecondsSince1970() {
    Instant expected = Instant.parse("2026-01-31T09:30:00Z");
    assertThat(StartTime.parse("2026-01-31T09:30:00Z")).isEqualTo(expected);
    assertThat(StartTime.parse("2026-01-31T10:30:00+01:00")).isEqualTo(expected);
    assertThat(StartTime.parse("1769851800")).isEqualTo(expected);
    assertThat(StartTime.parse("1769851800.25")).isEqualTo(expected.plusMillis(250));
    for (String wrong : List.of("2026-01-31T09:30:00", "now", "")) {
      assertThatThrownBy(() -> StartTime.parse(wrong))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("with its zone");
    }
  }

  @Test
  void sizesHaveUnitsAndBounds() {
    assertThat(ByteSize.parse("in-flight", "64MiB", 1, 1L << 40)).isEqualTo(64L << 20);
    assertThat(ByteSize.parse("in-flight", "5000", 1, 1L << 40)).isEqualTo(5_000);
    for (String wrong : List.of("64MB", "-1", "0", "9999GiB")) {
      assertThatThrownBy(() -> ByteSize.parse("in-flight", wrong, 1, 1L << 40))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("in-flight");
    }
  }

  @Test
  void withoutATerminalALineComesEveryTenSecondsWithDrops() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    VideoSource source = VideoSource.of(Path.of("a.mp4"));
    try (PrintStream err = new PrintStream(text, true, StandardCharsets.UTF_8);
        IngestProgress progress = new IngestProgress(err, Terminal.NONE, 0)) {
      progress.opened(source, OptionalLong.of(400));
      progress.sent(source, 100, 1_000);
      progress.refresh(9_000_000_000L);
      assertThat(text.toString(StandardCharsets.UTF_8)).isEmpty();
      progress.dropped(source, 3);
      progress.refresh(10_000_000_000L);
      progress.refresh(11_000_000_000L);
    }
    assertThat(text.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo("ingest: 100 of about 400 frames, 10.0 fps, 3 dropped (3 since the last line)");
  }

  @Test
  void summarySaysWhatTheClockOfACameraHadToDo() {
    ClockReport clock = new ClockReport(0, 1, 2, 0, 0, 0, 480_000, 1, 600_000_000);
    assertThat(
            IngestSummary.of(
                new IngestReport(
                    Instant.EPOCH,
                    List.of(
                        new SourceReport(
                            "a", "rtsp://a", 1, 1, 1, 0, Optional.empty(), clock, List.of())))))
        .contains(
            "a: stamps that began anew, followed without a gap: 1; wild stamps replaced: 2; drift"
                + " followed: 480 ms; steps of the machine's clock: 1; capture times stay 600 s");
  }

  @Test
  void summaryNamesEveryFailure() {
    assertThat(
            IngestSummary.of(
                new IngestReport(
                    Instant.EPOCH,
                    List.of(
                        new SourceReport(
                            "a",
                            "a.mp4",
                            30,
                            900,
                            2,
                            1,
                            Optional.empty(),
                            ClockReport.NONE,
                            List.of("2 damaged")),
                        new SourceReport("b", "b.mp4", 0, 0, 0, 0, Optional.of("b.mp4 is bad"))))))
        .contains(
            "15.0",
            "done",
            "FAILED",
            "30 frames sent, 1 dropped",
            "a: 2 damaged\n",
            "b failed: b.mp4 is bad");
  }
}
