package io.gatestream.stream;

import static io.gatestream.stream.TestTopology.MS;
import static io.gatestream.stream.TestTopology.T0;
import static io.gatestream.stream.TestTopology.frame;
import static io.gatestream.stream.TestTopology.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.Micros;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.Events;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.state.StreamState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events on their way through the topology; what makes one is in EventTrackerTest. */
class FrameProcessorEventsTest {
  private static final int IDLE_SECONDS = 10;
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

  /** The first class is on from the second frame on, whatever its score. */
  @BeforeEach
  void start() throws Exception {
    EventRule always =
        new EventRule(0, bundle.labels().get(0), 0, 1e-9, 100_000, 1e-9, 100_000, 0, 0);
    topology =
        new TestTopology(
            bundle, runtime, new EventRules(List.of(always), 0, IDLE_SECONDS * 1_000_000L));
  }

  @AfterEach
  void close() throws Exception {
    topology.close();
  }

  private static void expect(List<LabelEvent> told, EventPhase phase, EndReason reason) {
    assertThat(told).hasSize(1);
    assertThat(told.get(0).getPhase()).isEqualTo(phase);
    assertThat(told.get(0).getReason()).isEqualTo(reason);
  }

  private LabelEvent begun() throws Exception {
    topology.send(frame(0, 0, 0));
    topology.send(frame(0, 1, 100));
    List<LabelEvent> told = topology.events();
    expect(told, EventPhase.START, EndReason.NONE);
    return told.get(0);
  }

  @Test
  void anEventHasItsFramesTimesScoresAndModelAndTheLabelSaysThatItIsOn() throws Exception {
    LabelEvent start = begun();
    List<FrameLabel> labels = topology.labels();
    String name = bundle.labels().get(0);
    assertThat(start.getStreamId()).isEqualTo("s");
    assertThat(start.getLabel()).isEqualTo(name);
    assertThat(Micros.of(start.getSession())).isEqualTo(T0);
    assertThat(start.getSequence()).isZero();
    assertThat(Micros.of(start.getStartCaptureTime())).isEqualTo(T0);
    assertThat(Micros.of(start.getEndCaptureTime())).isEqualTo(T0 + 100 * MS);
    assertThat(start.getEndSourceTime()).isEqualTo(100 * MS);
    assertThat(start.getFrames()).isEqualTo(2);
    assertThat(start.getModel()).isEqualTo(labels.get(0).getModel());
    double mean = (score(labels.get(0), name) + score(labels.get(1), name)) / 2;
    assertThat((double) start.getMeanScore()).isBetween(mean - 1e-6, mean + 1e-6);
    assertThat(labels.get(0).getActive()).isEmpty();
    assertThat(labels.get(1).getActive()).containsExactly(name);
    assertThat(topology.count("gatestream.events", "START")).isEqualTo(1);
  }

  private static double score(FrameLabel label, String name) {
    return label.getScores().stream()
        .filter(score -> score.getLabel().equals(name))
        .findFirst()
        .orElseThrow()
        .getScore();
  }

  @Test
  void aResetEndsTheEventAndTheNextHasAnotherId() throws Exception {
    LabelEvent start = begun();
    topology.send(frame(0, 2, 2_500));
    List<LabelEvent> told = topology.events();
    expect(told, EventPhase.END, EndReason.RESET);
    assertThat(told.get(0).getReset()).isEqualTo(Reset.GAP);
    assertThat(told.get(0).getEventId()).isEqualTo(start.getEventId());
    assertThat(Micros.of(told.get(0).getEndCaptureTime())).isEqualTo(T0 + 100 * MS);
    topology.send(frame(0, 3, 2_600));
    told = topology.events();
    expect(told, EventPhase.START, EndReason.NONE);
    assertThat(told.get(0).getEventId()).isNotEqualTo(start.getEventId());
    assertThat(told.get(0).getContinues()).isEmpty();
  }

  @Test
  void anotherModelEndsTheEvent() throws Exception {
    begun();
    topology.changeState(progress -> progress.withStep("other", T0, 1, T0 + 100 * MS, 0, false));
    topology.send(frame(0, 2, 200));
    expect(topology.events(), EventPhase.END, EndReason.MODEL_CHANGED);
  }

