package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicyVariants;
import io.gatestream.config.Provider;
import io.gatestream.config.Topics;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.lookahead.DecodeWatch;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.LookaheadSettings;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.metrics.Metric;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.policy.PolicyForecast;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepThreads;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The lookahead may change speed, never results. The oracle is the topology without a lookahead,
 * where every record is a miss and every step is made alone from a state that was parsed; each
 * other run polls the same records ahead in some random way - hits, late hits, misses, records
 * polled again, stale records at the same offset, purges, batches, steps ahead in whole and half
 * waves, steps ahead that went another way, hot states that fit and that do not - and must give the
 * same labels and the same rejected records, byte for byte.
 */
class FrameLabelsOnEveryPathTest {
  private static final TopicPartition FRAMES = new TopicPartition("frames", 0);
  private static final int STREAMS = 5;
  private static final long T0 = 1_700_000_000_000_000L;

  /** What the runs of all tries did, to show that each way of a step was gone. */
  private static final SimpleMeterRegistry steps = new SimpleMeterRegistry();

  private static final List<OpenBundle> bundles = new ArrayList<>();

  /** One state or two or none, with elapsed time and side features or without. */
  @BeforeContainer
  static void open() {
    for (Path folder :
        List.of(
            TestBundles.tinyGru(),
            TestBundles.tinyLstm(),
            TestBundles.tinyElapsed(),
            TestBundles.tinyMemoryless())) {
      ModelBundle bundle = BundleReader.load(folder);
      bundles.add(
          new OpenBundle(
              bundle,
              ModelRuntime.open(
                  bundle,
                  Provider.CPU,
                  new RuntimeSettings(
                      OptionalInt.of(2),
                      OptionalInt.of(3),
                      1,
                      0,
                      OptionalLong.empty(),
                      OptionalInt.of(3)))));
    }
  }

  private record OpenBundle(ModelBundle bundle, ModelRuntime runtime) {
    int auxiliarySize() {
      return bundle.auxiliarySize().orElse(0);
    }
  }

  /** Records of events in all tries: they were compared too. */
  private static int told;

  @AfterContainer
  static void close() {
    assertThat(told).as("records of events").isGreaterThan(100);
    bundles.forEach(open -> open.runtime.close());
    for (String how : List.of("ahead", "wave", "alone", "other_state")) {
      assertThat(Metric.STEPS_TAKEN.counter(steps, how).count()).as(how).isPositive();
    }
  }

  @Property(tries = 60)
  void labelsAreThoseOfTheTopologyWithoutLookahead(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    OpenBundle bundle = bundles.get(random.nextInt(bundles.size()));
    EventRules events = events(bundle.bundle, new Random(seed));
    List<TestRecord<byte[], byte[]>> records = records(random, bundle.auxiliarySize());
    List<String> oracle =
        run(records, new Lookaheads(bundle, events, 0, 8, 0, seed), new Random(seed));
    assertThat(oracle).as("seed %d", seed).hasSizeGreaterThan(records.size() / 4);
    assertThat(oracle)
        .as("seed %d", seed)
        .anyMatch(line -> line.startsWith("labels ") && line.contains(TraceContext.PARENT));
    told += (int) oracle.stream().filter(line -> line.startsWith("events ")).count();
    int workers = 1 + random.nextInt(3);
    int slots = 2 + random.nextInt(6);
    int hotBytes = List.of(0, 2_000, 1 << 20, 1 << 20).get(random.nextInt(4));
    assertThat(run(records, new Lookaheads(bundle, events, workers, slots, hotBytes, seed), random))
        .as(
            "seed %d, %s, %d workers, %d slots, %d bytes of hot states",
            seed, bundle.bundle.name(), workers, slots, hotBytes)
        .isEqualTo(oracle);
  }

  /** Rules about where the scores of the test bundles lie, so that events come and go. */
  private static EventRules events(ModelBundle bundle, Random random) {
    List<EventRule> rules = new ArrayList<>();
    for (int label = random.nextInt(2); label < bundle.labels().size(); label++) {
      double enter = 0.3 + random.nextInt(10) / 100.0;
      rules.add(
          new EventRule(
              label,
              bundle.labels().get(label),
              random.nextInt(2) * 100_000L,
              enter,
              random.nextInt(3) * 50_000L,
              enter - random.nextInt(5) / 100.0,
              random.nextInt(3) * 50_000L,
              random.nextInt(2) * 100_000L,
              random.nextInt(2) * 300_000L));
    }
    return new EventRules(rules, random.nextInt(2) * 200_000L, 4_000_000);
  }

  private record Lookaheads(
      OpenBundle model, EventRules events, int workers, int slots, int hotBytes, long seed) {
    Lookahead open() {
      Random delays = new Random(seed);
      ModelBundle bundle = model.bundle;
      Supplier<FrameDecoder> decoders =
          () -> new DelayedDecoder(new FakeSegments(bundle.input()), delays);
      return new Lookahead(
          "frames",
          new LookaheadSettings(workers, slots, 1),
          new AvroFrameCodec(FrameLimits.DEFAULT),
          bundle.input().bytes(),
          decoders,
          model.runtime.encoder(),
          new PolicyForecast(bundle.frameIntervalMicros(), 2_000_000),
          DecodeWatch.NONE,
          new SimpleMeterRegistry());
    }
  }

