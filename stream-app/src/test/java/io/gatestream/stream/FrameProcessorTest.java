package io.gatestream.stream;

import static io.gatestream.stream.TestTopology.MS;
import static io.gatestream.stream.TestTopology.T0;
import static io.gatestream.stream.TestTopology.frame;
import static io.gatestream.stream.TestTopology.header;
import static io.gatestream.stream.TestTopology.key;
import static io.gatestream.stream.TestTopology.segment;
import static io.gatestream.stream.TestTopology.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.PolicySettings;
import io.gatestream.config.PolicySettings.ModelChange;
import io.gatestream.frame.Micros;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameProcessorTest {
  private static ModelBundle bundle;
  private static ModelRuntime runtime;
  private TestTopology topology;

  private static ModelRuntime open(ModelBundle model) {
    return TestRuntimes.open(model);
  }

  @BeforeAll
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyGru());
    runtime = open(bundle);
  }

  @AfterAll
  static void closeRuntime() {
    runtime.close();
  }

  @BeforeEach
  void start() throws Exception {
    topology = new TestTopology(bundle, runtime);
  }

  @AfterEach
  void close() throws Exception {
    topology.close();
  }

  private FrameLabel labelOf(Frame.Builder frame) throws Exception {
    topology.send(frame);
    return topology.label();
  }

  private static void expect(FrameLabel label, Reset reset, long framesSinceReset) {
    assertThat(label.getReset()).isEqualTo(reset);
    assertThat(label.getFramesSinceReset()).isEqualTo(framesSinceReset);
  }

  @Test
  void aLabelCarriesItsFramesKeyTimesAndModel() throws Exception {
    topology.send(frame(0, 7, 250).setCaptureTime(Micros.instant(T0 + 250_999)));
    TestRecord<byte[], byte[]> record = topology.labelRecords().get(0);
    assertThat(record.key()).isEqualTo(key("s"));
    assertThat(record.timestamp()).isEqualTo(T0 / 1_000 + 250);
    FrameLabel label = new io.gatestream.frame.LabelCodec().decode(record.value());
    assertThat(label.getStreamId()).isEqualTo("s");
    assertThat(Micros.of(label.getSession())).isEqualTo(T0);
    assertThat(label.getSequence()).isEqualTo(7);
    assertThat(Micros.of(label.getCaptureTime())).isEqualTo(T0 + 250_999);
    assertThat(label.getSourceTime()).isEqualTo(250 * MS);
    assertThat(label.getModel().getName()).isEqualTo("tiny-gru");
    assertThat(label.getModel().getFingerprint()).isEqualTo(bundle.bundleFingerprint());
    assertThat(label.getScores()).hasSize(3);
    assertThat(label.getScores().stream().mapToDouble(score -> score.getScore()).sum())
        .isBetween(0.999, 1.001);
    expect(label, Reset.FIRST_FRAME, 1);
  }

  @Test
  void everyLineOfThePolicyShowsInTheLabel() throws Exception {
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    expect(labelOf(frame(0, 1, 100)), Reset.NONE, 2);
    expect(labelOf(frame(0, 2, 2_101)), Reset.GAP, 1);
    expect(labelOf(frame(0, 3, 100)), Reset.GAP, 1);
    expect(labelOf(frame(0, 4, 200)), Reset.NONE, 2);
    expect(labelOf(frame(5, 0, 300)), Reset.RESTART, 1);
    topology.send(frame(4, 9, 400)); // older session
    topology.send(frame(5, 0, 400)); // seen before
    topology.send(frame(5, 1, 350)); // before it is due
    FrameLabel label = labelOf(frame(5, 2, 400));
    expect(label, Reset.NONE, 2);
    assertThat(label.getDuplicates()).isEqualTo(2);
    assertThat(label.getSkipped()).isEqualTo(1);
    assertThat(label.getRejected()).isZero();
    expect(labelOf(frame(5, 3, 60_401)), Reset.FIRST_FRAME, 1);
  }

  @Test
  void anotherModelsStateIsReset() throws Exception {
    topology.send(frame(0, 0, 0));
    List<Float> fresh = scores(topology.label());
    topology.changeState(progress -> withFingerprint(progress, "other"));
    FrameLabel label = labelOf(frame(0, 1, 100).setPayload(frame(0, 0, 0).getPayload()));
    expect(label, Reset.MODEL_CHANGED, 1);
    assertThat(scores(label)).as("from the initial state").isEqualTo(fresh);
  }

  @Test
  void anotherModelsStateStopsTheApplicationWhereSettingsRefuse() throws Exception {
    topology.close();
    topology =
        new TestTopology(
            bundle,
            runtime,
            new PolicySettings(2_000 * MS, 60_000 * MS, ModelChange.REFUSE),
            runtime.step(),
            1_000_000);
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    topology.changeState(progress -> withFingerprint(progress, "other"));
    assertThatThrownBy(() -> topology.send(frame(0, 1, 100)))
        .hasRootCauseInstanceOf(ModelRefusedException.class)
        .rootCause()
        .hasMessageContaining("stream 's' has a state of another model (other)");
    assertThat(topology.labels()).isEmpty();
  }

  @Test
  void aTombstoneOrAControlHeaderAsksForAReset() throws Exception {
    topology.send(new TestRecord<>(key("s"), null, Instant.ofEpochMilli(5)));
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    topology.send(new TestRecord<>(key("s"), null, Instant.ofEpochMilli(5)));
    expect(labelOf(frame(0, 1, 100)), Reset.REQUESTED, 1);
    expect(labelOf(frame(0, 2, 200)), Reset.NONE, 2);
    RecordHeaders control = new RecordHeaders();
    control.add(FrameProcessor.CONTROL_HEADER, key("reset"));
    topology.send(new TestRecord<>(key("s"), new byte[0], control, Instant.ofEpochMilli(5)));
    FrameLabel label = labelOf(frame(0, 3, 210));
    expect(label, Reset.REQUESTED, 1);
    assertThat(label.getSkipped() + label.getRejected() + label.getDuplicates()).isZero();
    assertThat(topology.rejected()).isEmpty();
  }

  @Test
  void aStateThatGoesNonFiniteStartsAnew() throws Exception {
    stepWhere(state -> !Arrays.deepEquals(state, runtime.step().initialState()));
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    FrameLabel label = labelOf(frame(0, 1, 100));
    expect(label, Reset.NON_FINITE_STATE, 1);
    assertThat(label.getScores()).allMatch(score -> Float.isFinite(score.getScore()));
    assertThat(topology.state().tensors()[0]).doesNotContain(Float.NaN);
  }

  @Test
  void aFrameThatIsNonFiniteFromTheInitialStateIsRejected() throws Exception {
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    stepWhere(state -> true);
    topology.send(frame(0, 0, 0));
    assertThat(topology.labels()).isEmpty();
    assertThat(header(topology.rejected().get(0), Rejections.REASON)).isEqualTo("NOT_FINITE");
    assertThat(topology.state().progress()).isEqualTo(StreamProgress.START.withRejected(1));
  }

  @Test
  void whatKafkaStreamsHandlesItselfPassesAsItIs() throws Exception {
    for (RuntimeException thrown :
        List.of(
            new TaskMigratedException("fenced"),
            new TaskCorruptedException(Set.of(new TaskId(0, 0))))) {
      topologyWith(
          result -> {
            throw thrown;
          });
      assertThatThrownBy(() -> topology.send(frame(0, 0, 0))).isSameAs(thrown);
    }
  }

  @Test
  void anyOtherFaultNamesTheRecord() throws Exception {
    topologyWith(
        result -> {
          throw new IllegalStateException("step.onnx failed");
        });
    topology.send(new TestRecord<>(key("s"), new byte[0], Instant.EPOCH));
    assertThatThrownBy(() -> topology.send(frame(0, 0, 0)))
        .hasStackTraceContaining("frames partition 0 offset 1: ")
        .hasStackTraceContaining("step.onnx failed");
    assertThat(topology.state().progress().rejected()).as("nothing put").isEqualTo(1);
    assertThat(topology.labels()).isEmpty();
  }

  /** Opens the topology with a step that gives NaN where {@code broken} says so of its state. */
  private void stepWhere(Predicate<float[][]> broken) throws Exception {
    topologyWith(
        state -> {
          float[][] after = runtime.step().initialState();
          after[0][0] = broken.test(state) ? Float.NaN : after[0][0];
          return after;
        });
  }

  /** Opens the topology with a step whose result has the state that {@code change} gives. */
  private void topologyWith(UnaryOperator<float[][]> change) throws Exception {
    topology.close();
    RecurrentStep step =
        new RecurrentStep() {
          @Override
          public float[][] initialState() {
            return runtime.step().initialState();
          }

          @Override
          public Result step(float[] f, float[][] state, float elapsed, float[] auxiliary) {
            Result real = runtime.step().step(f, state, elapsed, auxiliary);
            float[][] changed = change.apply(state);
            return Float.isNaN(changed[0][0]) ? new Result(real.logits(), changed) : real;
          }

          @Override
          public void close() {}
        };
    topology = new TestTopology(bundle, runtime, PolicySettings.DEFAULT, step, 1_000_000);
  }

  @Test
  void badRecordsAreRejectedWholeAndCounted() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    headers.add("theirs", key("x"));
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bad(String reason, byte @Nullable [] key, byte[] value) {}
    byte[] s = key("s");
    List<Bad> bad =
        List.of(
            new Bad("KEY_MISMATCH", null, value(frame(0, 0, 0).build())),
            new Bad("KEY_MISMATCH", s, value(frame(0, 0, 0).setStreamId("t").build())),
            new Bad("UNPARSABLE", s, new byte[] {1, 2, 3}),
            new Bad(
                "BAD_TIME", s, value(frame(0, 0, 0).setCaptureTime(Micros.instant(-1)).build())),
            new Bad(
                "BAD_TIME",
                s,
                value(
                    frame(0, 0, 0).setCaptureTime(Micros.instant(7_258_118_400_000_000L)).build())),
            new Bad("BAD_TIME", s, value(frame(0, 0, 0).setSession(Micros.instant(-1)).build())),
            new Bad(
                "BAD_TIME",
                s,
                value(frame(0, 0, 0).setSession(Micros.instant(Long.MAX_VALUE)).build())),
            new Bad("CORRUPT", s, value(corruptPng())));
    for (Bad record : bad) {
      topology.send(
          new TestRecord<>(record.key, record.value, headers, Instant.ofEpochMilli(T0 / 1_000)));
      TestRecord<byte[], byte[]> out = topology.rejected().get(0);
      assertThat(header(out, Rejections.REASON)).isEqualTo(record.reason);
      assertThat(header(out, Rejections.MESSAGE)).isNotBlank();
      assertThat(header(out, Rejections.TOPIC)).isEqualTo("frames");
      assertThat(header(out, Rejections.PARTITION)).isEqualTo("0");
      assertThat(header(out, "theirs")).isEqualTo("x");
      assertThat(out.key()).isEqualTo(record.key);
      assertThat(out.value()).isEqualTo(record.value);
      assertThat(out.timestamp()).isEqualTo(T0 / 1_000);
    }
    assertThat(topology.labels()).isEmpty();
    FrameLabel label = labelOf(frame(0, 0, 0));
    expect(label, Reset.FIRST_FRAME, 1);
    assertThat(label.getRejected()).as("all but the one without a key").isEqualTo(bad.size() - 1);
    topology.send(new TestRecord<>(s, new byte[] {9}, Instant.ofEpochMilli(1)));
    assertThat(header(topology.rejected().get(0), Rejections.OFFSET)).isEqualTo("9");
  }

  private static Frame corruptPng() {
    byte[] png = new byte[200];
    ByteBuffer.wrap(png).putLong(0x89504E470D0A1A0AL);
    return frame(0, 0, 0).setEncoding(Encoding.PNG).setPayload(ByteBuffer.wrap(png)).build();
  }

  @Test
  void aValueTooLargeToSendAgainIsReplacedByAReference() throws Exception {
    topology.close();
    topology = new TestTopology(bundle, runtime, PolicySettings.DEFAULT, runtime.step(), 1_000);
    byte[] value = new byte[2_000];
    topology.send(new TestRecord<>(key("s"), value, Instant.ofEpochMilli(5)));
    TestRecord<byte[], byte[]> out = topology.rejected().get(0);
    assertThat(out.value()).isEmpty();
    assertThat(header(out, Rejections.OMITTED_BYTES)).isEqualTo("2000");
    assertThat(header(out, Rejections.OFFSET)).isEqualTo("0");
  }

  @Test
  void aSegmentGivesALabelForEachFrameThatIsDueWithItsOwnTimes() throws Exception {
    topology.send(segment(0, 10, 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6));
    List<TestRecord<byte[], byte[]>> records = topology.labelRecords();
    assertThat(records).extracting(TestRecord::key).containsOnly(key("s"));
    assertThat(records)
        .extracting(TestRecord::timestamp)
        .containsExactly(T0 / 1_000, (T0 + 3 * FakeSegments.APART) / 1_000);
    FrameLabel second = new io.gatestream.frame.LabelCodec().decode(records.get(1).value());
    assertThat(second.getSequence()).isEqualTo(13);
    assertThat(Micros.of(second.getCaptureTime())).isEqualTo(T0 + 3 * FakeSegments.APART);
    assertThat(second.getSourceTime()).isEqualTo(3 * FakeSegments.APART);
    assertThat(second.getSkipped()).isEqualTo(2);
    // half of it again: 13, 14, 15 are duplicates
    topology.send(segment(0, 13, 100, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte) 8));
    FrameLabel third = topology.label();
    assertThat(third.getSequence()).isEqualTo(16);
    assertThat(third.getDuplicates()).isEqualTo(3);
    assertThat(third.getSkipped()).isEqualTo(4);
  }

  @Test
  void aSegmentThatBreaksInTheMiddleIsRejectedWhole() throws Exception {
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1);
    StreamState before = topology.state();
    topology.send(segment(0, 1, 100, (byte) 1, (byte) 2, (byte) 3, (byte) 4, FakeSegments.DAMAGE));
    topology.send(segment(0, 1, 100, (byte) 1, FakeSegments.LEAP, (byte) 3));
    assertThat(topology.rejected())
        .extracting(record -> header(record, Rejections.REASON))
        .containsExactly("CORRUPT", "BAD_TIME");
    assertThat(topology.labels()).isEmpty();
    assertThat(topology.state().progress()).isEqualTo(before.progress().withRejected(8));
    assertThat(topology.state().tensors()[0]).isEqualTo(before.tensors()[0]);
    FrameLabel next = labelOf(segment(0, 1, 100, (byte) 1));
    expect(next, Reset.NONE, 2);
    assertThat(next.getRejected()).isEqualTo(8);
  }

  @Test
  void aModelWithoutAFrameIntervalLabelsEveryFrameEvenOneThatIsALittleEarlier() throws Exception {
    ModelBundle memoryless = BundleReader.load(TestBundles.tinyMemoryless());
    topology.close();
    try (ModelRuntime opened = open(memoryless)) {
      topology = new TestTopology(memoryless, opened);
      expect(labelOf(frame(0, 0, 100)), Reset.FIRST_FRAME, 1);
      expect(labelOf(frame(0, 1, 99)), Reset.NONE, 2);
      expect(labelOf(frame(0, 2, 99)), Reset.NONE, 3);
    }
  }

  @Test
  void elapsedTimeAndSideFeaturesReachTheStep() throws Exception {
    ModelBundle elapsed = BundleReader.load(TestBundles.tinyElapsed());
    topology.close();
    try (ModelRuntime opened = open(elapsed)) {
      topology = new TestTopology(elapsed, opened);
      ByteBuffer same = frame(0, 0, 0).getPayload();
      topology.send(frame(0, 0, 0).setAuxiliary(List.of(0f, 0f)));
      float[] first = topology.state().tensors()[0];
      topology.send(frame(0, 1, 500).setPayload(same).setAuxiliary(List.of(0.5f, -2f)));
      float[] second = topology.state().tensors()[0];
      float[] initial = {1, 2, 3};
      float[] side = {0.5f, -2f, 0};
      for (int i = 0; i < 3; i++) {
        float feature = first[i] - initial[i];
        assertThat(second[i])
            .isCloseTo(
                first[i] / 1.5f + feature + side[i], org.assertj.core.data.Offset.offset(1e-5f));
      }
      assertThat(topology.labels()).hasSize(2);
      topology.send(frame(0, 2, 600).setAuxiliary(List.of(1f)));
      assertThat(header(topology.rejected().get(0), Rejections.REASON)).isEqualTo("BAD_FIELD");
      topology.send(frame(0, 2, 600));
      assertThat(header(topology.rejected().get(0), Rejections.MESSAGE))
          .contains("takes 2 auxiliary values and the frame has 0");
    }
  }

  private static List<Float> scores(FrameLabel label) {
    return label.getScores().stream().map(score -> score.getScore()).toList();
  }

  private static StreamProgress withFingerprint(StreamProgress progress, String fingerprint) {
    return progress.withStep(
        fingerprint,
        progress.session(),
        progress.lastSequence(),
        progress.lastCaptureTime(),
        progress.due(),
        false);
  }
}
