package io.gatestream.stream.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushOutcomesTest {
  private final ConnectException refused = new ConnectException("Connection refused");

  private final List<String> warnings = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final PushOutcomes outcomes =
      new PushOutcomes("http://collector/v1/metrics", () -> now, warnings::add, news::add);

  @Test
  void anOutageIsSaidAtOnceAndThenEveryTenMinutes() {
    for (int second = 0; second <= 20 * 60; second += 10) {
      outcomes.failed(refused);
      now = now.plus(Duration.ofSeconds(10));
    }

    assertThat(warnings)
        .containsExactly(
            "metrics cannot be pushed to http://collector/v1/metrics: Connection refused;"
                + " labelling goes on, and so do the pushes",
            "metrics have not come to http://collector/v1/metrics for 10 min (61 pushes):"
                + " Connection refused",
            "metrics have not come to http://collector/v1/metrics for 20 min (121 pushes):"
                + " Connection refused");
    assertThat(news).isEmpty();
  }

  @Test
  void itsEndIsSaidOnceAndTheNextOutageAtOnce() {
    outcomes.pushed();
    outcomes.failed(refused);
    outcomes.pushed();
    outcomes.pushed();
    outcomes.failed(refused);

    assertThat(news)
        .containsExactly(
            "metrics come to http://collector/v1/metrics again, after 1 pushes failed");
    assertThat(warnings).hasSize(2).allMatch(line -> line.contains("cannot be pushed"));
  }

  @Test
  void whatACollectorAnswersIsShortened() {
    outcomes.failed(new IllegalStateException("code 500 and body " + "x\n".repeat(5_000)));

    assertThat(warnings.get(0)).hasSizeLessThan(400).doesNotContain("\n");
  }
}