  /** Keys, values, timestamps and headers of both output topics, in order, as text. */
  private static List<String> run(
      List<TestRecord<byte[], byte[]>> records, Lookaheads settings, Random random)
      throws Exception {
    Properties config = new Properties();
    Path state = java.nio.file.Files.createTempDirectory("paths");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    List<String> outputs = new ArrayList<>();
    try (Lookahead lookahead = settings.open()) {
      ModelBundle bundle = settings.model.bundle;
      RecurrentStep step = settings.model.runtime.step();
      StreamPolicy policy =
          new StreamPolicy(
              PolicyVariants.withReturnAfter(300_000),
              bundle.frameIntervalMicros(),
              bundle.stateFingerprint());
      RecordRules rules =
          new RecordRules(policy, step.initialState(), settings.model.auxiliarySize());
      FrameProcessor.Parts parts =
          new FrameProcessor.Parts(
              "frames",
              "streams",
              lookahead,
              policy,
              rules,
              new FrameAdvance(
                  rules,
                  new LabelMaker(bundle, 64, !settings.events.isEmpty()),
                  new EventTracker(settings.events)),
              new StepThreads(lookahead, step, rules, settings.hotBytes, steps),
              TaskEvents.Parts.of(bundle, settings.events, new PartitionLags(), true),
              new Rejections(1_000_000),
              new StreamMetrics(new SimpleMeterRegistry()),
              RecordSelection.ALL,
              Overload.KEEP_ALL,
              new StreamWatch(
                  1, new SimpleMeterRegistry(), java.time.InstantSource.system(), line -> {}),
              new OpenTasks());
      try (TopologyTestDriver driver =
          new TopologyTestDriver(
              FrameTopology.of(
                  Topics.DEFAULT,
                  AutoOffsetReset.earliest(),
                  true,
                  new FrameProcessorSupplier(parts, 100_000, new StreamStateSerde())),
              config)) {
        TestInputTopic<byte[], byte[]> in =
            driver.createInputTopic("frames", new ByteArraySerializer(), new ByteArraySerializer());
        int polled = 0;
        for (int i = 0; i < records.size(); i++) {
          if (polled <= i || random.nextInt(20) == 0) {
            polled = poll(records, i, lookahead, random);
          }
          if (random.nextInt(25) == 0) {
            lookahead.purge(FRAMES);
          }
          in.pipeInput(records.get(i));
        }
        for (String topic : List.of("labels", "events", "frames-rejected")) {
          TestOutputTopic<byte[], byte[]> out =
              driver.createOutputTopic(
                  topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
          out.readRecordsToList().forEach(record -> outputs.add(topic + " " + text(record)));
        }
      }
    } finally {
      org.apache.kafka.common.utils.Utils.delete(state.toFile());
    }
    return outputs;
  }

  /**
   * Shows the lookahead some records from {@code from} on; some as other arrays, some not at all.
   * Returns where it stopped.
   */
  private static int poll(
      List<TestRecord<byte[], byte[]>> records, int from, Lookahead lookahead, Random random)
      throws InterruptedException {
    int to = Math.min(records.size(), from + 1 + random.nextInt(30));
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (int i = from; i < to; i++) {
      TestRecord<byte[], byte[]> record = records.get(i);
      byte[] value = record.value();
      switch (random.nextInt(8)) {
        case 0 -> {
          continue; // never polled: a miss
        }
        case 1 -> value = value == null ? null : value.clone(); // the same bytes of another fetch
        case 2 ->
            value = records.get(random.nextInt(records.size())).value(); // another topic's life
        default -> {}
      }
      polled.add(
          new ConsumerRecord<>(
              "frames",
              0,
              i,
              record.timestamp(),
              org.apache.kafka.common.record.TimestampType.CREATE_TIME,
              0,
              0,
              record.key(),
              value,
              record.headers(),
              java.util.Optional.empty()));
    }
    lookahead.offer(new ConsumerRecords<>(Map.of(FRAMES, polled), Map.of()));
    if (random.nextInt(3) == 0) {
      Thread.sleep(random.nextInt(4)); // lets some become hits; no result depends on it
    }
    return to;
  }

  private static String text(TestRecord<byte[], byte[]> record) {
    HexFormat hex = HexFormat.of();
    return "%s %d %s %s"
        .formatted(
            record.key() == null ? "-" : new String(record.key(), StandardCharsets.UTF_8),
            record.timestamp(),
            record.value() == null ? "-" : hex.formatHex(record.value()),
            record.headers());
  }

  private static List<TestRecord<byte[], byte[]>> records(Random random, int auxiliarySize) {
    AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
    List<TestRecord<byte[], byte[]>> records = new ArrayList<>();
    long[] sequences = new long[STREAMS];
    long[] captures = new long[STREAMS];
    long[] sessions = new long[STREAMS];
    Arrays.fill(sessions, T0);
    Arrays.setAll(captures, stream -> T0 + 7_000L * stream);
    int count = 30 + random.nextInt(120);
    for (int i = 0; i < count; i++) {
      int stream = random.nextInt(STREAMS);
      byte[] key = ("stream-" + stream).getBytes(StandardCharsets.UTF_8);
      int kind = random.nextInt(20);
      captures[stream] += kind == 0 ? 5_000_000 : 20_000 + random.nextInt(100_000);
      if (kind == 1) {
        sessions[stream] += 1_000_000;
        sequences[stream] = 0;
      }
      if (kind == 10) {
        sessions[stream] -= random.nextInt(3) * 1_000_000L; // an older producer, maybe for good
      }
      long session = sessions[stream] + (kind == 11 ? 1_000_000_000_000L : 0); // one wild frame
      long sequence = kind == 2 ? Math.max(0, sequences[stream] - 2) : sequences[stream]++;
      byte[] value =
          switch (kind) {
            case 3 -> null; // asks for a reset
            case 4 -> new byte[] {(byte) 0xC3, 1, 2, 3};
            case 8, 9 -> {
              byte[] shades = shades(random);
              sequences[stream] += shades.length;
              captures[stream] += FakeSegments.APART * shades.length;
              yield codec.encode(
                  withSide(
                      frame(stream, session, sequence, captures[stream], kind, random, shades),
                      random,
                      auxiliarySize));
            }
            default ->
                codec.encode(
                    withSide(
                        frame(stream, session, sequence, captures[stream], kind, random),
                        random,
                        auxiliarySize));
          };
      long timestamp = captures[stream] / 1_000;
      records.add(
          new TestRecord<>(
              kind == 5 ? "other".getBytes(StandardCharsets.UTF_8) : key,
              value,
              kind == 12 ? new RecordHeaders() : trace(i),
              java.time.Instant.ofEpochMilli(timestamp)));
    }
    return records;
  }

  /** With side features, now and then too few. */
  private static Frame withSide(Frame frame, Random random, int size) {
    List<Float> values = new ArrayList<>();
    for (int i = random.nextInt(30) == 0 ? 1 : 0; i < size; i++) {
      values.add(random.nextFloat());
    }
    return Frame.newBuilder(frame).setAuxiliary(values).build();
  }

  /** A trace of its own for each record. */
  private static RecordHeaders trace(int record) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("other", new byte[] {1});
    headers.add(
        TraceContext.PARENT,
        "00-%032x-%016x-01".formatted(record + 1, record + 1).getBytes(StandardCharsets.UTF_8));
    return headers;
  }

