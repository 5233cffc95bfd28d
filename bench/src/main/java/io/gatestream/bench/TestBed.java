package io.gatestream.bench;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Provider;
import io.gatestream.config.RunConfig;
import io.gatestream.frame.Micros;
import io.gatestream.model.BatchSizes;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.calibration.CalibratedRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What all measurements share: brokers, settings, model and frames. Measured applications run in
 * this process, the broker in another. Opened, used and closed by one thread.
 */
public final class TestBed implements AutoCloseable {
  private static final long STANDARD_INTERVAL = 100_000;

  /** With the broker of its own: a machine that is busy with something else makes it slow. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Frames a second with a transaction every few of them. */
  private static final double WARM_UP_RATE = 10_000;

  private final BenchSettings settings;
  private final RunConfig config;
  private final ModelBundle bundle;
  private final ComputePlan plan;
  private final BenchFrames pictures;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final Instant start = Instant.now();
  private final Cameras cameras;
  private final BenchKafka kafka;
  private final AppRuns runs;
  private final RawLoop rawLoop;

  /**
   * Calibrates, once for all that is measured, and starts a broker unless the user named one.
   *
   * @param configs makes an application's settings from flags, on top of what the user gave
   * @throws io.gatestream.errors.ConfigException model or settings cannot be used
   */
  public TestBed(
      BenchSettings settings,
      Function<Map<String, String>, RunConfig> configs,
      BenchFrames pictures) {
    this.settings = settings;
    this.pictures = pictures;
    // before the broker starts: what is wrong with model or settings is said at once
    config = configs.apply(Map.of("bootstrap.servers", "127.0.0.1:1"));
    bundle = BundleReader.load(config.model());
    plan = CalibratedRuntime.plan(bundle, config.compute());
    cameras = cameras(StreamKind.EVEN, settings.streams(), pictures);
    rawLoop =
        new RawLoop(
            bundle,
            config,
            new Loops(settings.seconds() / 5, settings.seconds()),
            cameras,
            pictures.count());
    kafka = connect();
    runs =
        new AppRuns(
            kafka,
            flags -> configs.apply(planned(flags)),
            settings.folder().resolve("state"),
            settings.warmUp(),
            settings.seconds());
  }

  /** What a run sets by itself stands; the rest is the plan, so that no run calibrates. */
  private Map<String, String> planned(Map<String, String> flags) {
    Map<String, String> all = new HashMap<>();
    all.put("workers", Integer.toString(plan.workers()));
    all.put("encoder.callers", Integer.toString(plan.callers()));
    all.put("encoder.threads", Integer.toString(plan.threads()));
    all.put("encoder.batch", Integer.toString(batch(flags)));
    all.putAll(flags);
    return all;
  }

  /** The plan's batch, or the largest below that another model runs with on a CPU. */
  private int batch(Map<String, String> flags) {
    String other = flags.get("model");
    if (other == null || config.compute().provider() != Provider.CPU) {
      return plan.batch();
    }
    ModelBundle read = BundleReader.load(Path.of(other));
    List<Integer> sizes = BatchSizes.bitEqual(read.encoder(), plan.batch()).ascending();
    return sizes.get(sizes.size() - 1);
  }

  private BenchKafka connect() {
    String prefix = "gatestream-bench-%x-".formatted(start.toEpochMilli());
    if (settings.kafka().isPresent()) {
      return new BenchKafka(settings.kafka().get(), Optional.empty(), prefix);
    }
    Path folder = settings.folder().resolve("broker");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    BrokerProcess broker = BrokerProcess.start(folder);
    return new BenchKafka(
        new KafkaAccess(broker.bootstrapServers(), Map.of(), PATIENCE),
        Optional.of(broker),
        prefix);
  }

  /** How streams lie on partitions. */
  enum StreamKind {
    EVEN,
    HALF_ON_ONE
  }

  Cameras cameras(StreamKind kind, int streams, BenchFrames frames) {
    return new Cameras(
        kind == StreamKind.EVEN
            ? StreamIds.even(streams, partitions())
            : StreamIds.halfOnOne(streams, partitions()),
        frames,
        Micros.of(start),
        intervalMicros());
  }

  /** The streams that everything is measured with, unless it says otherwise. */
  Cameras cameras() {
    return cameras;
  }

