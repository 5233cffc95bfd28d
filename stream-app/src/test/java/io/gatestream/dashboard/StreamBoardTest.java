package io.gatestream.dashboard;

import static io.gatestream.dashboard.Samples.START;
import static io.gatestream.dashboard.Samples.label;
import static io.gatestream.dashboard.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamBoardTest {
  private static final long HOUR = 3_600_000;

  private long now = START;
  private final StreamBoard board = new StreamBoard(HOUR, () -> now);

  private void add(FrameLabel.Builder label) {
    board.add(List.of(read(label)), true);
  }

  private Views.Stream only() {
    return board.since(-1).streams().get(0);
  }

  private Views.Timeline timeline() {
    return board.timeline("cam", List.of(), List.of()).orElseThrow();
  }

  @Test
  void aStreamIsWhatItsLastLabelSays() {
    add(label("cam", 0, START, 0.2f, 0.8f));
    now = START + 350;
    add(label("cam", 1, START + 100, 0.7f, 0.3f).setActive(List.of("a")));

    Views.Stream stream = only();
    assertThat(stream.label()).isEqualTo("a");
    assertThat(stream.score()).isEqualTo(0.7f);
    assertThat(stream.active()).containsExactly("a");
    assertThat(stream.delay()).isEqualTo(250);
    assertThat(stream.labels()).isEqualTo(2);
    assertThat(stream.partition()).isEqualTo(3);
    assertThat(stream.attention()).isZero();
  }

  @Test
  void historyHasNoDelayAndNoRate() {
    now = START + 60_000;
    board.add(List.of(read(label("cam", 0, START + 59_000, 1))), false);
    assertThat(only().delay()).isNull();
    assertThat(only().rate()).isZero();
    assertThat(only().attention()).as("one second old").isZero();
  }

  @Test
  void onlyWhatChangedIsToldAgain() {
    add(label("one", 0, START, 1));
    add(label("two", 0, START, 1));
    StreamBoard.Changes first = board.since(-1);
    assertThat(first.full()).isTrue();
    assertThat(first.streams()).hasSize(2);
    assertThat(board.since(first.version()).streams()).isEmpty();

    add(label("two", 1, START, 1));
    StreamBoard.Changes second = board.since(first.version());
    assertThat(second.full()).isFalse();
    assertThat(second.streams()).extracting(Views.Stream::id).containsExactly("two");
    assertThat(board.since(second.version() + 5).full()).as("of another process").isTrue();
  }

  @Test
  void silenceLatenessResetsAndRejectionsNeedAttention() {
    add(label("cam", 0, START, 1));
    now = START + 9_000;
    assertThat(only().why()).isEmpty();
    long version = board.since(-1).version();
    now = START + 35_000;
    assertThat(board.since(version).streams()).as("told without a label").hasSize(1);
    assertThat(only().why()).containsExactly("silent 30 s");

    now = START + 40_000;
    add(label("cam", 1, START + 35_000, 1).setReset(Reset.GAP).setRejected(2));
    assertThat(only().why()).containsExactly("late 5 s", "2 rejected", "reset");
    int level = only().attention();
    now = START + 101_000;
    add(label("cam", 2, START + 101_000, 1).setRejected(2));
    assertThat(only().why()).isEmpty();
    assertThat(level).isPositive();
  }

  @Test
  void aRecordingIsNotLate() {
    now = START + 86_400_000;
    add(label("cam", 0, START, 1));
    assertThat(only().why()).isEmpty();
  }

  @Test
  void theTimelineHasMeansResetsAndGaps() {
    add(label("cam", 0, START, 0.2f, 0.8f));
    add(label("cam", 1, START + 100, 0.4f, 0.6f));
    add(label("cam", 2, START + 9_000, 1, 0).setReset(Reset.GAP));

    Views.Timeline timeline = timeline();
    assertThat(timeline.labels()).containsExactly("b", "a");
    assertThat(timeline.at()).containsExactly(START, START + 8_000);
    assertThat(timeline.scores().get(0)).containsExactly(0.702f, 0f);
    assertThat(timeline.best()).containsExactly(0, 1);
    assertThat(timeline.resets()).containsExactly(new Views.Reset("GAP", START + 9_000));
    assertThat(timeline.gaps()).containsExactly(new Views.Gap(START + 100, START + 9_000));
  }

  @Test
  void theTimelineForgetsWhatIsOlderThanTheHistory() {
    StreamBoard short_ = new StreamBoard(20_000, () -> now);
    for (int second = 0; second < 100; second++) {
      now = START + second * 1_000L;
      short_.add(List.of(read(label("cam", second, now, 1))), true);
    }
    List<Long> at = short_.timeline("cam", List.of(), List.of()).orElseThrow().at();
    assertThat(at).hasSizeBetween(9, 11).isSorted();
    assertThat(at.get(at.size() - 1)).isEqualTo(START + 98_000);
  }

  @Test
  void aClockThatIsSetBackOrGoesWildLosesNoLaterScores() {
    add(label("cam", 0, START, 1));
    add(label("cam", 1, START + 250_000_000_000L, 1));
    add(label("cam", 2, START - 3_600_000, 0.5f));
    add(label("cam", 3, START - 3_596_000, 0.5f));

    assertThat(timeline().at()).containsExactly(START - 3_600_000, START - 3_596_000);
    assertThat(timeline().to()).isEqualTo(START - 3_596_000);
  }

  @Test
  void theBestClassMayBeOneThatIsNotKept() {
    float[] scores = new float[20];
    for (int best = 0; best < 9; best++) {
      float[] one = scores.clone();
      one[best] = 0.9f;
      add(label("cam", best, START + best * 2_000L, one));
    }
    assertThat(timeline().labels()).hasSize(8);
    assertThat(timeline().best()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, -1);
  }

  @Test
  void aTimeBelongsToTheSessionThatRecordedIt() {
    add(label("cam", 0, START, 1));
    add(label("cam", 1, START + 10_000, 1));
    add(
        label("cam", 0, START + 60_000, 1)
            .setSession(Samples.time(START + 60_000))
            .setSourceTime(7_000_000));
    add(
        label("cam", 1, START + 70_000, 1)
            .setSession(Samples.time(START + 60_000))
            .setSourceTime(17_000_000));

    assertThat(session(START + 5_000).id()).isEqualTo(START * 1_000);
    assertThat(session(START + 5_000).sourceOffset()).isEqualTo(-START * 1_000);
    StreamCard.Session second = session(START + 65_000);
    assertThat((START + 65_000) * 1_000 + second.sourceOffset()).isEqualTo(12_000_000);
    assertThat(board.session("cam", (START + 30_000) * 1_000)).as("between them").isEmpty();
  }

  private StreamCard.Session session(long millis) {
    return board.session("cam", millis * 1_000).orElseThrow();
  }

  @Test
  void ratesAreOfTheLastTenSeconds() {
    for (int i = 0; i < 100; i++) {
      now = START + i * 200L;
      add(label("cam", i, now, 1).setDuplicates(i));
    }
    now = START + 20_000;
    assertThat(board.rates()[0]).isEqualTo(5);
    assertThat(board.rates()[1]).isEqualTo(5);
    assertThat(only().rate()).isEqualTo(5);
    now = START + 60_000;
    assertThat(board.rates()[0]).isZero();
  }

  @Test
  void anUnknownStreamHasNoTimeline() {
    assertThat(board.timeline("other", List.of(), List.of())).isEmpty();
    assertThat(board.place("other")).isEmpty();
  }
}
