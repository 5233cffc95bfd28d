package io.gatestream.stream;

import static io.gatestream.stream.TestTopology.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records that are passed over leave no trace; those of a warm-up leave it in the state alone. */
class RecordSelectionTest {
  private static final int FRAMES = 10;

  private static ModelBundle bundle;
  private static ModelRuntime runtime;

  @BeforeAll
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyGru());
    runtime = TestRuntimes.open(bundle);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  private static List<FrameLabel> labels(RecordSelection selection) throws Exception {
    try (TestTopology topology = topology(selection)) {
      send(topology);
      return topology.labels();
    }
  }

  private static TestTopology topology(RecordSelection selection) throws Exception {
    return new TestTopology(
        bundle,
        runtime,
        PolicySettings.DEFAULT,
        runtime.step(),
        1_000_000,
        () -> new FakeSegments(bundle.input()),
        selection);
  }

  private static void send(TestTopology topology) {
    for (int i = 0; i < FRAMES; i++) {
      topology.send(frame(0, i, 100L * i));
    }
  }

  /** Before offset 4, and from it on. */
  private static RecordSelection split(RecordUse before, RecordUse after) {
    return (partition, offset, timestamp, key) -> offset < 4 ? before : after;
  }

  @Test
  void aWarmUpGivesTheLabelsOfAWholeRun() throws Exception {
    List<FrameLabel> whole = labels(RecordSelection.ALL);
    assertThat(whole).hasSize(FRAMES);
    assertThat(labels(split(RecordUse.ADVANCES, RecordUse.LABELLED)))
        .containsExactlyElementsOf(whole.subList(4, FRAMES));
  }

  @Test
  void ignoredRecordsAreAsIfTheyWereNotThere() throws Exception {
    List<FrameLabel> cold = labels(split(RecordUse.IGNORED, RecordUse.LABELLED));
    assertThat(cold).hasSize(FRAMES - 4);
    assertThat(cold.get(0).getReset()).isEqualTo(Reset.FIRST_FRAME);
    assertThat(cold.get(0).getFramesSinceReset()).isEqualTo(1);
    assertThat(labels(split(RecordUse.LABELLED, RecordUse.IGNORED)))
        .containsExactlyElementsOf(labels(RecordSelection.ALL).subList(0, 4));
    try (TestTopology topology = topology(split(RecordUse.IGNORED, RecordUse.IGNORED))) {
      send(topology);
      assertThat(topology.states()).isEmpty();
    }
  }

  @Test
  void aBadRecordOfAWarmUpIsCountedAndNotWritten() throws Exception {
    try (TestTopology topology = topology(split(RecordUse.ADVANCES, RecordUse.LABELLED))) {
      topology.send(frame(0, 0, 0).setPayload(ByteBuffer.allocate(1)));
      assertThat(topology.rejected()).isEmpty();
      assertThat(topology.state().progress().rejected()).isEqualTo(1);
    }
  }

  @Test
  void theLookaheadSeesOnlyWhatIsUsed() {
    List<Long> offered = new ArrayList<>();
    RecordIntake intake =
        new RecordIntake() {
          @Override
          public void offer(ConsumerRecords<byte[], byte[]> polled) {
            polled.forEach(record -> offered.add(record.offset()));
          }

          @Override
          public void leave() {}
        };
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      records.add(new ConsumerRecord<>("frames", 0, i, new byte[] {1}, new byte[] {2}));
    }
    FilteredIntake.of(intake, split(RecordUse.IGNORED, RecordUse.ADVANCES))
        .offer(new ConsumerRecords<>(Map.of(new TopicPartition("frames", 0), records), Map.of()));
    assertThat(offered).containsExactly(4L, 5L);
  }
}
