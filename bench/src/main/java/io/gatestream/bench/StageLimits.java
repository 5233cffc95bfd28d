package io.gatestream.bench;

import io.gatestream.config.Provider;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.StepBatches;
import io.gatestream.model.StepOnProvider;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What each stage can do by itself. Adds its measurements to a schedule; used by one thread. */
final class StageLimits {
  private static final List<Integer> BATCHES = List.of(1, 4, 8);
  private static final List<Integer> GPU_BATCHES = List.of(1, 8, 16, 32, 64, 128);
  private static final List<Integer> STEP_BATCHES = List.of(1, 8, 64);
  private static final List<Integer> STEP_BATCHES_ON_GPU = List.of(1, 8, 64, 256);

  /**
   * With a cache the few streams here would write to the changelog once a commit, not once a put.
   */
  private static final Map<String, String> UNCACHED = Map.of("store.cache.bytes", "0");

  /** A broker otherwise keeps a fetch at the end of a partition waiting. */
  private static final Map<String, Object> AT_ONCE = Map.of("fetch.max.wait.ms", 0);

  private final TestBed bed;
  private final ModelBundle bundle;
  private final Provider provider;
  private final BenchFrames pictures;
  private final Cameras cameras;
  private final int repetitions;
  private final Loops loops;
  private final double each;
  private final int cores;
  private final Map<String, Stage> stages = new LinkedHashMap<>();

  private record Stage(String name, String setting, Series series) {}

  StageLimits(TestBed bed) {
    this.bed = bed;
    this.bundle = bed.bundle();
    this.provider = bed.config().compute().provider();
    this.pictures = bed.pictures();
    this.cameras = bed.cameras();
    this.repetitions = bed.settings().repetitions();
    double seconds = bed.settings().stageSeconds();
    this.loops = new Loops(seconds / 2, seconds);
    this.each = seconds * 1.5;
    this.cores = bed.cores();
  }

  /** What was measured so far, in the order in which it was scheduled. */
  List<StageFigure> figures() {
    return stages.values().stream()
        .flatMap(
            stage ->
                stage.series.figureSoFar().stream()
                    .map(figure -> new StageFigure(stage.name, stage.setting, figure)))
        .toList();
  }

  /** Frames a second that all cores decode together, measured now. */
  double decodeRate() throws InterruptedException {
    return loops.rate(cores, () -> new CheckedDecode(bundle.input())).fps();
  }

  void decode(Schedule schedule) {
    InputSpec input = bundle.input();
    InputSpec other = input.withReducedScaleJpeg(!input.resize().reducedScaleJpeg());
    String asRun = "as run does: " + scales(input);
    String otherwise =
        "reducedScaleJpeg %s: %s".formatted(other.resize().reducedScaleJpeg(), scales(other));
    for (int workers : workerCounts()) {
      String by = "%d worker%s".formatted(workers, workers == 1 ? "" : "s");
      repeat(
          schedule,
          "decode",
          "%s, %s".formatted(by, asRun),
          workers,
          () -> new CheckedDecode(input));
      repeat(
          schedule,
          "decode",
          "%s, %s".formatted(by, otherwise),
          workers,
          () -> new CheckedDecode(other));
      repeat(
          schedule,
          "decode",
          "%s, OpenCV alone at full scale".formatted(by),
          workers,
          () -> new PlainJpeg(pictures, input));
      repeat(
          schedule,
          "decode",
          "%s, the check for damage alone".formatted(by),
          workers,
          () -> new CheckAlone(pictures, bed.config().limits()));
    }
  }

  /** What the resize rule makes of the pictures here. */
  private String scales(InputSpec input) {
    return pictures.divisors(input, bed.config().limits()).stream()
        .map(n -> n == 1 ? "full scale" : "1/" + n)
        .collect(Collectors.joining(" and "));
  }

  private Set<Integer> workerCounts() {
    TreeSet<Integer> counts = new TreeSet<>(List.of(cores));
    for (int workers = 1; workers < cores; workers *= 2) {
      counts.add(workers);
    }
    return counts;
  }

  void encode(Schedule schedule) {
    encode(schedule, 1, 1);
    if (provider != Provider.CPU) {
      encode(schedule, 2, 1);
    } else if (cores > 1) {
      encode(schedule, cores, 1);
      encode(schedule, 1, cores);
    }
  }

  private void encode(Schedule schedule, int callers, int intraOp) {
    List<Integer> batches = new ArrayList<>();
    for (int batch : provider == Provider.CPU ? BATCHES : GPU_BATCHES) {
      if (provider != Provider.CPU
          || batch == 1
          || bundle.encoder().bitEqualBatchSizes().contains(batch)) {
        batches.add(batch);
      }
    }
    int most = batches.get(batches.size() - 1);
    RuntimeSettings settings =
        RuntimeSettings.DEFAULT.withCallers(callers).withIntraOpThreads(intraOp).withMaxBatch(most);
    for (int batch : batches) {
      String setting =
          "batch %d, %d caller%s, intra-op %d"
              .formatted(batch, callers, callers == 1 ? "" : "s", intraOp);
      Stage stage = stage("encode", setting);
      for (int i = 0; i < repetitions; i++) {
        schedule.add(
            "encode, " + setting,
            each + 0.3,
            () -> {
              try (ModelRuntime runtime = ModelRuntime.open(bundle, provider, settings)) {
                if (batch <= runtime.encoder().maxBatch()) {
                  stage.series.add(
                      loops.rate(callers, () -> new Encode(runtime.encoder(), batch)).fps());
                } else {
                  stages.remove(key("encode", setting)); // not bit-equal on this machine
                }
              }
            });
      }
    }
  }

