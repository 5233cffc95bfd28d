package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.replay.RangeText;
import io.gatestream.replay.ReplayRange;
import io.gatestream.text.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ReplayOptionsTest {
  @Test
  void timesNeedAZone() {
    assertThat(RangeText.time("--from", "beginning", "beginning")).isEmpty();
    assertThat(RangeText.time("--to", "end", "end")).isEmpty();
    assertThat(RangeText.time("--to", "2026-01-31T10:30:00+01:00", "end"))
        .contains(Instant.parse("2026-01-31T09:30:00Z"));
    for (String wrong : List.of("2026-01-31T09:30:00", "end", "", "9:30")) {
      assertThatThrownBy(() -> RangeText.time("--from", wrong, "beginning"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--from is '%s'".formatted(wrong));
    }
  }

  @Test
  void warmUpsHaveAUnit() {
    assertThat(RangeText.warmUp("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(RangeText.warmUp("30s")).isEqualTo(Duration.ofSeconds(30));
    assertThat(RangeText.warmUp("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(RangeText.warmUp("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(RangeText.warmUp("beginning")).isEqualTo(ReplayRange.FROM_BEGINNING);
    for (String wrong : List.of("30", "-1s", "1d", "", "PT1S")) {
      assertThatThrownBy(() -> RangeText.warmUp(wrong))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--warm-up is '%s'".formatted(wrong));
    }
  }

  @Test
  void itHasTheOptionsThatLabelsDependOnAndNoneOfTheLiveApplications() {
    CommandSpec spec = new CommandLine(new ReplayCommand()).getCommandSpec();
    for (String flag : List.of("--model", "--gap-millis", "--score-limit", "--frames-topic")) {
      assertThat(spec.findOption(flag)).as(flag).isNotNull();
    }
    for (String flag :
        List.of(
            "--application-id",
            "--labels-topic",
            "--close-leaves-group",
            "--start",
            "--http-port",
            "--otlp-endpoint")) {
      assertThat(spec.findOption(flag)).as(flag).isNull();
    }
  }

  @Test
  void withoutATerminalALineComesEveryTenSecondsWithRateAndTimeLeft() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long[] seconds = {100};
    try (ReplayProgress progress =
        new ReplayProgress(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            Terminal.NONE,
            () -> seconds[0] * 1_000_000_000L)) {
      progress.note("going on");
      progress.progress(1_000, 10_000);
      seconds[0] += 9;
      progress.progress(2_000, 10_000);
      seconds[0] += 1;
      progress.progress(3_000, 10_000);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "replay: going on", "replay: 3000 of 10000 records, 200.0 a second, 35 s left");
  }
}
