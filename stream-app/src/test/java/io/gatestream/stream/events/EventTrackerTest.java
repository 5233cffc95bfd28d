package io.gatestream.stream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.OpenEvent.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class EventTrackerTest {
  private static final long T0 = 1_700_000_000_000_000L;
  private static final long SESSION = T0 - 5;
  private static final long IDLE = 5_000_000;

  /** Up from 0.6 for 200 ms, down below 0.4 for 300 ms; times in milliseconds. */
  private static EventRule rule(int label, String name, int smoothing, int least, int merge) {
    return new EventRule(
        label,
        name,
        smoothing * 1_000L,
        0.6,
        200_000,
        0.4,
        300_000,
        least * 1_000L,
        merge * 1_000L);
  }

  /** A stream of one frame each 100 ms. */
  private static final class Stream {
    private final EventTracker tracker;
    private StreamEvents now = StreamEvents.NONE;
    private long sequence;
    private long millis;
    private long last;
    private final List<EventChange> all = new ArrayList<>();

    Stream(EventRule... rules) {
      this(0, rules);
    }

    Stream(long update, EventRule... rules) {
      tracker = new EventTracker(new EventRules(List.of(rules), update, IDLE));
    }

    /**
     * What a frame of these scores tells: {@code START cat 100-300}, first and last milliseconds.
     */
    List<String> frame(float... scores) {
      return frame(Reset.NONE, scores);
    }

    List<String> frame(Reset reset, float... scores) {
      long at = T0 + millis * 1_000;
      EventTracker.Result result =
          tracker.advance(
              now,
              new LabelledFrame(
                  "s", SESSION, sequence++, new Moment(at, millis * 1_000), reset, last),
              scores);
      last = at;
      millis += 100;
      return after(result);
    }

    List<String> after(EventTracker.Result result) {
      now = result.after();
      all.addAll(result.changes());
      return result.changes().stream().map(EventTrackerTest::text).toList();
    }

    /** Several frames of one score. */
    List<String> frames(int count, float score) {
      List<String> told = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        told.addAll(frame(score));
      }
      return told;
    }
  }

  private static String text(EventChange change) {
    OpenEvent event = change.event();
    String text =
        "%s %s %d-%d"
            .formatted(
                change.phase(),
                event.label(),
                (event.first().at().captureTime() - T0) / 1_000,
                (event.last().captureTime() - T0) / 1_000);
    return change.phase() == EventPhase.END ? text + " " + change.reason() : text;
  }

  @Example
  void anEventBeginsWithItsFirstFrameAndEndsWithTheLastBeforeTheFall() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    assertThat(stream.frame(Reset.FIRST_FRAME, 0.1f)).isEmpty();
    assertThat(stream.frames(2, 0.7f)).as("up for 100 ms").isEmpty();
    assertThat(stream.frame(0.9f)).containsExactly("START cat 100-300");
    assertThat(stream.frame(0.5f)).as("between exit and enter").isEmpty();
    assertThat(stream.frames(3, 0.2f)).as("down for 200 ms").isEmpty();
    assertThat(stream.frame(0.2f)).containsExactly("END cat 100-400 LABEL_ENDED");
    OpenEvent ended = stream.all.get(1).event();
    assertThat(ended.counted().frames()).isEqualTo(4);
    assertThat(ended.counted().sum() / 4).isCloseTo(0.7, within(1e-6));
    assertThat(ended.peak().score()).isEqualTo(0.9f);
    assertThat(ended.peak().at().sourceTime()).isEqualTo(300_000);
    assertThat(ended.first().sequence()).isEqualTo(1);
    assertThat(stream.now.open()).isEmpty();
  }

  @Example
  void aShortRiseIsNone() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    assertThat(stream.frames(2, 0.9f)).isEmpty();
    assertThat(stream.frames(9, 0.5f)).isEmpty();
    assertThat(stream.frames(2, 0.9f)).isEmpty();
    assertThat(stream.frame(0.9f)).as("it rises anew").containsExactly("START cat 1100-1300");
  }

  @Example
  void aShortFallBelongsToTheEvent() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    stream.frames(3, 0.8f);
    assertThat(stream.frames(2, 0.1f)).isEmpty();
    assertThat(stream.frame(0.5f)).as("not below exit").isEmpty();
    assertThat(stream.frames(4, 0f)).containsExactly("END cat 0-500 LABEL_ENDED");
    OpenEvent ended = stream.all.get(1).event();
    assertThat(ended.counted().frames()).isEqualTo(6);
    assertThat(ended.counted().sum()).isCloseTo(3 * 0.8 + 2 * 0.1 + 0.5, within(1e-5));
  }

  @Example
  void anEventThatIsTooShortIsNeverTold() {
    Stream stream = new Stream(rule(0, "cat", 0, 500, 0));
    assertThat(stream.frames(5, 0.9f)).isEmpty();
    assertThat(stream.frames(9, 0f)).isEmpty();
    assertThat(stream.frames(5, 0.9f)).isEmpty();
    assertThat(stream.frame(0.9f)).containsExactly("START cat 1400-1900");
    assertThat(stream.frames(4, 0f)).containsExactly("END cat 1400-1900 LABEL_ENDED");
  }

  @Example
  void aGapIsMergedIfTheEventBeginsAgainWithinIt() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 1_000));
    stream.frames(3, 0.9f);
    assertThat(stream.frames(9, 0f)).as("a gap of 900 ms").isEmpty();
    assertThat(stream.frames(3, 0.7f)).as("up again: no second START").isEmpty();
    assertThat(stream.frames(10, 0f)).isEmpty();
    assertThat(stream.frame(0f)).containsExactly("END cat 0-1400 LABEL_ENDED");
    stream.frames(3, 0.9f);
    assertThat(stream.frames(9, 0f)).isEmpty();
    assertThat(stream.frame(0.7f)).as("up in time, but not for long enough").isEmpty();
    assertThat(stream.frame(0f)).containsExactly("END cat 2600-2800 LABEL_ENDED");
  }

  @Example
  void afterAGapThatIsTooLongTheEventEndsAndAnotherBegins() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 1_000));
    stream.frames(3, 0.9f);
    stream.frame(0f);
    stream.millis += 2_000;
    assertThat(stream.frame(0.9f)).as("fell, and 2 s later").isEmpty(); // not below exit: goes on
    Stream other = new Stream(rule(0, "cat", 0, 0, 1_000));
    other.frames(3, 0.9f);
    other.frames(4, 0f);
    other.millis += 2_000;
    assertThat(other.frame(0.9f)).containsExactly("END cat 0-200 LABEL_ENDED");
    assertThat(other.frames(2, 0.9f)).containsExactly("START cat 2700-2900");
  }

  @Example
  void updatesComeWhileItLasts() {
    Stream stream = new Stream(300_000, rule(0, "cat", 0, 0, 0));
    assertThat(stream.frames(10, 0.9f))
        .containsExactly("START cat 0-200", "UPDATE cat 0-500", "UPDATE cat 0-800");
  }

  @Example
  void theFilterIsByTimeAndNotByFrames() {
    for (int step : new int[] {10, 50, 100}) {
      Stream stream = new Stream(rule(0, "cat", 500, 0, 0));
      stream.frame(Reset.FIRST_FRAME, 0f);
      for (int millis = step; millis <= 500; millis += step) {
        stream.millis = millis;
        stream.frame(1f);
      }
      assertThat(stream.now.scores()[0])
          .as("after 500 ms in steps of %d", step)
          .isCloseTo((float) (1 - Math.exp(-1)), within(1e-4f));
    }
  }

  @Example
  void everyResetEndsWhatIsOpenAndNamesItself() {
    for (Reset reset : Reset.values()) {
      if (reset == Reset.NONE) {
        continue;
      }
      Stream stream = new Stream(rule(0, "cat", 200, 0, 0), rule(1, "dog", 200, 0, 0));
      for (int i = 0; i < 3; i++) {
        stream.frame(0.9f, 0.9f);
      }
      EndReason reason = reset == Reset.MODEL_CHANGED ? EndReason.MODEL_CHANGED : EndReason.RESET;
      assertThat(stream.frame(reset, 0.9f, 0.1f))
          .containsExactly("END cat 0-200 " + reason, "END dog 0-200 " + reason);
      assertThat(stream.all).last().extracting(EventChange::reset).isEqualTo(reset);
      assertThat(stream.now.scores()).as("the filter begins anew").containsExactly(0.9f, 0.1f);
      stream.frame(0.9f, 0.1f);
      assertThat(stream.frame(0.9f, 0.1f)).containsExactly("START cat 300-500");
    }
  }

  @Example
  void aSilentStreamEndsTheSameByTheClockAndByTheNextFrame() {
    Stream byClock = new Stream(rule(0, "cat", 0, 0, 0));
    Stream byFrame = new Stream(rule(0, "cat", 0, 0, 0));
    byClock.frames(3, 0.9f);
    byFrame.frames(3, 0.9f);
    assertThat(byClock.after(byClock.tracker.silence(byClock.now, "s")))
        .containsExactly("END cat 0-200 IDLE");
    byClock.millis += 5_000;
    byFrame.millis += 5_000;
    assertThat(byClock.frame(Reset.GAP, 0.9f)).isEmpty();
    assertThat(byFrame.frame(Reset.GAP, 0.9f)).containsExactly("END cat 0-200 IDLE");
    assertThat(byFrame.all).usingRecursiveComparison().isEqualTo(byClock.all);
    byClock.frames(2, 0.9f);
    byFrame.frames(2, 0.9f);
    assertThat(byFrame.all).usingRecursiveComparison().isEqualTo(byClock.all);
    String first = EventIds.of("s", byClock.all.get(0).event());
    assertThat(byClock.all.get(2).phase()).isEqualTo(EventPhase.START);
    assertThat(byClock.all.get(2).event().continues()).isEqualTo(first);
    assertThat(byClock.now).usingRecursiveComparison().isEqualTo(byFrame.now);
  }

  @Example
  void onlyAnEventThatBeginsWithTheNextFrameContinues() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    stream.frames(3, 0.9f);
    stream.after(stream.tracker.silence(stream.now, "s"));
    stream.frame(0f);
    stream.frames(3, 0.9f);
    assertThat(stream.all.get(2).event().continues()).isEmpty();
  }

  @Example
  void askingEndsWhatIsOpenAndTheScoresGoOn() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    stream.frames(3, 0.9f);
    assertThat(stream.after(stream.tracker.close(stream.now)))
        .containsExactly("END cat 0-200 REQUESTED");
    assertThat(stream.frames(3, 0.9f)).containsExactly("START cat 300-500");
    assertThat(stream.all.get(2).event().continues()).isEmpty();
  }

  @Example
  void otherClassesEndWhatIsOpenAndOtherThresholdsDoNot() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0));
    stream.frames(3, 0.9f);
    Stream thresholds = new Stream(new EventRule(0, "cat", 0, 0.3, 200_000, 0.2, 300_000, 0, 0));
    thresholds.now = stream.now;
    thresholds.millis = stream.millis;
    thresholds.last = stream.last;
    assertThat(thresholds.frame(0.25f)).isEmpty();
    assertThat(thresholds.now.open()).hasSize(1);
    Stream classes = new Stream(rule(0, "dog", 0, 0, 0));
    classes.now = stream.now;
    classes.millis = stream.millis;
    classes.last = stream.last;
    assertThat(classes.frame(0.9f)).containsExactly("END cat 0-200 RULES_CHANGED");
  }

  @Example
  void anIdIsThatOfStreamSessionFrameAndLabel() {
    Stream stream = new Stream(rule(0, "cat", 0, 0, 0), rule(1, "dog", 0, 0, 0));
    for (int i = 0; i < 3; i++) {
      stream.frame(0.9f, 0.9f);
    }
    String cat = EventIds.of("s", stream.all.get(0).event());
    assertThat(cat).isEqualTo(EventIds.of("s", stream.all.get(0).event()));
    assertThat(cat).isNotEqualTo(EventIds.of("s", stream.all.get(1).event()));
    assertThat(cat).isNotEqualTo(EventIds.of("t", stream.all.get(0).event()));
    assertThat(cat).as("for ever the same").isEqualTo("75a9a3a2-2a16-3122-9ae7-05ddf68fd0d5");
  }

  /** Whatever comes: each START has one END or is open, and nothing is told of others. */
  @Property(tries = 500)
  void everyStartHasExactlyOneEnd(@ForAll long seed) {
    Random random = new Random(seed);
    EventRule[] rules = new EventRule[1 + random.nextInt(3)];
    for (int i = 0; i < rules.length; i++) {
      double enter = 0.3 + random.nextInt(6) / 10.0;
      rules[i] =
          new EventRule(
              i,
              "class-" + i,
              random.nextInt(3) * 150_000L,
              enter,
              random.nextInt(4) * 100_000L,
              Math.max(0.05, enter - random.nextInt(4) / 10.0),
              random.nextInt(4) * 100_000L,
              random.nextInt(3) * 300_000L,
              random.nextInt(3) * 500_000L);
    }
    Stream stream = new Stream(random.nextInt(3) * 400_000L, rules);
    float level = random.nextFloat();
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(12) == 0) {
        level = random.nextFloat();
      }
      if (random.nextInt(40) == 0) {
        stream.millis += random.nextInt(9_000);
      }
      if (random.nextInt(60) == 0) {
        stream.after(stream.tracker.silence(stream.now, "s"));
      }
      if (random.nextInt(60) == 0) {
        stream.after(stream.tracker.close(stream.now));
      }
      Reset reset =
          random.nextInt(30) == 0
              ? List.of(Reset.values()).get(random.nextInt(Reset.values().length))
              : Reset.NONE;
      float[] scores = new float[rules.length];
      for (int j = 0; j < scores.length; j++) {
        scores[j] = Math.max(0, Math.min(1, level + (float) random.nextGaussian() / 8));
      }
      stream.frame(reset, scores);
    }
    Map<String, EventChange> open = new HashMap<>();
    for (EventChange change : stream.all) {
      String id = EventIds.of("s", change.event());
      switch (change.phase()) {
        case START -> {
          assertThat(open.put(id, change)).as("seed %d: twice %s", seed, id).isNull();
          assertThat(open.values().stream().filter(other -> isOf(other, change)).count())
              .as("seed %d: one of a class at a time", seed)
              .isEqualTo(1);
        }
        case UPDATE -> assertThat(open).as("seed %d", seed).containsKey(id);
        case END -> {
          EventChange start = open.remove(id);
          assertThat(start).as("seed %d: END without START", seed).isNotNull();
          EventRule rule = rules[Integer.parseInt(change.event().label().substring(6))];
          assertThat(change.event().last().captureTime() - start.event().first().at().captureTime())
              .as("seed %d: lasts", seed)
              .isGreaterThanOrEqualTo(Math.max(rule.least(), rule.enterTime()));
          assertThat(change.event().peak().score())
              .as("seed %d", seed)
              .isGreaterThanOrEqualTo(start.event().peak().score());
        }
      }
    }
    assertThat(stream.now.open().stream().filter(OpenEvent::announced).count())
        .as("seed %d: what is open is owed", seed)
        .isEqualTo(open.size());
  }

  private static boolean isOf(EventChange one, EventChange other) {
    return one.event().label().equals(other.event().label());
  }
}
