package io.gatestream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.stream.RecordUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplayRangeTest {
  private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-01-01T10:00:00Z");

  private static ReplayRange range(Instant from, Instant to, Duration warmUp, String streams) {
    return new ReplayRange(Optional.of(from), Optional.of(to), warmUp, Map.of(), streams);
  }

  private static ReplaySelection selection(ReplayRange range) {
    return new ReplaySelection(
        new ReplayPlan(
            "",
            "",
            "",
            List.of(),
            Map.of(0, new ReplayPlan.Span(10, 20)),
            ReplayPlan.Stage.LABELLING),
        range);
  }

  private static RecordUse use(ReplayRange range, Instant time) {
    return selection(range).of(0, 15, time.toEpochMilli(), "door".getBytes(UTF_8));
  }

  @Test
  void timesAreFromIncludedToTheEndExcluded() {
    ReplayRange range = range(NINE, TEN, Duration.ZERO, "*");
    assertThat(use(range, NINE.minusMillis(1))).isEqualTo(RecordUse.IGNORED);
    assertThat(use(range, NINE)).isEqualTo(RecordUse.LABELLED);
    assertThat(use(range, TEN.minusMillis(1))).isEqualTo(RecordUse.LABELLED);
    assertThat(use(range, TEN)).isEqualTo(RecordUse.IGNORED);
  }

  @Test
  void aTimeBetweenTwoMillisecondsBeginsWithTheLaterOne() {
    ReplayRange range = range(NINE.plusNanos(1), TEN, Duration.ZERO, "*");
    assertThat(use(range, NINE)).isEqualTo(RecordUse.IGNORED);
    assertThat(use(range, NINE.plusMillis(1))).isEqualTo(RecordUse.LABELLED);
  }

  @Test
  void aWarmUpAdvancesBeforeFromOnly() {
    ReplayRange range = range(NINE, TEN, Duration.ofMinutes(1), "*");
    assertThat(use(range, NINE.minusSeconds(61))).isEqualTo(RecordUse.IGNORED);
    assertThat(use(range, NINE.minusSeconds(60))).isEqualTo(RecordUse.ADVANCES);
    assertThat(use(range, NINE)).isEqualTo(RecordUse.LABELLED);
    assertThat(use(range(NINE, TEN, ReplayRange.FROM_BEGINNING, "*"), Instant.EPOCH))
        .isEqualTo(RecordUse.ADVANCES);
  }

  @Test
  void offsetsBeyondThePlanAreIgnoredWhateverTheirTime() {
    ReplaySelection selection = selection(ReplayRange.ALL);
    byte[] key = "door".getBytes(UTF_8);
    assertThat(
            List.of(
                selection.of(0, 9, 0, key),
                selection.of(0, 10, 0, key),
                selection.of(0, 19, 0, key),
                selection.of(0, 20, 0, key),
                selection.of(1, 15, 0, key)))
        .containsExactly(
            RecordUse.IGNORED,
            RecordUse.LABELLED,
            RecordUse.LABELLED,
            RecordUse.IGNORED,
            RecordUse.IGNORED);
  }

  @Test
  void otherStreamsAreIgnoredAndRemembered() {
    ReplaySelection selection = selection(range(NINE, TEN, Duration.ZERO, "door-?"));
    long time = NINE.toEpochMilli();
    assertThat(selection.of(0, 11, time, "yard".getBytes(UTF_8))).isEqualTo(RecordUse.IGNORED);
    assertThat(selection.of(0, 11, time, null)).isEqualTo(RecordUse.IGNORED);
    assertThat(selection.sawFrames()).isFalse();
    assertThat(selection.others()).containsExactly("yard");
    assertThat(selection.of(0, 11, time, "door-1".getBytes(UTF_8))).isEqualTo(RecordUse.LABELLED);
    assertThat(selection.sawFrames()).isTrue();
  }

  @Test
  void rangesThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> range(TEN, NINE, Duration.ZERO, "*"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--from 2026-01-01T10:00:00Z is not before --to");
    assertThatThrownBy(
            () ->
                new ReplayRange(
                    Optional.empty(), Optional.of(TEN), Duration.ofSeconds(1), Map.of(), "*"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("give --from");
    assertThatThrownBy(
            () ->
                new ReplayRange(
                    Optional.of(NINE),
                    Optional.empty(),
                    Duration.ZERO,
                    Map.of(0, new OffsetSpan(0, OptionalLong.empty())),
                    "*"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not both");
  }

  @Test
  void offsetsAreReadByPartition() {
    assertThat(OffsetSpan.parse("0:1000-2000, 3:5-"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                0,
                new OffsetSpan(1000, OptionalLong.of(2000)),
                3,
                new OffsetSpan(5, OptionalLong.empty())));
    for (String wrong : List.of("", "5-9", "0:9-5", "0:-5", "0:1-2,0:3-4", "a:1-2", "0:1-2,")) {
      assertThatThrownBy(() -> OffsetSpan.parse(wrong))
          .as(wrong)
          .isInstanceOf(ConfigException.class);
    }
  }
}
