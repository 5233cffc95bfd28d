package io.gatestream.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NearestTest {
  private static final List<String> COMMANDS =
      List.of("demo", "run", "ingest", "labels", "replay", "evaluate", "bench", "broker", "model");

  @ParameterizedTest
  @CsvSource({
    "rnu,run", // swapped
    "ru,run", // left out
    "runn,run", // put in
    "rub,run", // replaced
    "RUN,run",
    "label,labels",
    "evlauate,evaluate",
    "eval,evaluate", // begins so
    "brokre,broker",
    "bnech,bench"
  })
  void findsTheNameMeant(String written, String meant) {
    assertThat(Nearest.to(written, COMMANDS)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "x", "", "b", "start", "help"})
  void keepsQuietWhereNothingIsNear(String written) {
    assertThat(Nearest.to(written, COMMANDS)).isEmpty();
    assertThat(Nearest.question(written, COMMANDS)).isEmpty();
  }

  @Test
  void startOfSeveralNamesMeansNone() {
    assertThat(Nearest.to("max", List.of("max.side", "max.pixels"))).isEmpty();
  }

  @Test
  void veryLongTextCostsNothing() {
    assertThat(Nearest.to("x".repeat(10_000_000), COMMANDS)).isEmpty();
  }
}
