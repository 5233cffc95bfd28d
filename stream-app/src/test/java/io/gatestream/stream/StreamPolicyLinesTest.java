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
import io.gatestream.config.PolicyVariants;
import io.gatestream.frame.Micros;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.watch.StreamMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One test for each line of the stream policy (docs/policy.md): what the label shows, and what the
 * metrics count. The model takes a frame every 100 ms.
 */
class StreamPolicyLinesTest {
  private static final String FRAMES = "gatestream.frames";
  private static final String RESETS = "gatestream.resets";
  private static final String DROPPED = "gatestream.frames.dropped";
  private static final String REQUESTS = "gatestream.reset.requests";
  private static final String REJECTED = "gatestream.records.rejected";

  private static ModelBundle bundle;
  private static ModelRuntime runtime;
  private TestTopology topology;

  @BeforeAll
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyGru());
    runtime = TestRuntimes.open(bundle);
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

  private void use(PolicySettings policy) throws Exception {
    use(policy, runtime.step());
  }

  private void use(PolicySettings policy, RecurrentStep step) throws Exception {
    topology.close();
    topology = new TestTopology(bundle, runtime, policy, step, 1_000_000);
  }

  private static PolicySettings limits(long gapMillis, long expiryMillis, ModelChange change) {
    return new PolicySettings(gapMillis * MS, expiryMillis * MS, change);
  }

  private FrameLabel labelOf(Frame.Builder frame) throws Exception {
    topology.send(frame);
    return topology.label();
  }

  private static void expect(
      FrameLabel label,
      Reset reset,
      long framesSinceReset,
      long duplicates,
      long skipped,
      long rejected) {
    assertThat(label.getReset()).isEqualTo(reset);
    assertThat(label.getFramesSinceReset()).isEqualTo(framesSinceReset);
    assertThat(label.getDuplicates()).as("duplicates").isEqualTo(duplicates);
    assertThat(label.getSkipped()).as("skipped").isEqualTo(skipped);
    assertThat(label.getRejected()).as("rejected").isEqualTo(rejected);
  }

  private void expectCount(String name, String tag, int expected) {
    assertThat(topology.count(name, tag)).as("%s %s", name, tag).isEqualTo(expected);
  }

  @Test
  void theFirstFrameOfAStream() throws Exception {
    expect(labelOf(frame(0, 7, 0)), Reset.FIRST_FRAME, 1, 0, 0, 0);
    expectCount(RESETS, "FIRST_FRAME", 1);
    expectCount(FRAMES, "labelled", 1);
  }

  @Test
  void aDuplicateSequence() throws Exception {
    topology.send(frame(0, 1, 0));
    topology.send(frame(0, 1, 100));
    topology.send(frame(0, 0, 100));
    assertThat(topology.labels()).hasSize(1);
    expect(labelOf(frame(0, 2, 100)), Reset.NONE, 2, 2, 0, 0);
    expectCount(FRAMES, "duplicate", 2);
    expectCount(DROPPED, "SEQUENCE", 2);
    expectCount(DROPPED, "OLDER_SESSION", 0);
  }

  @Test
  void aFrameWhileItsPartitionLagsTooMuch() throws Exception {
    expect(labelOf(frame(0, 0, 0)), Reset.FIRST_FRAME, 1, 0, 0, 0);
    topology.overloaded(true);
    topology.send(frame(0, 1, 100));
    topology.send(frame(0, 1, 100)); // a duplicate of nothing that the state knows of
    topology.send(frame(0, 0, 100));
    topology.send(frame(0, 2, 200).setPayload(ByteBuffer.wrap(new byte[] {1}))); // not looked at
    topology.send(segment(0, 3, 300, (byte) 1, (byte) 2, (byte) 3));
    assertThat(topology.labels()).isEmpty();
    assertThat(topology.rejected()).isEmpty();
    topology.overloaded(false);
    expect(labelOf(frame(0, 9, 900)), Reset.NONE, 2, 1, 6, 0);
    expectCount(FRAMES, "skipped", 6);
    expectCount("gatestream.frames.overrun", "latest", 6);
    expectCount(FRAMES, "duplicate", 1);
  }

  @Test
  void aHoleMadeByOverloadIsAGapAndARestartStillShows() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.overloaded(true);
    for (int i = 1; i <= 25; i++) {
      topology.send(frame(0, i, 100L * i));
    }
    topology.overloaded(false);
    topology.labels();
    expect(labelOf(frame(0, 26, 2_600)), Reset.GAP, 1, 0, 25, 0);
    topology.overloaded(true);
    topology.send(frame(5, 0, 2_700));
    topology.overloaded(false);
    expect(labelOf(frame(5, 1, 2_800)), Reset.RESTART, 1, 0, 26, 0);
  }

  @Test
  void aResetThatIsAskedForDuringOverloadIsNotLost() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.overloaded(true);
    topology.send(new TestRecord<>(key("s"), null, Instant.ofEpochMilli(5)));
    topology.send(frame(0, 1, 100));
    topology.overloaded(false);
    expect(labelOf(frame(0, 2, 200)), Reset.REQUESTED, 1, 0, 1, 0);
  }

  @Test
  void whatProducersDoWrongIsSaid() throws Exception {
    topology.send(new TestRecord<>(key("s"), new byte[] {0, 0, 0, 0, 1, 2}, Instant.EPOCH));
    topology.send(frame(1_000_000, 0, 1_000_000_000));
    for (int i = 0; i < 20; i++) {
      topology.send(frame(5, i, 100L * i));
    }
    assertThat(topology.warnings()).hasSize(2);
    assertThat(topology.warnings().get(0)).contains("UNPARSABLE", "schema registry");
    assertThat(topology.warnings().get(1)).contains("stream 's'", "older session");
  }

  @Test
  void aLateFrameOfAnOlderSession() throws Exception {
    topology.send(frame(5, 0, 0));
    topology.send(frame(4, 99, 100));
    assertThat(topology.labels()).hasSize(1);
    expect(labelOf(frame(5, 1, 100)), Reset.NONE, 2, 1, 0, 0);
    expectCount(FRAMES, "duplicate", 1);
    expectCount(DROPPED, "OLDER_SESSION", 1);
    expectCount(DROPPED, "SEQUENCE", 0);
  }

  @Test
  void anOlderSessionThatGoesOnAlone() throws Exception {
    topology.send(frame(1_000_000, 0, 1_000_000_000)); // a clock that is years ahead
    topology.labels();
    for (int i = 0; i < 25; i++) {
      topology.send(frame(5, i, 100L * i));
    }
    assertThat(topology.labels()).isEmpty();
    expect(labelOf(frame(5, 25, 2_500)), Reset.RESTART, 1, 25, 0, 0);
    expect(labelOf(frame(5, 26, 2_600)), Reset.NONE, 2, 25, 0, 0);
    topology.send(frame(1_000_000, 1, 1_000_000_100)); // what was left is behind now
    expect(labelOf(frame(5, 27, 2_700)), Reset.NONE, 3, 26, 0, 0);
    expectCount(DROPPED, "OLDER_SESSION", 25);
    expectCount(DROPPED, "LEFT_SESSION", 1);
    expectCount(RESETS, "RESTART", 1);
  }

  @Test
  void aSequenceThatBeginsAgainInItsSession() throws Exception {
    topology.send(frame(0, Long.MAX_VALUE - 1, 0));
    topology.labels();
    for (int i = 0; i < 25; i++) {
      topology.send(frame(0, i, 100L * (i + 1)));
    }
    assertThat(topology.labels()).isEmpty();
    expect(labelOf(frame(0, 25, 2_600)), Reset.RESTART, 1, 25, 0, 0);
    topology.send(frame(0, Long.MAX_VALUE - 1, 0)); // the damaged one once more
    expect(labelOf(frame(0, 26, 2_700)), Reset.NONE, 2, 26, 0, 0);
    expectCount(DROPPED, "SEQUENCE", 26);
  }

  @Test
  void theTimeUntilAnOlderSessionIsFollowedIsASetting() throws Exception {
    use(PolicyVariants.withReturnAfter(400 * MS));
    topology.send(frame(1_000_000, 0, 1_000_000_000));
    for (int i = 0; i < 4; i++) {
      topology.send(frame(5, i, 100L * i));
    }
    assertThat(topology.labels()).hasSize(1);
    expect(labelOf(frame(5, 4, 400)), Reset.RESTART, 1, 4, 0, 0);
  }

  @Test
  void aSegmentCountsAsOneRecordOfAnOlderSession() throws Exception {
    topology.send(frame(1_000_000, 0, 1_000_000_000));
    topology.labels();
    for (int i = 0; i < 4; i++) {
      topology.send(segment(5, 3L * i, 1_000L * i, (byte) 1, (byte) 2, (byte) 3));
    }
    assertThat(topology.labels()).isEmpty();
    topology.send(segment(5, 12, 4_000, (byte) 1, (byte) 2, (byte) 3));
    assertThat(topology.labels())
        .first()
        .satisfies(label -> expect(label, Reset.RESTART, 1, 12, 0, 0));
  }

  @Test
  void aResetThatIsAskedForForgetsSessionAndSequence() throws Exception {
    topology.send(frame(1_000_000, 50, 1_000_000_000));
    topology.labels();
    topology.send(new TestRecord<>(key("s"), null, Instant.EPOCH));
    expect(labelOf(frame(5, 7, 0)), Reset.REQUESTED, 1, 0, 0, 0);
    sendControl();
    expect(labelOf(frame(4, 3, -100)), Reset.REQUESTED, 1, 0, 0, 0);
    expect(labelOf(frame(4, 4, 0)), Reset.NONE, 2, 0, 0, 0);
    topology.send(frame(4, 4, 0));
    expect(labelOf(frame(4, 5, 100)), Reset.NONE, 3, 1, 0, 0);
  }

  @Test
  void aGapEitherWay() throws Exception {
    use(limits(500, 60_000, ModelChange.RESET));
    topology.send(frame(0, 0, 0));
    topology.labels();
    expect(labelOf(frame(0, 1, 500)), Reset.NONE, 2, 0, 0, 0);
    expect(labelOf(frame(0, 2, 1_001)), Reset.GAP, 1, 0, 0, 0);
    expect(labelOf(frame(0, 3, 500)), Reset.GAP, 1, 0, 0, 0);
    expectCount(RESETS, "GAP", 2);
  }

  @Test
  void aRestartedProducer() throws Exception {
    topology.send(frame(0, 9, 0));
    topology.labels();
    expect(labelOf(frame(1, 0, 10)), Reset.RESTART, 1, 0, 0, 0);
    expect(labelOf(frame(1, 1, 110)), Reset.NONE, 2, 0, 0, 0);
    expectCount(RESETS, "RESTART", 1);
  }

  @Test
  void anotherModelWhereStatesAreReset() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.changeState(StreamPolicyLinesTest::ofAnotherModel);
    expect(labelOf(frame(0, 1, 100)), Reset.MODEL_CHANGED, 1, 0, 0, 0);
    expectCount(RESETS, "MODEL_CHANGED", 1);
    expectCount("gatestream.states.refused", "MODEL_CHANGED", 0);
  }

  @Test
  void anotherModelWhereStatesAreRefused() throws Exception {
    use(limits(2_000, 60_000, ModelChange.REFUSE));
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.changeState(StreamPolicyLinesTest::ofAnotherModel);
    assertThatThrownBy(() -> topology.send(frame(0, 1, 100)))
        .hasRootCauseInstanceOf(ModelRefusedException.class);
    assertThat(topology.labels()).isEmpty();
    expectCount("gatestream.states.refused", "MODEL_CHANGED", 1);
    expectCount(RESETS, "MODEL_CHANGED", 0);
  }

  @Test
  void aStateThatGoesNonFinite() throws Exception {
    float[][] initial = runtime.step().initialState();
    use(
        PolicySettings.DEFAULT,
        new RecurrentStep() {
          @Override
          public float[][] initialState() {
            return initial;
          }

          @Override
          public Result step(float[] feature, float[][] state, float elapsed, float[] auxiliary) {
            Result real = runtime.step().step(feature, state, elapsed, auxiliary);
            return Arrays.deepEquals(state, initial)
                ? real
                : new Result(real.logits(), new float[][] {{Float.NaN}});
          }

          @Override
          public void close() {}
        });
    topology.send(frame(0, 0, 0));
    topology.labels();
    expect(labelOf(frame(0, 1, 100)), Reset.NON_FINITE_STATE, 1, 0, 0, 0);
    expectCount(RESETS, "NON_FINITE_STATE", 1);
    expectCount(FRAMES, "rejected", 0);
  }

  @Test
  void aFrameBeforeItIsDue() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.send(frame(0, 1, 33));
    topology.send(frame(0, 2, 66));
    assertThat(topology.labels()).hasSize(1);
    expect(labelOf(frame(0, 3, 100)), Reset.NONE, 2, 0, 2, 0);
    expectCount(FRAMES, "skipped", 2);
  }

  @Test
  void aStreamThatIsIdleBeyondTheExpiry() throws Exception {
    use(limits(500, 1_000, ModelChange.RESET));
    topology.send(frame(0, 0, 0));
    topology.send(frame(0, 0, 0));
    topology.labels();
    expect(labelOf(frame(0, 1, 1_000)), Reset.GAP, 1, 1, 0, 0);
    expect(labelOf(frame(0, 2, 2_001)), Reset.FIRST_FRAME, 1, 1, 0, 0);
    expect(labelOf(frame(1, 0, 1_000)), Reset.FIRST_FRAME, 1, 1, 0, 0);
    expectCount(RESETS, "FIRST_FRAME", 3);
    expectCount(RESETS, "RESTART", 0);
  }

  @Test
  void aTombstoneThatAsksForAReset() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.send(new TestRecord<>(key("s"), null, Instant.EPOCH));
    expect(labelOf(frame(0, 1, 10)), Reset.REQUESTED, 1, 0, 0, 0);
    expectCount(RESETS, "REQUESTED", 1);
    expectCount(REQUESTS, "tombstone", 1);
    expectCount(REQUESTS, "control", 0);
  }

  @Test
  void aTombstoneWhereTheSettingsSayThatItMeansNothing() throws Exception {
    PolicySettings standard = PolicySettings.DEFAULT;
    use(
        new PolicySettings(
            standard.gapMicros(),
            standard.expiryMicros(),
            standard.modelChange(),
            standard.latestTimeMicros(),
            false,
            0,
            standard.returnMicros()));
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.send(new TestRecord<>(key("s"), null, Instant.EPOCH));
    expect(labelOf(frame(0, 1, 100)), Reset.NONE, 2, 0, 0, 0);
    expectCount(REQUESTS, "tombstone", 0);
    sendControl();
    expect(labelOf(frame(0, 2, 200)), Reset.REQUESTED, 1, 0, 0, 0);
  }

  @Test
  void aControlRecordThatAsksForAReset() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.labels();
    sendControl();
    expect(labelOf(frame(0, 1, 10)), Reset.REQUESTED, 1, 0, 0, 0);
    expectCount(REQUESTS, "control", 1);
    expectCount(REQUESTS, "tombstone", 0);
  }

  private void sendControl() {
    RecordHeaders control = new RecordHeaders();
    control.add(FrameProcessor.CONTROL_HEADER, key("reset"));
    topology.send(new TestRecord<>(key("s"), new byte[] {1}, control, Instant.EPOCH));
  }

  @Test
  void aNegativeOrAbsurdTime() throws Exception {
    PolicySettings standard = PolicySettings.DEFAULT;
    use(
        new PolicySettings(
            standard.gapMicros(),
            standard.expiryMicros(),
            standard.modelChange(),
            T0 + 1_000 * MS,
            true,
            0,
            standard.returnMicros()));
    topology.send(frame(0, 0, 0));
    topology.labels();
    topology.send(frame(0, 1, 0).setCaptureTime(Micros.instant(-1)));
    topology.send(frame(0, 1, 1_000));
    topology.send(frame(1_000, 1, 100));
    assertThat(topology.labels()).isEmpty();
    assertThat(topology.rejected())
        .hasSize(3)
        .allSatisfy(record -> assertThat(header(record, Rejections.REASON)).isEqualTo("BAD_TIME"))
        .allSatisfy(
            record ->
                assertThat(header(record, Rejections.MESSAGE))
                    .contains("is not between 1970 and 2023-11-14T22:13:21Z"));
    expect(labelOf(frame(0, 1, 999)), Reset.NONE, 2, 0, 0, 3);
    expectCount(REJECTED, "BAD_TIME", 3);
    expectCount(FRAMES, "rejected", 3);
  }

  @Test
  void aRecordWithoutAKeyCountsAsARejectedFrameOfNoStream() throws Exception {
    topology.send(new TestRecord<>(null, value(frame(0, 0, 0).build()), Instant.EPOCH));
    expectCount(REJECTED, "KEY_MISMATCH", 1);
    expectCount(FRAMES, "rejected", 1);
  }

  @Test
  void everyCounterIsOnThePageBeforeItsFirstEvent() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new StreamMetrics(registry);
    String page = registry.scrape();
    for (String outcome : new String[] {"labelled", "duplicate", "skipped", "rejected"}) {
      assertThat(page).contains("gatestream_frames_total{outcome=\"%s\"} 0".formatted(outcome));
    }
    for (Reset reset : Reset.values()) {
      String line = "gatestream_resets_total{reason=\"%s\"} 0".formatted(reset);
      assertThat(page.contains(line)).as(line).isEqualTo(reset != Reset.NONE);
    }
    assertThat(page)
        .contains("gatestream_frames_dropped_total{reason=\"OLDER_SESSION\"} 0")
        .contains("gatestream_frames_dropped_total{reason=\"LEFT_SESSION\"} 0")
        .contains("gatestream_frames_dropped_total{reason=\"SEQUENCE\"} 0")
        .contains("gatestream_reset_requests_total{by=\"control\"} 0")
        .contains("gatestream_reset_requests_total{by=\"tombstone\"} 0")
        .contains("gatestream_records_rejected_total{reason=\"BAD_TIME\"} 0")
        .contains("gatestream_states_refused_total{reason=\"MODEL_CHANGED\"} 0")
        .contains("gatestream_states_removed_total{reason=\"IDLE\"} 0");
  }

  private static StreamProgress ofAnotherModel(StreamProgress progress) {
    return progress.withStep(
        "other",
        progress.session(),
        progress.lastSequence(),
        progress.lastCaptureTime(),
        progress.due(),
        false);
  }
}