  @Test
  void aRejectedRecordAndARepeatedFrameLeaveTheEventAlone() throws Exception {
    begun();
    topology.send(frame(0, 1, 100));
    topology.send(new TestRecord<>(key("s"), new byte[] {1, 2}, Instant.ofEpochMilli(T0 / 1_000)));
    assertThat(topology.events()).isEmpty();
    topology.send(frame(0, 2, 200));
    assertThat(topology.events()).isEmpty();
  }

  @Test
  void aControlRecordEndsTheEventsOfItsStreamAlone() throws Exception {
    begun();
    topology.send(frame(0, 0, 0).setStreamId("t"));
    topology.send(frame(0, 1, 100).setStreamId("t"));
    topology.events();
    topology.send(control("s", "end-events"));
    List<LabelEvent> told = topology.events();
    expect(told, EventPhase.END, EndReason.REQUESTED);
    assertThat(told.get(0).getStreamId()).isEqualTo("s");
    topology.send(control("s", "end-events"));
    topology.send(control("unknown", "end-events"));
    assertThat(topology.events()).as("nothing is open").isEmpty();
    assertThat(topology.rejected()).isEmpty();
  }

  private static TestRecord<byte[], byte[]> control(String stream, String order) {
    byte @Nullable [] none = null;
    return new TestRecord<>(
        key(stream),
        none,
        new RecordHeaders().add("gatestream.control", order.getBytes(StandardCharsets.UTF_8)),
        Instant.ofEpochMilli(T0 / 1_000));
  }

  /**
   * A task that takes streams over finds those that owe an END, though none of their frames came.
   */
  @Test
  void aStreamThatWasTakenOverAndIsSilentGetsItsEnd() throws Exception {
    StreamEvents open = Events.announced("red");
    topology.put("taken", StreamState.START.with(open));
    topology.put("other", StreamState.START);
    topology.pass(IDLE_SECONDS + 2);
    List<LabelEvent> told = topology.events();
    expect(told, EventPhase.END, EndReason.IDLE);
    assertThat(told.get(0).getStreamId()).isEqualTo("taken");
    assertThat(topology.state("taken").events().open()).isEmpty();
    topology.pass(IDLE_SECONDS + 2);
    assertThat(topology.events()).isEmpty();
  }

  @Test
  void badAndRepeatedFramesAreSilence() throws Exception {
    begun();
    for (int i = 0; i < IDLE_SECONDS; i++) {
      topology.pass(1);
      topology.send(frame(0, 1, 100));
      topology.send(
          new TestRecord<>(key("s"), new byte[] {1, 2}, Instant.ofEpochMilli(T0 / 1_000)));
    }
    topology.pass(2);
    expect(topology.events(), EventPhase.END, EndReason.IDLE);
  }

  /** Without rules there is no sink of events: what is owed waits, and nothing fails. */
  @Test
  void whatIsOpenWhenEventsAreSwitchedOffEndsOnceTheyAreOnAgain() throws Exception {
    StreamState before;
    try (TestTopology off = new TestTopology(bundle, runtime)) {
      off.put("s", StreamState.START.with(Events.announced("red")));
      off.send(control("s", "end-events"));
      off.send(frame(0, 0, 0));
      assertThat(off.label().getActive()).isEmpty();
      off.pass(IDLE_SECONDS + 2);
      before = off.state("s");
    }
    assertThat(before.events().oweEnd()).isTrue();
    topology.put("s", before);
    topology.send(frame(0, 1, 100));
    expect(topology.events(), EventPhase.END, EndReason.RULES_CHANGED);
  }

  @Test
  void aStreamThatIsSilentByTheWallClockGetsItsEndOnce() throws Exception {
    LabelEvent start = begun();
    topology.pass(IDLE_SECONDS - 2);
    topology.send(frame(0, 2, 200));
    topology.pass(IDLE_SECONDS - 2);
    assertThat(topology.events()).as("a frame came between").isEmpty();
    topology.pass(4);
    List<LabelEvent> told = topology.events();
    expect(told, EventPhase.END, EndReason.IDLE);
    assertThat(told.get(0).getFrames()).isEqualTo(3);
    topology.pass(3 * IDLE_SECONDS);
    assertThat(topology.events()).isEmpty();
    topology.send(frame(0, 3, 300));
    topology.send(frame(0, 4, 400));
    told = topology.events();
    expect(told, EventPhase.START, EndReason.NONE);
    assertThat(told.get(0).getContinues()).isEqualTo(start.getEventId());
  }
}
