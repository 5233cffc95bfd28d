package io.gatestream.stream;

import io.gatestream.config.PolicySettings;
import io.gatestream.config.Topics;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.lookahead.DecodeWatch;
import io.gatestream.lookahead.Forecast;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.LookaheadSettings;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RecurrentStep;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepThreads;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The topology on Kafka's test driver, where every record is a miss of the lookahead: the oracle.
 * Frames are 16 x 16 raw pictures; segments are those of {@link FakeSegments}.
 */
public final class TestTopology implements AutoCloseable {
  public static final long T0 = 1_700_000_000_000_000L;
  public static final long MS = 1_000;
  private static final AvroFrameCodec CODEC = new AvroFrameCodec(FrameLimits.DEFAULT);
  private static final int SIDE = 16;

  private final Path folder = Files.createTempDirectory("topology");
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<String> warnings = new ArrayList<>();
  private volatile boolean overloaded;
  private Instant now = Instant.EPOCH;
  private final Lookahead lookahead;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> in;
  private final TestOutputTopic<byte[], byte[]> labels;
  private final TestOutputTopic<byte[], byte[]> rejected;
  private final @Nullable TestOutputTopic<byte[], byte[]> events;

  public TestTopology(ModelBundle bundle, ModelRuntime runtime) throws IOException {
    this(bundle, runtime, PolicySettings.DEFAULT, runtime.step(), 1_000_000);
  }

  public TestTopology(
      ModelBundle bundle,
      ModelRuntime runtime,
      PolicySettings policy,
      RecurrentStep step,
      int maxRejectedBytes)
      throws IOException {
    this(bundle, runtime, policy, step, maxRejectedBytes, () -> new FakeSegments(bundle.input()));
  }

  public TestTopology(
      ModelBundle bundle,
      ModelRuntime runtime,
      PolicySettings policy,
      RecurrentStep step,
      int maxRejectedBytes,
      Supplier<FrameDecoder> decoders)
      throws IOException {
    this(bundle, runtime, policy, step, maxRejectedBytes, decoders, RecordSelection.ALL);
  }

  public TestTopology(
      ModelBundle bundle,
      ModelRuntime runtime,
      PolicySettings policy,
      RecurrentStep step,
      int maxRejectedBytes,
      Supplier<FrameDecoder> decoders,
      RecordSelection selection)
      throws IOException {
    this(bundle, runtime, policy, step, maxRejectedBytes, decoders, selection, 1);
  }

  /** As the others, of a topic with some partitions, of which this has the first. */
  public TestTopology(
      ModelBundle bundle,
      ModelRuntime runtime,
      PolicySettings policy,
      RecurrentStep step,
      int maxRejectedBytes,
      Supplier<FrameDecoder> decoders,
      RecordSelection selection,
      int partitions)
      throws IOException {
    this(
        bundle,
        runtime,
        policy,
        step,
        maxRejectedBytes,
        decoders,
        selection,
        partitions,
        EventRules.NONE);
  }

  /** With rules for events. */
  public TestTopology(ModelBundle bundle, ModelRuntime runtime, EventRules events)
      throws IOException {
    this(
        bundle,
        runtime,
        PolicySettings.DEFAULT,
        runtime.step(),
        1_000_000,
        () -> new FakeSegments(bundle.input()),
        RecordSelection.ALL,
        1,
        events);
  }

  private TestTopology(
      ModelBundle bundle,
      ModelRuntime runtime,
      PolicySettings policy,
      RecurrentStep step,
      int maxRejectedBytes,
      Supplier<FrameDecoder> decoders,
      RecordSelection selection,
      int partitions,
      EventRules rulesOfEvents)
      throws IOException {
    lookahead =
        new Lookahead(
            Topics.DEFAULT.frames(),
            new LookaheadSettings(0, 2, 1),
            CODEC,
            bundle.input().bytes(),
            decoders,
            runtime.encoder(),
            Forecast.ALL,
            DecodeWatch.NONE,
            new SimpleMeterRegistry());
    StreamPolicy streams =
        new StreamPolicy(policy, bundle.frameIntervalMicros(), bundle.stateFingerprint());
    RecordRules rules =
        new RecordRules(streams, step.initialState(), bundle.auxiliarySize().orElse(0));
    FrameProcessor.Parts parts =
        new FrameProcessor.Parts(
            Topics.DEFAULT.frames(),
            "streams",
            lookahead,
            streams,
            rules,
            new FrameAdvance(
                rules,
                new LabelMaker(bundle, 64, !rulesOfEvents.isEmpty()),
                new EventTracker(rulesOfEvents)),
            new StepThreads(lookahead, step, rules, 0, metrics), // tests write into the store
            TaskEvents.Parts.of(bundle, rulesOfEvents, new PartitionLags(), true),
            new Rejections(maxRejectedBytes),
            new StreamMetrics(metrics),
            selection,
            partition -> overloaded,
            new StreamWatch(partitions, metrics, () -> now, warnings::add),
            new OpenTasks());
    Properties config = new Properties();
    config.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            FrameTopology.of(
                Topics.DEFAULT,
                AutoOffsetReset.earliest(),
                !rulesOfEvents.isEmpty(),
                new FrameProcessorSupplier(parts, 100_000, new StreamStateSerde())),
            config);
    in =
        driver.createInputTopic(
            Topics.DEFAULT.frames(), new ByteArraySerializer(), new ByteArraySerializer());
    labels = output(Topics.DEFAULT.labels());
    rejected = output(Topics.DEFAULT.rejected());
    events = rulesOfEvents.isEmpty() ? null : output(Topics.DEFAULT.events());
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whether the partition lags too much from here on. */
  public void overloaded(boolean now) {
    overloaded = now;
  }

