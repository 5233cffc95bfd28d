package io.gatestream.evaluate.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.errors.DataException;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.evaluate.score.PredictedEvent;
import io.gatestream.evaluate.score.ScoredFrame;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTunerTest {
  private static final Classes CLASSES =
      Classes.single(List.of("nothing", "cat"), Optional.of("nothing"));
  private static final long SECOND = 1_000_000;

  /** Ten frames a second for 20 s; the cat's score at each. */
  private static ScoredStream stream(String name, float[] cat) {
    List<ScoredFrame> frames = new ArrayList<>();
    for (int i = 0; i < cat.length; i++) {
      long time = i * SECOND / 10;
      frames.add(
          new ScoredFrame(
              i,
              time,
              1_700_000_000_000_000L + time,
              new float[] {1 - cat[i], cat[i]},
              cat[i] > 0.5 ? 1 : 0,
              i == 0 ? Reset.FIRST_FRAME : Reset.NONE));
    }
    return new ScoredStream(name, 1, CLASSES, frames, ScoredStream.Counts.NONE);
  }

  private static Interval cat(String stream, double from, double to) {
    return new Interval(
        stream, (long) (from * SECOND), (long) (to * SECOND), "cat", (long) (from * SECOND));
  }

  private static float[] scores(double... pairs) {
    float[] scores = new float[200];
    for (int i = 0; i < pairs.length; i += 2) {
      for (int frame = (int) (pairs[i] * 10); frame < (int) (pairs[i + 1] * 10); frame++) {
        scores[frame] = 0.9f;
      }
    }
    return scores;
  }

  private static EventRules rules(long enterMillis) {
    return new EventRules(
        List.of(new EventRule(1, "cat", 0, 0.6, enterMillis * 1_000, 0.4, 0, 0, 0)), 0, SECOND);
  }

  @Test
  void eventsOfLabelsHaveTheTimesOfTheirFrames() {
    Map<String, List<PredictedEvent>> made =
        MadeEvents.of(List.of(stream("a", scores(2, 4, 18, 20))), rules(200));
    assertThat(made.get("a"))
        .containsExactly(
            new PredictedEvent(1, 2 * SECOND, 4 * SECOND, 22 * SECOND / 10),
            new PredictedEvent(1, 18 * SECOND, 20 * SECOND, 182 * SECOND / 10));
  }

  /** Two true stretches; one is found late and twice, one is missed, and one event is false. */
  @Test
  void everyFigureIsThatOfTheDefinition() {
    ScoredStream stream = stream("a", scores());
    Truth truth = Truth.of(List.of(cat("a", 2, 6), cat("a", 10, 12)));
    Evaluation evaluation = Evaluation.of(truth, CLASSES, List.of(stream));
    EventMetrics figures =
        evaluation.events(
            Map.of(
                "a",
                List.of(
                    new PredictedEvent(1, 24 * SECOND / 10, 5 * SECOND, 3 * SECOND),
                    new PredictedEvent(1, 55 * SECOND / 10, 6 * SECOND, 57 * SECOND / 10),
                    new PredictedEvent(1, 15 * SECOND, 16 * SECOND, 15 * SECOND))));
    assertThat(figures.events()).isEqualTo(3);
    assertThat(figures.stretches()).isEqualTo(2);
    assertThat(figures.overlap(50).precision()).isEqualTo(1.0 / 3, within(1e-12));
    assertThat(figures.overlap(50).recall()).isEqualTo(0.5);
    assertThat(figures.overlap(50).f1()).isEqualTo(0.4, within(1e-12));
    assertThat(figures.start(0.5).recall()).as("0.4 s off").isEqualTo(0.5);
    assertThat(figures.startDelaySeconds().median()).isEqualTo(1.0);
    assertThat(figures.startDelaySeconds().undetected()).isEqualTo(1);
    assertThat(figures.falseAlarmsPerHour()).as("one in 20 s").isEqualTo(180, within(1e-9));
    assertThat(figures.furtherEventsPerHour()).isEqualTo(180, within(1e-9));
  }

  @Test
  void eventsWhereTheTruthIsNotKnownAreLeftOut() {
    Classes all = Classes.single(List.of("dog", "cat"), Optional.empty());
    List<ScoredFrame> frames = stream("a", scores()).frames();
    Evaluation evaluation =
        Evaluation.of(
            Truth.of(List.of(cat("a", 2, 6))),
            all,
            List.of(new ScoredStream("a", 1, all, frames, ScoredStream.Counts.NONE)));
    EventMetrics figures =
        evaluation.events(
            Map.of("a", List.of(new PredictedEvent(1, 15 * SECOND, 16 * SECOND, 15 * SECOND))));
    assertThat(figures.events()).isZero();
    assertThat(figures.falseAlarmsPerHour()).isZero();
  }

  /** Short peaks of noise and true stretches of seconds: patience tells them apart. */
  @Test
  void theRuleThatIsFoundTellsNoiseFromTruth() {
    Random random = new Random(3);
    List<ScoredStream> streams = new ArrayList<>();
    List<Interval> truth = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      float[] scores = scores(3, 6, 11, 15);
      for (int peak = 0; peak < 6; peak++) {
        scores[160 + 6 * peak + random.nextInt(3)] = 0.95f; // a frame each
      }
      streams.add(stream("s" + i, scores));
      truth.add(cat("s" + i, 3, 6));
      truth.add(cat("s" + i, 11, 15));
    }
    Evaluation evaluation = Evaluation.of(Truth.of(truth), CLASSES, streams);
    EventMetrics eager = evaluation.events(MadeEvents.of(streams, rules(0)));
    assertThat(eager.falseAlarmsPerHour()).isGreaterThan(900);
    TunedEvents tuned =
        new EventTuner(evaluation, streams, EventRules.NONE)
            .tune(new EventTuner.Limits(0.5, OptionalDouble.empty()));
    assertThat(tuned.found().overlap(25).f1()).isEqualTo(1);
    assertThat(tuned.found().falseAlarmsPerHour()).isZero();
    assertThat(tuned.heldOut().overlap(25).f1()).isEqualTo(1);
    assertThat(tuned.rules().rules()).extracting(EventRule::name).containsExactly("cat");
    assertThat(tuned.curve()).isNotEmpty();
    assertThat(tuned.curve())
        .allMatch(point -> point.figures().startDelaySeconds().median() <= point.delayAtMost());
  }

  @Test
  void whatCannotBeFoundIsSaid() {
    List<ScoredStream> streams = List.of(stream("a", scores()));
    Evaluation found = Evaluation.of(Truth.of(List.of(cat("a", 3, 6))), CLASSES, streams);
    assertThatThrownBy(
            () ->
                new EventTuner(found, streams, EventRules.NONE)
                    .tune(new EventTuner.Limits(0.5, OptionalDouble.empty())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0.5 s");
  }
}
