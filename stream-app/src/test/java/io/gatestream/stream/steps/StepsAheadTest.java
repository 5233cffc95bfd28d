package io.gatestream.stream.steps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.EncodedRecord;
import io.gatestream.lookahead.FeatureSource;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.lookahead.NotAheadException;
import io.gatestream.lookahead.PictureFilter;
import io.gatestream.lookahead.StepNotes;
import io.gatestream.lookahead.UpcomingRecord;
import io.gatestream.metrics.Metric;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Waves of a window that is known to the record. That labels do not depend on them is shown by
 * FrameLabelsOnEveryPathTest; here is shown that there are waves, and what they hold.
 */
class StepsAheadTest {
  private static final long T0 = 1_700_000_000_000_000L;

  /** Large enough for the bound on what is noted to matter. */
  private static final int FLOATS = 1 << 16;

  private static final TopicPartition PARTITION = new TopicPartition("frames", 0);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final CountingStep step = new CountingStep();
  private final RecordRules rules =
      new RecordRules(new StreamPolicy(PolicySettings.DEFAULT, 0, "model"), step.initialState(), 0);
  private final Polled polled = new Polled();
  private final Map<Bytes, StreamState> states = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final StepsAhead steps =
      new StepsAhead(polled, step, rules, step.maxBatch(), new StepMeters(metrics));

  StepsAheadTest() {
    steps.join(0, key -> states.getOrDefault(key, StreamState.START));
  }

  /** Adds the feature to the state, and remembers the sizes of its calls. */
  private static final class CountingStep implements RecurrentStep {
    private final List<Integer> batches = new ArrayList<>();

    @Override
    public float[][] initialState() {
      return new float[][] {new float[FLOATS]};
    }

    @Override
    public int maxBatch() {
      return 4;
    }

    @Override
    public List<Result> step(List<StepCall> calls) {
      batches.add(calls.size());
      return calls.stream().map(CountingStep::result).toList();
    }

    @Override
    public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
      return step(List.of(new StepCall(features, state, elapsed, auxiliary))).get(0);
    }

    private static Result result(StepCall call) {
      float next = call.state()[0][0] + call.features()[0];
      float[] state = new float[FLOATS];
      state[0] = next;
      return new Result(new float[] {next}, new float[][] {state});
    }

