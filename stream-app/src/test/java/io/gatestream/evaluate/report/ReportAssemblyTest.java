package io.gatestream.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.report.StreamTimeline.Stretch;
import io.gatestream.evaluate.report.StreamTimeline.Track;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.PairedBootstrap;
import io.gatestream.evaluate.score.ScoredFrame;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What the page shows of evaluations that are small enough to know. */
class ReportAssemblyTest {
  private static final long FRAME = 100_000;

  @Test
  void severalLabelsAtOnceOverlapInTheTimeline() {
    Classes classes =
        new Classes(List.of("rain", "dark"), Optional.empty(), true, Map.of("dark", 0.8));
    Truth truth = Truth.of(List.of(interval(0, 20, "rain"), interval(10, 20, "dark")));
    // rain throughout; dark is above its threshold from frame 5 on
    ScoredStream stream =
        stream(classes, 20, i -> new float[] {0.9f, i < 5 ? 0.7f : 0.85f}, i -> 0);

    ReportData data = report(truth, classes, stream, Map.of());

    assertThat(data.multiLabel()).isTrue();
    assertThat(data.runs().get(0).confusion()).isNull();
    assertThat(data.streams().get(0).truth())
        .containsExactly(new Stretch(0, 0, 2), new Stretch(1, 1, 2));
    assertThat(data.streams().get(0).tracks().get(0).predicted())
        .containsExactlyInAnyOrder(new Stretch(0, 0, 2), new Stretch(1, 0.5, 2));
    assertThat(data.runs().get(0).curves()).hasSize(2);
    assertThat(data.runs().get(0).mistakes())
        .extracting(ReportRun.Mistake::truth, ReportRun.Mistake::predicted)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("not dark", "dark"));
  }

  @Test
  void theBackgroundLiesBetweenTheStretches() {
    Classes classes = Classes.single(List.of("nothing", "door"), Optional.of("nothing"));
    Truth truth = Truth.of(List.of(interval(5, 10, "door")));
    ScoredStream stream =
        stream(
            classes,
            20,
            i -> i >= 6 && i < 12 ? new float[] {0.1f, 0.9f} : new float[] {0.9f, 0.1f},
            i -> i >= 6 && i < 12 ? 1 : 0);

    StreamTimeline timeline = report(truth, classes, stream, Map.of()).streams().get(0);

    assertThat(timeline.truth())
        .containsExactly(new Stretch(0, 0, 0.5), new Stretch(1, 0.5, 1), new Stretch(0, 1, 2));
    assertThat(timeline.tracks().get(0).predicted())
        .containsExactly(new Stretch(0, 0, 0.6), new Stretch(1, 0.6, 1.2), new Stretch(0, 1.2, 2));
  }

  @Test
  void scoresOfALongStreamAreThinnedAndMarksAreKept() {
    Classes classes = Classes.single(List.of("a", "b", "never"), Optional.empty());
    Truth truth = Truth.of(List.of(interval(0, 5_000, "a")));
    ScoredStream stream = stream(classes, 5_000, i -> new float[] {0.6f, 0.39f, 0.01f}, i -> 0);
    Mark rejected = new Mark(3.25, "rejected", "rejected: CORRUPT");

    Track track =
        report(truth, classes, stream, Map.of("cam", List.of(rejected)))
            .streams()
            .get(0)
            .tracks()
            .get(0);

    assertThat(track.frames()).isEqualTo(5_000);
    assertThat(track.every()).isEqualTo(5);
    assertThat(track.seconds()).hasSize(1_000);
    assertThat(track.curves()).extracting(StreamTimeline.Curve::label).containsExactly(0, 1);
    assertThat(track.curves().get(1).permille()).hasSize(1_000).containsOnly(390);
    assertThat(track.marks()).extracting(Mark::kind).containsExactly("reset", "rejected");
  }

  @Test
  void twoRunsStandSideBySideWithoutNumbersThatJsonLacks() {
    Classes classes = Classes.single(List.of("a", "b"), Optional.empty());
    Truth truth = Truth.of(List.of(interval(0, 20, "a")));
    ScoredStream right = stream(classes, 20, i -> new float[] {0.9f, 0.1f}, i -> 0);
    ScoredStream wrong =
        stream(
            classes,
            20,
            i -> i < 10 ? new float[] {0.9f, 0.1f} : new float[] {0.2f, 0.8f},
            i -> i < 10 ? 0 : 1);
    ReportInput a = input("one", truth, classes, right, Map.of());
    ReportInput b = input("other", truth, classes, wrong, Map.of());

    ReportData data =
        new ReportAssembly(truth, List.of(a, b))
            .make(
                "both",
                List.of(),
                Optional.of(PairedBootstrap.compare(a.evaluation(), b.evaluation(), 1)));

    assertThat(data.comparison()).isNotNull();
    assertThat(data.comparison().rows().get(0).difference()).isEqualTo(-0.5);
    assertThat(data.comparison().stretches().rows())
        .containsExactly(List.of("cam", "1.00", "2.00", "a", "a", "b", "10"));
    assertThat(data.streams().get(0).tracks()).hasSize(2);
    assertThat(ReportPage.json(data)).doesNotContain("NaN").doesNotContain("Infinity");
  }

  private static ReportData report(
      Truth truth, Classes classes, ScoredStream stream, Map<String, List<Mark>> marks) {
    return new ReportAssembly(truth, List.of(input("run", truth, classes, stream, marks)))
        .make("title", List.of(), Optional.empty());
  }

  private static ReportInput input(
      String name,
      Truth truth,
      Classes classes,
      ScoredStream stream,
      Map<String, List<Mark>> marks) {
    return new ReportInput(
        name,
        List.of(),
        Evaluation.of(truth, classes, List.of(stream)),
        List.of(stream),
        marks,
        new ReportTable("Account", "", List.of("stream"), List.of(), List.of()),
        List.of(),
        mistake -> Optional.empty());
  }

  private static ScoredStream stream(
      Classes classes, int count, IntFunction<float[]> scores, IntFunction<Integer> top) {
    List<ScoredFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(
          new ScoredFrame(
              i,
              i * FRAME,
              i * FRAME,
              scores.apply(i),
              top.apply(i),
              i == 0 ? Reset.FIRST_FRAME : Reset.NONE));
    }
    return new ScoredStream("cam", 1, classes, frames, new ScoredStream.Counts(count, 0, 0, 0));
  }

  private static Interval interval(long fromFrame, long toFrame, String label) {
    return new Interval("cam", fromFrame * FRAME, toFrame * FRAME, label, fromFrame * FRAME);
  }
}
