package io.gatestream.stream.state;

import static io.gatestream.stream.TestTopology.frame;
import static io.gatestream.stream.TestTopology.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.config.PolicyVariants;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.TestTopology;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** The removal of idle streams' tensors changes no label, whenever it happens. */
class IdleStatesTest {
  private static final int AFTER = 20;
  private static final int STREAMS = 4;
  private static final PolicySettings KEEP = PolicySettings.DEFAULT;
  private static final PolicySettings REMOVE = PolicyVariants.withRemovalAfter(AFTER);

  private static ModelBundle bundle;
  private static ModelRuntime runtime;

  @BeforeContainer
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyGru());
    runtime = TestRuntimes.open(bundle);
  }

  @AfterContainer
  static void close() {
    runtime.close();
  }

  private static TestTopology topology(PolicySettings policy) throws Exception {
    return new TestTopology(bundle, runtime, policy, runtime.step(), 1_000_000);
  }

  private static List<ByteBuffer> labels(TestTopology topology) {
    return topology.labelRecords().stream().map(record -> ByteBuffer.wrap(record.value())).toList();
  }

  /**
   * Whatever comes, and whenever the removal looks at the store, often, seldom or never: the labels
   * are the same, byte by byte.
   */
  @Property(tries = 30)
  void noLabelTellsWhenTheRemovalCame(@ForAll long seed) throws Exception {
    List<TestRecord<byte[], byte[]>> records = anything(seed);
    List<List<ByteBuffer>> runs = new ArrayList<>();
    double removed = 0;
    for (int every : new int[] {0, 1, 7}) {
      try (TestTopology topology = topology(REMOVE)) {
        for (int i = 0; i < records.size(); i++) {
          topology.send(records.get(i));
          if (every > 0 && i % every == 0) {
            topology.pass(Duration.ofSeconds(1));
          }
        }
        removed = topology.count("gatestream.states.removed", "IDLE");
        assertThat(every == 0 && removed > 0).isFalse();
        runs.add(labels(topology));
      }
    }
    assertThat(runs.get(1)).as("seed %d, %d removed", seed, (long) removed).isEqualTo(runs.get(0));
    assertThat(runs.get(2)).as("seed %d", seed).isEqualTo(runs.get(0));
  }

  /** Records of streams that stay away now and then; some come back as if they had not. */
  private static List<TestRecord<byte[], byte[]>> anything(long seed) {
    Random random = new Random(seed);
    List<TestRecord<byte[], byte[]>> records = new ArrayList<>();
    long[] sequences = new long[STREAMS];
    long[] sessions = new long[STREAMS];
    int away = -1;
    for (int i = 0; i < 250; i++) {
      if (i % 40 == 0) {
        away = random.nextInt(STREAMS);
      }
      int stream = random.nextInt(STREAMS);
      if (stream == away) {
        continue;
      }
      String name = "s" + stream;
      long sequence = sequences[stream]++;
      if (random.nextInt(25) == 0) {
        records.add(new TestRecord<>(key(name), null, Instant.EPOCH));
        continue;
      }
      if (random.nextInt(15) == 0) {
        records.add(new TestRecord<>(key(name), new byte[] {1}, Instant.EPOCH));
        continue;
      }
      long repeated = random.nextInt(15) == 0 ? Math.max(0, sequence - 1) : sequence;
      if (random.nextInt(20) == 0) {
        sessions[stream]++;
      }
      long session = Math.max(0, sessions[stream] - random.nextInt(20) / 19);
      records.add(record(frame(session, repeated, sequence * 60), name));
    }
    return records;
  }

  private static TestRecord<byte[], byte[]> record(Frame.Builder frame, String stream) {
    return new TestRecord<>(
        key(stream), TestTopology.value(frame.setStreamId(stream).build()), Instant.EPOCH);
  }

  /**
   * Streams that come back after more than the gap limit, by capture time or a new session, get the
   * labels that they get where nothing is removed: reset reasons and counts included.
   */
  @Property(tries = 30)
  void labelsAreThoseOfARunThatKeepsAllStates(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    try (TestTopology keeping = topology(KEEP);
        TestTopology removing = topology(REMOVE)) {
      long[] sequences = new long[STREAMS];
      long[] sessions = new long[STREAMS];
      int[] last = new int[STREAMS];
      long[] shift = new long[STREAMS];
      for (int i = 0; i < 400; i++) {
        // one stream at a time does most of the talking: others are idle meanwhile
        int stream = random.nextInt(6) == 0 ? random.nextInt(STREAMS) : i / 80 % STREAMS;
        if (i - last[stream] > AFTER) {
          switch (random.nextInt(3)) {
            case 0 -> sessions[stream]++;
            case 1 -> shift[stream] += 3_000;
            default -> shift[stream] += 100_000;
          }
        }
        last[stream] = i;
        boolean duplicate = random.nextInt(10) == 0;
        TestRecord<byte[], byte[]> sent =
            record(
                frame(
                    sessions[stream], duplicate ? 0 : ++sequences[stream], shift[stream] + i * 50L),
                "s" + stream);
        keeping.send(sent);
        removing.send(sent);
        if (random.nextInt(3) == 0) {
          removing.pass(Duration.ofSeconds(1));
        }
      }
      assertThat(labels(removing)).as("seed %d", seed).isEqualTo(labels(keeping));
      assertThat(removing.count("gatestream.states.removed", "IDLE"))
          .as("seed %d, removed", seed)
          .isPositive();
      for (int i = 0; i < STREAMS; i++) {
        assertThat(removing.state("s" + i).progress().counts())
            .as("seed %d, account of s%d", seed, i)
            .isEqualTo(keeping.state("s" + i).progress().counts());
      }
    }
  }

  @Example
  void anIdleStreamsTensorsGoAndItsCountsStay() throws Exception {
    try (TestTopology topology = topology(REMOVE)) {
      topology.send(frame(0, 0, 0).setStreamId("idle"));
      topology.send(frame(0, 0, 0).setStreamId("idle"));
      for (int i = 0; i < AFTER - 1; i++) {
        topology.send(frame(0, i, 100L * i).setStreamId("busy"));
      }
      topology.pass(Duration.ofSeconds(1));
      assertThat(topology.state("idle").tensors()).as("not yet").isNotEmpty();
      topology.send(frame(0, AFTER, 100L * AFTER).setStreamId("busy"));
      topology.pass(Duration.ofSeconds(1));
      assertThat(topology.state("idle").tensors()).isEmpty();
      assertThat(topology.state("idle").progress().duplicates()).isEqualTo(1);
      assertThat(topology.state("busy").tensors()).isNotEmpty();
      topology.labels();
      topology.send(frame(0, 0, 0).setStreamId("idle"));
      assertThat(topology.labels()).as("still a duplicate").isEmpty();
      topology.send(frame(0, 1, 100).setStreamId("idle"));
      FrameLabel back = topology.label();
      assertThat(back.getReset()).isEqualTo(Reset.FIRST_FRAME);
      assertThat(back.getFramesSinceReset()).isEqualTo(1);
      assertThat(back.getDuplicates()).isEqualTo(2);
    }
  }

  @Example
  void nothingIsRemovedByDefault() throws Exception {
    try (TestTopology topology = topology(KEEP)) {
      topology.send(frame(0, 0, 0).setStreamId("idle"));
      for (int i = 0; i < 3 * AFTER; i++) {
        topology.send(frame(0, i, 100L * i).setStreamId("busy"));
      }
      topology.pass(Duration.ofDays(1));
      assertThat(topology.state("idle").tensors()).isNotEmpty();
    }
  }

  private static KeyValueStore<Bytes, StreamState> storeOf(int states) {
    KeyValueStore<Bytes, StreamState> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("streams"), Serdes.Bytes(), new StreamStateSerde())
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    for (int i = 0; i < states; i++) {
      store.put(
          Bytes.wrap(key("s" + i)), new StreamState(StreamProgress.START, new float[][] {{1}}, i));
    }
    return store;
  }

  @Example
  void aSweepLooksAtOneSliceAndTheNextGoesOn() {
    KeyValueStore<Bytes, StreamState> store = storeOf(10);
    IdleStates idle =
        new IdleStates(store, new StreamPolicy(REMOVE, 0, "m"), new SweepBudget(4, 1_000));
    long position = AFTER + 4; // the next record finds s0 to s4 idle
    assertThat(idle.sweep(position, 0, () -> {})).isEqualTo(4);
    assertThat(idle.sweep(position, 999, () -> {})).as("in the same second").isZero();
    assertThat(idle.sweep(position, 1_000, () -> {})).isEqualTo(1);
    assertThat(idle.sweep(position, 2_000, () -> {})).isZero();
    assertThat(idle.sweep(position, 3_000, () -> {}))
        .as("from the start again, none twice")
        .isZero();
    store.close();
  }

  /** Each second costs a thread the same, and in the end every store has been looked at. */
  @Example
  void tasksOfAThreadShareOneBudget() {
    SweepBudget budget = new SweepBudget(10, 1_000_000);
    List<IdleStates> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(new IdleStates(storeOf(6), new StreamPolicy(REMOVE, 0, "m"), budget));
    }
    int removed = 0;
    for (int second = 0; second < 16; second++) {
      int now = 0;
      for (IdleStates task : tasks) {
        now += task.sweep(1_000, second * 1_000L, () -> {});
      }
      assertThat(now).as("second %d", second).isLessThanOrEqualTo(10);
      removed += now;
    }
    assertThat(removed).isEqualTo(8 * 6);
  }
}