    @Override
    public void close() {}
  }

  /** A polled record whose feature is its offset. */
  private static final class Given implements UpcomingRecord {
    private final Frame frame;
    private final long offset;
    private final StepNotes notes = new StepNotes();
    private final float[] feature;
    private boolean ready = true;
    private boolean passed;
    private boolean soon = true;
    private boolean picture = true;
    private boolean expected = true;

    Given(String stream, long offset, long sequence) {
      this.offset = offset;
      this.feature = new float[] {offset};
      this.frame =
          Frame.newBuilder()
              .setStreamId(stream)
              .setSession(Micros.instant(T0))
              .setSequence(sequence)
              .setCaptureTime(Micros.instant(T0 + sequence * 100_000))
              .setSourceTime(0)
              .setEncoding(Encoding.JPEG)
              .setPayload(ByteBuffer.wrap(new byte[1]))
              .build();
    }

    @Override
    public TopicPartition partition() {
      return PARTITION;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public Bytes key() {
      return Bytes.wrap(frame.getStreamId().getBytes(UTF_8));
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public boolean isPicture() {
      return picture;
    }

    @Override
    public void await(long nanos) {
      throw new AssertionError("the window's");
    }

    @Override
    public StepNotes notes() {
      return notes;
    }

    @Override
    public StepNotes.@Nullable Note takeStep(int picture) {
      return notes.take(picture);
    }

    @Override
    public Frame frame() {
      return frame;
    }

    @Override
    public EncodedRecord pictures(PictureFilter wanted) {
      if (!expected) {
        throw notAhead();
      }
      return new EncodedRecord(
          new long[] {Micros.of(frame.getCaptureTime())}, new long[1], new float[][] {feature});
    }

    private static NotAheadException notAhead() {
      return new NotAheadException("not expected");
    }
  }

  /** What is polled and not passed. */
  private static final class Polled implements FeatureSource {
    private final List<Given> records = new ArrayList<>();
    private final List<Given> finished = new ArrayList<>();
    private int shown;

    @Override
    public Iterator<UpcomingRecord> upcoming(int most) {
      return records.stream()
          .filter(record -> !record.passed)
          .limit(Math.max(most, shown))
          .map(record -> (UpcomingRecord) record)
          .iterator();
    }

    @Override
    public boolean awaitReady(UpcomingRecord record, long nanos) {
      assertThat(nanos).isPositive();
      finished.add((Given) record);
      ((Given) record).ready = ((Given) record).soon;
      return record.isReady();
    }

    @Override
    public FrameRecord record(TopicPartition partition, long offset, byte[] value) {
      throw new AssertionError("the processor's own");
    }

    @Override
    public void passed(TopicPartition partition, long offset) {}

    @Override
    public void purge(TopicPartition partition) {}
  }

  /** Polls a frame of each of the streams; offsets and sequences go on. */
  private void poll(String... streams) {
    for (String stream : streams) {
      long offset = polled.records.size();
      long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
      polled.records.add(new Given(stream, offset, sequence));
    }
  }

  /** Processes a record as the processor does, and returns the stream's state after it. */
  private float process(int offset) throws Exception {
    Given record = polled.records.get(offset);
    StreamState before =
        rules.at(states.getOrDefault(record.key(), StreamState.START), record.offset());
    RecordCourse course =
        new RecordCourse(rules, record.key().get(), record.frame, record, before, false);
    for (StepCall call = course.next(); call != null; call = course.next()) {
      course.stepped(steps.step(0, record.key(), call, record.takeStep(course.picture())));
    }
    states.put(record.key(), course.state());
    record.passed = true;
    return course.state().tensors()[0][0];
  }

  private double count(String how) {
    return Metric.STEPS_TAKEN.counter(metrics, how).count();
  }

  @Test
  void theNextFramesOfAllStreamsAreOneCallAndTheNextWaveGoesOnFromThere() throws Exception {
    poll("a", "b", "c", "a", "b", "c");
    assertThat(process(0)).isZero();
    assertThat(process(1)).isEqualTo(1);
    assertThat(process(2)).isEqualTo(2);
    assertThat(step.batches).containsExactly(3);
    assertThat(process(3)).isEqualTo(3);
    assertThat(process(4)).isEqualTo(1 + 4);
    assertThat(process(5)).isEqualTo(2 + 5);
    assertThat(step.batches).containsExactly(3, 3);
    assertThat(count("ahead")).isEqualTo(4);
    assertThat(count("wave")).isEqualTo(2);
  }

  @Test
  void aStreamMayBeStepsAheadOfItsProcessor() throws Exception {
    poll("a", "a", "a", "b", "b", "b");
    process(0);
    process(1);
    process(2);
    assertThat(step.batches).containsExactly(2, 2, 2);
    assertThat(process(3)).isEqualTo(3);
    assertThat(process(4)).isEqualTo(3 + 4);
    assertThat(process(5)).isEqualTo(3 + 4 + 5);
    assertThat(step.batches).hasSize(3);
    assertThat(count("ahead")).isEqualTo(3);
  }

  @Test
  void aWaveIsNoLargerThanTheModelTakes() throws Exception {
    poll("a", "b", "c", "d", "e", "f");
    for (int i = 0; i < 6; i++) {
      assertThat(process(i)).isEqualTo(i);
    }
    assertThat(step.batches).containsExactly(4, 2);
  }

  @Test
  void whatIsNotReadyIsWaitedForOnlyWhereTheWaveHasRoom() throws Exception {
    poll("a", "b", "c", "d", "e");
    polled.records.get(1).ready = false;
    process(0);
    assertThat(step.batches).containsExactly(4);
    assertThat(polled.finished).isEmpty();
    for (int i = 1; i < 5; i++) {
      process(i);
    }
    poll("a", "b");
    polled.records.get(6).ready = false;
    process(5);
    assertThat(polled.finished).containsExactly(polled.records.get(6));
  }

  @Test
  void noFrameWaitsForALongSegmentNorForWhatIsNotReadySoon() throws Exception {
    poll("a", "b", "c", "a", "b", "c");
    polled.records.get(1).ready = false;
    polled.records.get(1).picture = false;
    polled.records.get(2).ready = false;
    polled.records.get(2).soon = false;
    process(0);
    assertThat(step.batches).containsExactly(1);
    assertThat(polled.finished).containsExactly(polled.records.get(2));
  }

  @Test
  void whatTheProcessorDropsIsForgottenWithItsRecord() throws Exception {
    poll("a", "b", "a", "b", "a", "b");
    process(0);
    assertThat(polled.records.get(1).notes.count()).isEqualTo(1);
    polled.records.get(1).passed = true; // skipped for overload, say
    process(2);
    process(3);
    assertThat(count("other_state")).as("b was stepped from a state that never came").isZero();
    process(4);
    assertThat(process(5)).isEqualTo(3 + 5);
    assertThat(step.batches).containsExactly(2, 2, 2);
  }

  @Test
  void aStreamThatWasGuessedWrongIsSteppedByTheProcessor() throws Exception {
    poll("a", "b", "a", "b");
    polled.records.get(3).expected = false;
    process(0);
    process(1);
    process(2);
    polled.records.get(3).expected = true;
    assertThat(process(3)).isEqualTo(1 + 3);
    assertThat(step.batches).containsExactly(2, 1, 1);
    assertThat(count("alone")).isEqualTo(2);
  }

  /** A reset, a record that was not polled, another life of the task: the arrays are others. */
  @Test
  void aResultOfAnotherStateIsNotTaken() throws Exception {
    poll("a", "b", "a", "b", "a", "b");
    process(0);
    process(1);
    process(2); // and the step of 3 ahead
    Given next = polled.records.get(3);
    StreamState real = Objects.requireNonNull(states.get(next.key()));
    float[] other = new float[FLOATS];
    other[0] = 70;
    states.put(next.key(), new StreamState(real.progress(), new float[][] {other}, 0));
    assertThat(process(3)).isEqualTo(70 + 3);
    assertThat(count("other_state")).isEqualTo(1);
    process(4);
    assertThat(process(5)).as("it goes on from there").isEqualTo(73 + 5);
    assertThat(count("ahead")).isEqualTo(2);
  }

  /** Else the frames of long segments would be stepped ahead of all others, each with a state. */
  @Test
  void onlySoManyStepsAreMadeAheadAsMemoryIsPlannedFor() throws Exception {
    assertThat(StepsAhead.mostNoted(8, new float[][] {new float[512]})).isEqualTo(1_365);
    assertThat(StepsAhead.mostNoted(8, new float[][] {new float[1 << 20]})).isEqualTo(16);
    for (int i = 0; i < 80; i++) {
      poll(i < 40 ? "a" : "b");
    }
    polled.shown = 80;
    for (int i = 0; i < 40; i++) {
      process(i);
    }
    long noted = polled.records.stream().filter(r -> r.notes.count() > 0).count();
    assertThat(noted).isEqualTo(StepsAhead.mostNoted(4, step.initialState())).isLessThan(40);
    assertThat(process(40)).isEqualTo(40);
    assertThat(count("ahead")).isEqualTo(1);
  }

  @Test
  void aTaskThatLeavesJoinsNoWave() throws Exception {
    poll("a", "b", "a", "b");
    process(0);
    steps.leave(0);
    process(2);
    assertThat(step.batches).containsExactly(2, 1);
  }
}