  /** What operators are told, so far. */
  public List<String> warnings() {
    return warnings;
  }

  public static byte[] key(String stream) {
    return stream.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] value(Frame frame) {
    return CODEC.encode(frame);
  }

  /** A grey picture of stream s; times are milliseconds after {@link #T0}. */
  public static Frame.Builder frame(long session, long sequence, long millis) {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    java.util.Arrays.fill(pixels, (byte) (40 + 13 * sequence));
    return Frame.newBuilder()
        .setStreamId("s")
        .setSession(Micros.instant(T0 + session * MS))
        .setSequence(sequence)
        .setCaptureTime(Micros.instant(T0 + millis * MS))
        .setSourceTime(millis * MS)
        .setEncoding(Encoding.RAW_BGR)
        .setWidth(SIDE)
        .setHeight(SIDE)
        .setPayload(ByteBuffer.wrap(pixels));
  }

  /** A segment whose pictures have these shades, {@link FakeSegments#APART} from each other. */
  public static Frame.Builder segment(long session, long sequence, long millis, byte... shades) {
    return frame(session, sequence, millis)
        .setEncoding(Encoding.H264_SEGMENT)
        .setFrameCount(shades.length)
        .setPayload(ByteBuffer.wrap(shades));
  }

  public void send(Frame.Builder frame) {
    Frame built = frame.build();
    send(new TestRecord<>(key(built.getStreamId()), value(built), time(built.getCaptureTime())));
  }

  /** Record timestamps cannot be negative. */
  private static Instant time(Instant captured) {
    return captured.isBefore(Instant.EPOCH) ? Instant.EPOCH : captured;
  }

  public void send(TestRecord<byte[], byte[]> record) {
    in.pipeInput(record);
  }

  public List<TestRecord<byte[], byte[]>> labelRecords() {
    return labels.readRecordsToList();
  }

  public List<FrameLabel> labels() throws FrameDecodeException {
    List<FrameLabel> decoded = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : labelRecords()) {
      decoded.add(new LabelCodec().decode(record.value()));
    }
    return decoded;
  }

  /** What was told of events since the last call. */
  public List<LabelEvent> events() throws FrameDecodeException {
    List<LabelEvent> decoded = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record :
        Objects.requireNonNull(events, "no rules").readRecordsToList()) {
      decoded.add(new EventCodec().decode(record.value()));
    }
    return decoded;
  }

  /** Lets the wall clock go on by so many seconds, one after the other. */
  public void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  /** The only label since the last call. */
  public FrameLabel label() throws FrameDecodeException {
    List<FrameLabel> all = labels();
    if (all.size() != 1) {
      throw new AssertionError("one label was expected: " + all);
    }
    return all.get(0);
  }

  /** The value of a counter by its name and its only tag's value. */
  public double count(String name, String tag) {
    return metrics.find(name).counters().stream()
        .filter(
            counter -> counter.getId().getTags().stream().anyMatch(t -> t.getValue().equals(tag)))
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Lets time go by on the wall, and whatever is scheduled happen. */
  public void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  public List<TestRecord<byte[], byte[]>> rejected() {
    return rejected.readRecordsToList();
  }

  public StreamState state() {
    return state("s");
  }

  public StreamState state(String stream) {
    return store().get(Bytes.wrap(key(stream)));
  }

  /** The states of all streams, by key. */
  public Map<Bytes, StreamState> states() {
    Map<Bytes, StreamState> states = new TreeMap<>();
    try (KeyValueIterator<Bytes, StreamState> all = store().all()) {
      all.forEachRemaining(entry -> states.put(entry.key, entry.value));
    }
    return states;
  }

  public void changeState(UnaryOperator<StreamProgress> change) {
    store().put(Bytes.wrap(key("s")), state().with(change.apply(state().progress())));
  }

  /** Puts a state as an earlier life of the task may have left it. */
  public void put(String stream, StreamState state) {
    store().put(Bytes.wrap(key(stream)), state);
  }

  private KeyValueStore<Bytes, StreamState> store() {
    return driver.getKeyValueStore("streams");
  }

  public static String header(TestRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    try {
      driver.close();
    } finally {
      lookahead.close();
      Utils.delete(folder.toFile());
    }
  }
}