  /** A segment, now and then with a picture that does not decode. */
  private static byte[] shades(Random random) {
    byte[] shades = new byte[2 + random.nextInt(9)];
    random.nextBytes(shades);
    for (int i = 0; i < shades.length; i++) {
      shades[i] = (byte) Math.abs(shades[i] / 2);
    }
    if (random.nextInt(4) == 0) {
      shades[random.nextInt(shades.length)] = FakeSegments.DAMAGE;
    }
    return shades;
  }

  private static Frame frame(
      int stream,
      long session,
      long sequence,
      long capture,
      int kind,
      Random random,
      byte[] shades) {
    return Frame.newBuilder(frame(stream, session, sequence, capture, kind, random))
        .setEncoding(Encoding.H264_SEGMENT)
        .setFrameCount(shades.length)
        .setPayload(ByteBuffer.wrap(shades))
        .build();
  }

  private static Frame frame(
      int stream, long session, long sequence, long capture, int kind, Random random) {
    int side = 8 + random.nextInt(40);
    byte[] pixels = new byte[side * side * 3];
    random.nextBytes(pixels);
    Arrays.fill(pixels, 0, pixels.length / 2, (byte) random.nextInt(256));
    return Frame.newBuilder()
        .setStreamId("stream-" + stream)
        .setSession(Micros.instant(session))
        .setSequence(sequence)
        .setCaptureTime(Micros.instant(kind == 6 ? -5 : capture))
        .setSourceTime(capture - T0)
        .setEncoding(Encoding.RAW_BGR)
        .setWidth(side)
        .setHeight(kind == 7 ? side + 1 : side) // does not fit its payload
        .setPayload(ByteBuffer.wrap(pixels))
        .build();
  }

  /** Decodes after a random while, so that some records are late. */
  private record DelayedDecoder(FrameDecoder decoder, Random random) implements FrameDecoder {
    @Override
    public void decode(Frame frame, PictureSink sink)
        throws io.gatestream.frame.FrameDecodeException {
      long nanos;
      synchronized (random) {
        nanos = random.nextInt(4) == 0 ? random.nextInt(400_000) : 0;
      }
      LockSupport.parkNanos(nanos);
      decoder.decode(frame, sink);
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