  BenchSettings settings() {
    return settings;
  }

  RunConfig config() {
    return config;
  }

  ModelBundle bundle() {
    return bundle;
  }

  BenchFrames pictures() {
    return pictures;
  }

  BenchKafka kafka() {
    return kafka;
  }

  AppRuns runs() {
    return runs;
  }

  RawLoop rawLoop() {
    return rawLoop;
  }

  int cores() {
    return cores;
  }

  /** Of frames topics. */
  int partitions() {
    return 2 * cores;
  }

  /** Between frames of one stream; a tenth of a second for a model that takes every frame. */
  long intervalMicros() {
    return bundle.frameIntervalMicros() == 0 ? STANDARD_INTERVAL : bundle.frameIntervalMicros();
  }

  /** See {@link AppRuns#warmKafka}; once, before anything that has Kafka in it. */
  void warmKafka(Schedule schedule) {
    double most = Math.min(12, 3 * settings.seconds());
    schedule.add(
        "warming up Kafka",
        most + 5,
        () -> {
          long total = Math.round(WARM_UP_RATE * most);
          Cameras empty = cameras(StreamKind.EVEN, settings.streams(), BenchFrames.none());
          kafka.fill(kafka.topic("warm-up", partitions()), empty, 0, total);
          runs.warmKafka(kafka.name("warm-up"), total, most);
          kafka.delete("warm-up");
        });
  }

  /** Everything in the processor, one frame at a time, each encoder call on all cores. */
  Map<String, String> naiveFlags() {
    return naiveFlags(1, cores);
  }

  /** Everything in the processor, one frame at a time on each stream thread. */
  Map<String, String> naivePerCoreFlags() {
    return naiveFlags(cores, 1);
  }

  private static Map<String, String> naiveFlags(int streamThreads, int encoderThreads) {
    String callers = Integer.toString(streamThreads);
    return Map.of(
        "workers",
        "0",
        "stream.threads",
        callers,
        "encoder.callers",
        callers,
        "encoder.batch",
        "1",
        "encoder.threads",
        Integer.toString(encoderThreads));
  }

  /**
   * Runs the naive ways and the application over a full topic, once, before any is measured.
   *
   * @param total frames in the topic, known when that is full
   */
  void warmUp(Schedule schedule, String topic, LongSupplier total) {
    for (Map<String, String> naive : List.of(naiveFlags(), naivePerCoreFlags())) {
      schedule.add(
          "warming up, naive",
          runs.estimate(),
          () -> runs.steady(AppRuns.Kind.WHOLE, kafka.name(topic), total.getAsLong(), naive));
    }
    schedule.add(
        "warming up, end to end",
        settings.longWarmUp(),
        () -> runs.warm(kafka.name(topic), total.getAsLong(), settings.longWarmUp()));
  }

  /** Frames a second that the model makes of this machine at most, roughly. */
  double roughRate() throws InterruptedException {
    return rawLoop.rate(new Loops(0.5, Math.max(0.5, settings.stageSeconds())), cores, 1).fps();
  }

  /**
   * Makes a topic with as many frames as the fastest can label while it is measured once, and some
   * more.
   *
   * @return how many
   */
  long fill(String topic, Cameras of) throws InterruptedException {
    return fill(topic, of, runs.reach());
  }

  /** As the other, for so many seconds. */
  long fill(String topic, Cameras of, double reach) throws InterruptedException {
    long total = Math.round(1.3 * roughRate() * reach) + 512;
    kafka.fill(kafka.topic(topic, partitions()), of, 0, total);
    return total;
  }

  BenchReport.Setup setup() {
    return new BenchReport.Setup(
        "%s %s, %d x %d, state of %d bytes"
            .formatted(
                bundle.name(),
                bundle.version(),
                bundle.input().width(),
                bundle.input().height(),
                bundle.stateBytes()),
        config.compute().provider().name().toLowerCase(Locale.ROOT),
        plan,
        cores,
        settings.streams(),
        partitions(),
        pictures.count(),
        pictures.meanBytes(),
        settings.seconds(),
        settings.repetitions(),
        kafka.knowsCpu());
  }

  /** Ends the broker, or deletes all topics that were made on the user's. */
  @Override
  public void close() {
    kafka.close();
  }
}