  void step(Schedule schedule) {
    for (int batch : STEP_BATCHES) {
      repeat(schedule, "step", "batch %d, 1 caller".formatted(batch), 1, () -> step(batch));
    }
    if (provider == Provider.CPU) {
      return;
    }
    for (int batch : STEP_BATCHES_ON_GPU) {
      repeat(
          schedule,
          "step on " + provider.name().toLowerCase(Locale.ROOT),
          "batch %d, 1 caller".formatted(batch),
          1,
          () -> gpuStep(batch));
    }
  }

  /** Produce, consume and put, on topics that are deleted again but for {@code full}. */
  void kafka(Schedule schedule, String full) {
    BenchKafka kafka = bed.kafka();
    int parts = bed.partitions();
    Stage produce = stage("produce", "1 producer, all partitions");
    Stage consume = stage("consume", "1 consumer, all partitions");
    Stage put = stage("put", "state put with changelog, nothing cached");
    Loops clients = new Loops(0.5, Math.max(0.5, each));
    AppRuns brief = bed.runs().lasting(Math.max(0.5, each / 2), Math.max(1, each));
    for (int i = 0; i < repetitions; i++) {
      String topic = "produced-%d".formatted(i);
      schedule.add(
          "produce",
          each + 1.3,
          () -> {
            String name = kafka.topic(topic, parts);
            produce.series.add(clients.rate(1, () -> new Produce(kafka.sink(name))).fps());
            kafka.delete(topic);
          });
      schedule.add(
          "consume",
          each + 0.3,
          () ->
              consume.series.add(
                  clients.rate(1, () -> new Consume(kafka.consumer(full, AT_ONCE))).fps()));
    }
    long[] puts = {0};
    Cameras small = new Cameras(cameras.ids(), BenchFrames.none(), 0, 0);
    schedule.add(
        "filling a topic for state puts",
        3,
        () -> {
          puts[0] = Math.round(60_000 * brief.reach());
          kafka.fill(kafka.topic("puts", parts), small, 0, puts[0]);
        });
    for (int i = 0; i < repetitions; i++) {
      schedule.add(
          "state put with changelog",
          brief.estimate(),
          () ->
              put.series.add(
                  brief.steady(AppRuns.Kind.PUT, kafka.name("puts"), puts[0], UNCACHED).fps()));
    }
    schedule.add("deleting that topic", 0.1, () -> kafka.delete("puts"));
  }

  private void repeat(
      Schedule schedule, String name, String setting, int threads, Supplier<Work> works) {
    Stage stage = stage(name, setting);
    for (int i = 0; i < repetitions; i++) {
      schedule.add(
          "%s, %s".formatted(name, setting),
          each,
          () -> stage.series.add(loops.rate(threads, works).fps()));
    }
  }

  private Stage stage(String name, String setting) {
    Stage stage = new Stage(name, setting, new Series());
    stages.put(key(name, setting), stage);
    return stage;
  }

  private static String key(String name, String setting) {
    return name + " " + setting;
  }

  private ByteBuffer buffer(int batch) {
    return ByteBuffer.allocateDirect(bundle.input().bytes() * batch).order(ByteOrder.nativeOrder());
  }

  /** Check, decoding and resize, as the application does them. */
  private final class CheckedDecode implements Work, PictureSink {
    private final FrameDecoder decoder;
    private final ByteBuffer place = buffer(1);
    private long n;

    CheckedDecode(InputSpec input) {
      this.decoder = PictureDecoders.open(input, bed.config().limits());
    }

    @Override
    public int run() throws FrameDecodeException {
      decoder.decode(cameras.frame(n++), this);
      return 1;
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      return Optional.of(place.clear());
    }

    @Override
    public void filled(int index) {}

    @Override
    public void close() {
      decoder.close();
    }
  }

  private final class Encode implements Work {
    private final FrameEncoder encoder;
    private final int batch;
    private final ByteBuffer pixels;

    Encode(FrameEncoder encoder, int batch) {
      this.encoder = encoder;
      this.batch = batch;
      this.pixels = buffer(batch);
      byte[] noise = new byte[pixels.capacity()];
      new Random(7).nextBytes(noise);
      pixels.put(noise).clear();
    }

    @Override
    public int run() {
      return encoder.encode(pixels, batch).length;
    }
  }

  private Work step(int batch) {
    StepBatches step = StepBatches.open(bundle, batch);
    return new Step(step::run, step::close, batch);
  }

  private Work gpuStep(int batch) {
    StepOnProvider step = StepOnProvider.open(bundle, provider, RuntimeSettings.DEFAULT, batch);
    return new Step(step::run, step::close, batch);
  }

  private record Step(Runnable step, Runnable end, int batch) implements Work {
    @Override
    public int run() {
      step.run();
      return batch;
    }

    @Override
    public void close() {
      end.run();
    }
  }

  private final class Produce implements Work {
    private final KafkaFrameSink sink;
    private long n;

    Produce(KafkaFrameSink sink) {
      this.sink = sink;
    }

    @Override
    public int run() throws DeliveryException {
      sink.send(cameras.frame(n++));
      return 1;
    }

    @Override
    public void close() {
      sink.close();
    }
  }

  /** Reads each partition over and over. */
  private static final class Consume implements Work {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    Consume(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
      this.ends = consumer.endOffsets(consumer.assignment());
    }

    @Override
    public int run() {
      int count = consumer.poll(POLL).count();
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        if (consumer.position(end.getKey()) >= end.getValue()) {
          consumer.seek(end.getKey(), 0); // nothing is deleted from a topic of the bench's
        }
      }
      return count;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
