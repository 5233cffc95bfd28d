package io.gatestream.stream.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SessionPolicyTest {
  private static final long MS = 1_000;
  private static final long SECOND = 1_000 * MS;
  private static final long T0 = 1_790_000_000 * SECOND;
  private static final long YEAR_2099 = 4_080_000_000L * SECOND;
  private static final long RETURN = PolicySettings.DEFAULT.returnMicros();

  private record Sent(long arrival, long session, long sequence, long capture) {}

  /** One stream of a model that labels every frame. */
  private static final class Stream {
    private final StreamPolicy policy = new StreamPolicy(PolicySettings.DEFAULT, 0, "m");
    private StreamProgress progress = StreamProgress.START;
    private final List<Reset> labels = new ArrayList<>();
    private long frames;

    /** Whether the frame is labelled. */
    boolean send(long session, long sequence, long capture) {
      frames++;
      Admission admission = policy.admit(progress, session, sequence, 1, capture);
      progress = admission.progress();
      if (admission instanceof Admission.Dropped) {
        return false;
      }
      Decision decision = policy.decide(progress, session, sequence, capture);
      progress = decision.after();
      if (decision instanceof Decision.Step step) {
        labels.add(step.reset());
        return true;
      }
      return false;
    }

    /** How many of a row of frames, 100 ms apart, are labelled. */
    int run(long session, long first, long start, int count) {
      int labelled = 0;
      for (int i = 0; i < count; i++) {
        labelled += send(session, first + i, start + i * 100L * MS) ? 1 : 0;
      }
      return labelled;
    }

    long restarts() {
      return labels.stream().filter(Reset.RESTART::equals).count();
    }

    void requestReset() {
      progress = progress.withPendingReset(Reset.REQUESTED);
    }
  }

  /** One start with a clock in the future, then a right one: the experiment of the report. */
  @Example
  void aStreamRecoversFromASessionInTheFuture() {
    Stream stream = new Stream();
    stream.run(YEAR_2099, 0, YEAR_2099, 5);
    assertThat(stream.run(T0, 0, T0, 60)).isEqualTo(60 - 25);
    assertThat(stream.labels.get(5)).isEqualTo(Reset.RESTART);
    assertThat(stream.labels.subList(6, 40)).containsOnly(Reset.NONE);
  }

  /** Whatever wild starts there were, the producer that lives is followed within the bound. */
  @Property(tries = 200)
  void theProducerThatLivesIsFollowedWithinTheBound(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20_000) int millisBetween) {
    Random random = new Random(seed);
    Stream stream = new Stream();
    stream.run(T0 - 100 * SECOND, 0, T0 - 100 * SECOND, random.nextInt(50));
    for (int wild = random.nextInt(7); wild > 0; wild--) {
      long session = T0 + (long) (random.nextDouble() * (YEAR_2099 - T0));
      long capture = random.nextBoolean() ? session : T0;
      stream.run(session, random.nextInt(1_000), capture, 1 + random.nextInt(20));
    }
    int bound =
        Math.max(SessionPolicy.RECORDS, (int) (RETURN / (millisBetween * MS)) + 2)
            + 5; // frames that another contender may still hold its place for
    for (int i = 0; i < bound; i++) {
      stream.send(T0, i, T0 + (long) i * millisBetween * MS);
    }
    for (int i = bound; i < bound + 20; i++) {
      assertThat(stream.send(T0, i, T0 + (long) i * millisBetween * MS)).as("frame %d", i).isTrue();
    }
  }

  /** Two producers of one stream that both live, each with its rate and jitter. */
  @Property(tries = 200)
  void twoLiveProducersOfAnyRatesDoNotFlap(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 20_000) int millis,
      @ForAll @DoubleRange(min = 0.01, max = 1) double ratio) {
    Random random = new Random(seed);
    long more = random.nextInt(20_000) * MS;
    List<Sent> sent = new ArrayList<>();
    boolean newerIsFaster = random.nextBoolean();
    sent.addAll(producer(random, T0, 0, millis, newerIsFaster ? 1 : ratio));
    sent.addAll(producer(random, T0 + more, 0, millis, newerIsFaster ? ratio : 1));
    long both = Math.min(last(sent, T0), last(sent, T0 + more));
    sent.removeIf(frame -> more > 0 && frame.arrival > both); // as long as both live
    sent.sort(Comparator.comparingLong(Sent::arrival));
    Stream stream = new Stream();
    sent.forEach(frame -> stream.send(frame.session, frame.sequence, frame.capture));
    assertThat(stream.restarts())
        .as("%d ms, %f, seed %d: the newer one, and once back", millis, ratio, seed)
        .isLessThanOrEqualTo(2);
    assertThat(stream.labels).hasSizeGreaterThan(10);
  }

  /** The same where both have one session, as those that never set it: numbers tell them apart. */
  @Property(tries = 200)
  void twoLiveProducersOfOneSessionDoNotFlap(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 20_000) int millis,
      @ForAll @DoubleRange(min = 0.01, max = 1) double ratio) {
    Random random = new Random(seed);
    boolean higherIsFaster = random.nextBoolean();
    List<Sent> sent = new ArrayList<>();
    sent.addAll(producer(random, T0, 0, millis, higherIsFaster ? 1 : ratio));
    sent.addAll(producer(random, T0, 1L << 40, millis, higherIsFaster ? ratio : 1));
    sent.sort(Comparator.comparingLong(Sent::arrival));
    Stream stream = new Stream();
    sent.forEach(frame -> stream.send(T0, frame.sequence, frame.capture));
    assertThat(stream.restarts()).as("seed %d", seed).isLessThanOrEqualTo(1);
  }

  private static List<Sent> producer(
      Random random, long session, long first, int millis, double ratio) {
    List<Sent> sent = new ArrayList<>();
    double apart = millis * MS * ratio;
    for (int i = 0; i * ratio < 40; i++) {
      long capture = session + (long) (i * apart);
      long late = (long) (random.nextDouble() * 0.4 * apart);
      sent.add(new Sent(capture + late, session, first + i, capture));
    }
    return sent;
  }

  private static long last(List<Sent> sent, long session) {
    return sent.stream()
        .filter(frame -> frame.session == session)
        .mapToLong(Sent::arrival)
        .max()
        .orElseThrow();
  }

  /** Producers that hold frames back and send them in one go, in turns: it ends, whatever. */
  @Property(tries = 200)
  void producersThatSendInBatchesFlapAFewTimesAtMost(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 550) int mostInABatch) {
    Random random = new Random(seed);
    Stream stream = new Stream();
    long[] next = {0, 0};
    for (int turn = 0; turn < 300; turn++) {
      int producer = turn % 2;
      int batch = 1 + random.nextInt(mostInABatch);
      long session = T0 + producer * SECOND;
      stream.run(session, next[producer], session + next[producer] * 100 * MS, batch);
      next[producer] += batch;
    }
    // 2.5, 5, 10, 20, 40 s of an expiry of 60 s
    assertThat(stream.restarts()).as("seed %d", seed).isLessThanOrEqualTo(6);
  }

  /** A batch that a producer or a mirror sends again is one of duplicates, however long. */
  @Property(tries = 200)
  void repeatedFramesAreNeverFollowed(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int frames) {
    Random random = new Random(seed);
    Stream stream = new Stream();
    List<Sent> past = new ArrayList<>();
    long session = T0;
    long capture = T0;
    long sequence = 0;
    for (int i = 0; i < frames; i++) {
      int kind = random.nextInt(40);
      if (kind == 0 && session < T0 + (Sessions.MOST_LEFT - 1) * SECOND) {
        session += SECOND; // no more than are remembered
        sequence = 0;
      }
      capture += kind == 1 ? 5 * SECOND : 100 * MS;
      assertThat(stream.send(session, sequence, capture)).isTrue();
      past.add(new Sent(0, session, sequence, capture));
      sequence += kind == 2 ? 3 : 1;
    }
    int from = random.nextInt(past.size());
    int labels = stream.labels.size();
    for (Sent again : past.subList(from, past.size())) {
      stream.send(again.session, again.sequence, again.capture);
    }
    assertThat(stream.labels).as("seed %d", seed).hasSize(labels);
    assertThat(stream.progress.sessions().contender()).isNull();
    assertThat(stream.send(session, sequence, capture + 100 * MS)).isTrue();
  }

  @Example
  void aWildSequenceSilencesItsSessionForTheBoundOnly() {
    for (long capture : new long[] {T0 + SECOND, YEAR_2099, T0 - SECOND}) {
      Stream stream = new Stream();
      stream.run(T0, 0, T0, 10);
      stream.send(T0, Long.MAX_VALUE - 1, capture);
      int before = stream.labels.size();
      assertThat(stream.run(T0, 10, T0 + SECOND + 100 * MS, 60)).as("%d", capture).isEqualTo(35);
      assertThat(stream.labels.get(before)).isEqualTo(Reset.RESTART);
      assertThat(stream.restarts()).isEqualTo(1);
      assertThat(stream.send(T0, Long.MAX_VALUE - 1, capture)).as("once more").isFalse();
      assertThat(stream.run(T0, 70, T0 + 7 * SECOND + 100 * MS, 10)).isEqualTo(10);
    }
  }

  /** A producer that numbers from 0 at each start and never sets its session. */
  @Example
  void numbersThatBeginAgainWithoutANewSessionAreFollowed() {
    Stream stream = new Stream();
    stream.run(0, 0, T0, 600);
    assertThat(stream.run(0, 0, T0 + 70 * SECOND, 60)).isEqualTo(35);
    assertThat(stream.restarts()).isEqualTo(1);
  }

  @Example
  void aLoneWildFrameDoesNotKeepTheProducerThatLivesOut() {
    Stream stream = new Stream();
    stream.run(YEAR_2099, 0, YEAR_2099, 5);
    stream.send(YEAR_2099 - SECOND, 0, YEAR_2099 - SECOND);
    assertThat(stream.run(T0, 0, T0, 60)).isEqualTo(60 - 25 - 4);
  }

  @Example
  void ofTwoOlderProducersThatLiveOneIsFollowed() {
    Stream stream = new Stream();
    stream.run(YEAR_2099, 0, YEAR_2099, 5);
    int labelled = 0;
    for (int i = 0; i < 100; i++) {
      labelled += stream.send(T0, i, T0 + i * 100L * MS) ? 1 : 0;
      labelled += stream.send(T0 + SECOND, i, T0 + SECOND + i * 100L * MS) ? 1 : 0;
    }
    assertThat(labelled).isBetween(60, 100);
  }

  @Example
  void whatWasLeftIsFollowedAgainOnceTheOtherIsSilent() {
    Stream stream = new Stream();
    stream.run(T0 + 1, 0, T0, 10);
    stream.run(T0, 0, T0, 60); // followed after 2.5 s
    assertThat(stream.run(T0 + 1, 10, T0 + 10 * SECOND, 100)).isEqualTo(50); // after 5 s
    assertThat(stream.run(T0, 60, T0 + 20 * SECOND, 200)).isEqualTo(100); // after 10 s
    assertThat(stream.restarts()).isEqualTo(3);
  }

  @Example
  void aResetThatIsAskedForLetsAnySessionIn() {
    Stream stream = new Stream();
    stream.run(YEAR_2099, 7, YEAR_2099, 5);
    stream.requestReset();
    assertThat(stream.run(T0, 3, T0, 10)).isEqualTo(10);
    assertThat(stream.labels.get(5)).isEqualTo(Reset.REQUESTED);
    assertThat(stream.progress.sessions()).isEqualTo(Sessions.startingAt(3));
  }

  /** frames in = labels + duplicates + skipped, whatever comes; and little is remembered. */
  @Property(tries = 200)
  void everyFrameIsAccountedFor(@ForAll long seed) {
    Random random = new Random(seed);
    Stream stream = new Stream();
    for (int i = 0; i < 2_000; i++) {
      if (random.nextInt(200) == 0) {
        stream.requestReset();
      }
      stream.send(
          T0 + random.nextInt(1 + random.nextInt(12)),
          random.nextInt(10) == 0 ? random.nextLong() >>> 1 : i + random.nextInt(9),
          T0 + i * 100L * MS + (random.nextInt(20) == 0 ? random.nextInt() : 0) * MS);
    }
    StreamProgress progress = stream.progress;
    assertThat(stream.labels.size() + progress.duplicates() + progress.skipped())
        .isEqualTo(stream.frames);
    assertThat(progress.sessions().left()).hasSizeLessThanOrEqualTo(Sessions.MOST_LEFT);
  }
}
