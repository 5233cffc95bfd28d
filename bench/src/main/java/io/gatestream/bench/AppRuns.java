package io.gatestream.bench;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs applications over topics that are full before they start, each with an application id, state
 * folder and topics of its own. Used by one thread.
 */
final class AppRuns {
  private static final String STORE = "streams";

  /** Part of a span's length within which it may begin. */
  private static final double SLACK = 0.2;

  private final BenchKafka kafka;
  private final Configs configs;
  private final Path folder;
  private final double warmUp;
  private final double seconds;
  private final AtomicInteger number;

  /** Makes the application's settings from flags, on top of what the user gave. */
  interface Configs {
    RunConfig with(Map<String, String> flags);
  }

  /** What is run. */
  enum Kind {
    /** Gatestream. */
    WHOLE,
    /** Gatestream with a model that costs nothing. */
    FREE,
    /** Kafka Streams alone, putting states and forwarding labels. */
    BARE,
    /** Kafka Streams alone, putting states. */
    PUT
  }

  /**
   * What came of a run.
   *
   * @param brokerShare of all cores that the broker used, 0 where that is not known
   * @param cpuMicros processor time of this process for each frame
   * @param brokerCpuMicros of the broker for each frame, 0 where that is not known
   * @param heapBytes allocated for each frame
   * @param changelogBytes written for each frame, where the brokers tell
   */
  record Result(
      double fps,
      double brokerShare,
      double cpuMicros,
      double brokerCpuMicros,
      double heapBytes,
      Optional<Double> changelogBytes,
      Optional<Double> labelBytes,
      double seconds) {}

  /**
   * Prepares runs.
   *
   * @param folder for local states
   * @param warmUp seconds from the first label to the earliest start of the clock
   * @param seconds that the clock runs at least
   */
  AppRuns(BenchKafka kafka, Configs configs, Path folder, double warmUp, double seconds) {
    this(kafka, configs, folder, warmUp, seconds, new AtomicInteger());
  }

  private AppRuns(
      BenchKafka kafka,
      Configs configs,
      Path folder,
      double warmUp,
      double seconds,
      AtomicInteger number) {
    this.kafka = kafka;
    this.configs = configs;
    this.folder = folder;
    this.warmUp = warmUp;
    this.seconds = seconds;
    this.number = number;
  }

  /** The same with other lengths. */
  AppRuns lasting(double otherWarmUp, double otherSeconds) {
    return new AppRuns(kafka, configs, folder, otherWarmUp, otherSeconds, number);
  }

  /** Seconds from the first label on that a span may lie in. */
  private double watched() {
    return warmUp + seconds * (1 + SLACK);
  }

  /** Seconds that a steady run takes, start and end included. */
  double estimate() {
    return watched() + 4;
  }

  /** Seconds for which a topic must hold frames. */
  double reach() {
    return watched() + 1;
  }

  /** The rate while there are frames enough. */
  Result steady(Kind kind, String topic, long total, Map<String, String> flags)
      throws InterruptedException {
    String id = nextId();
    Result result = steady(kind, id, topic, total, flags);
    kafka.delete(id);
    return result;
  }

  /**
   * As the other, with an application id that may have states, goes on where its last run ended and
   * keeps its topics.
   */
  Result steady(Kind kind, String id, String topic, long total, Map<String, String> flags)
      throws InterruptedException {
    return steady(kind, id, open(kind, id, topic, flags), total);
  }

  /** Runs and closes an application. */
  private Result steady(Kind kind, String id, MeasuredApp opened, long total)
      throws InterruptedException {
    Recording recording =
        record(
            opened,
            (first, now) -> now.labelled() >= total || now.secondsSince(first) > watched() + 0.1);
    // where the topic ran dry the frames before that still make a span
    List<Sample> full =
        recording.samples().stream().filter(sample -> sample.labelled() < total * 0.97).toList();
    MeasuredSpan span =
        MeasuredSpan.steady(full, nanos(warmUp), nanos(seconds), nanos(seconds * SLACK))
            .or(
                () ->
                    MeasuredSpan.steady(
                        full, nanos(warmUp), nanos(seconds / 2), nanos(seconds * SLACK)))
            .orElseThrow(
                () ->
                    new OutageException(
                        "%s: %d frames were too few for %.1f s: they were labelled at once"
                            .formatted(kind, total, seconds)));
    if (kind == Kind.WHOLE || kind == Kind.FREE) {
      requireCommitted(id, span.end().labelled());
    }
    return result(id, span, recording);
  }

  /** The rate from the first label to the last, whatever partitions run dry before. */
  double drained(String topic, long total, Map<String, String> flags) throws InterruptedException {
    String id = nextId();
    Recording recording = all(Kind.WHOLE, id, topic, total, flags);
    requireCommitted(id, total);
    kafka.delete(id);
    return MeasuredSpan.drained(recording.samples(), total)
        .orElseThrow(() -> new OutageException("not all frames were labelled"));
  }

  /**
   * Kafka Streams by itself, at about the rate of something else: what it does by the clock then
   * weighs on each frame as much.
   */
  Result bareAt(double fps, String topic, long total) throws InterruptedException {
    String id = nextId();
    RunConfig config = config(id, topic, Map.of());
    Duration pace = Duration.ofNanos(Math.round(1e9 / fps));
    Result result = steady(Kind.BARE, id, MeasuredApp.bare(config, true, pace), total);
    kafka.delete(id);
    return result;
  }

  /**
   * Runs Kafka's own code, the brokers' and the clients', until most of it is compiled: a free
   * model with many short transactions. Otherwise the compilers' threads take a share of the cores
   * from whatever is measured first.
   */
  void warmKafka(String topic, long total, double most) throws InterruptedException {
    String id = nextId();
    record(
        open(Kind.FREE, id, topic, Map.of("commit.interval.millis", "5")),
        (first, now) -> now.labelled() >= total || now.secondsSince(first) > most);
    kafka.delete(id);
  }

  /** Runs the application over a topic, again and again where that is short. */
  void warm(String topic, long total, double forSeconds) throws InterruptedException {
    long end = System.nanoTime() + nanos(forSeconds);
    while (System.nanoTime() - end < 0) {
      String id = nextId();
      record(
          open(Kind.WHOLE, id, topic, Map.of()),
          (first, now) -> now.labelled() >= total || now.nanos() - end >= 0);
      kafka.delete(id);
    }
  }

  /** Runs until all frames have a label, to leave states behind for the next run of that id. */
  void leaveStates(String id, String topic, long total) throws InterruptedException {
    all(Kind.FREE, id, topic, total, Map.of());
  }

  private Recording all(Kind kind, String id, String topic, long total, Map<String, String> flags)
      throws InterruptedException {
    return record(open(kind, id, topic, flags), (first, now) -> now.labelled() >= total);
  }

  /** Starts, watches and closes an application. */
  private Recording record(MeasuredApp opened, Recording.End end) throws InterruptedException {
    try (MeasuredApp app = opened) {
      app.start();
      return Recording.of(app, kafka::usage, end);
    }
  }

  /** An application on a topic, neither started nor known to anything; the caller closes it. */
  MeasuredApp open(Kind kind, String id, String topic, Map<String, String> flags) {
    RunConfig config = config(id, topic, flags);
    return switch (kind) {
      case WHOLE -> MeasuredApp.gatestream(config, false);
      case FREE -> MeasuredApp.gatestream(config, true);
      case BARE -> MeasuredApp.bare(config, true, Duration.ZERO);
      case PUT -> MeasuredApp.bare(config, false, Duration.ZERO);
    };
  }

  private RunConfig config(String id, String topic, Map<String, String> flags) {
    Map<String, String> all = new HashMap<>(flags);
    all.put("bootstrap.servers", kafka.access().bootstrapServers());
    all.put("application.id", kafka.name(id));
    all.put("frames.topic", topic);
    all.put("labels.topic", labels(id));
    all.put("rejected.topic", kafka.name(id + "-rejected"));
    all.put("events.topic", kafka.name(id + "-events"));
    all.put("create.topics", "true");
    all.put("start", "earliest");
    all.put("store.name", STORE);
    all.put("close.seconds", "60"); // a slow variant still has its window to work off
    all.put("state.dir", folder.resolve(id).toString());
    kafka.uses(kafka.name(id));
    return configs.with(all);
  }

  private String nextId() {
    return "run-%d".formatted(number.incrementAndGet());
  }

  String labels(String id) {
    return kafka.name(id + "-labels");
  }

  private void requireCommitted(String id, long counted) {
    long committed = kafka.committed(labels(id));
    if (committed < counted) {
      throw new OutageException(
          "%d labels were counted and %d are committed: a transaction was aborted, measure again"
              .formatted(counted, committed));
    }
  }

  private Result result(String id, MeasuredSpan span, Recording recording)
      throws InterruptedException {
    Usage from = recording.usageAt(span.begin());
    Usage to = recording.usageAt(span.end());
    long labelled = recording.labelled();
    double frames = span.frames();
    double broker = to.brokerNanos() - from.brokerNanos();
    double process = to.processNanos() - from.processNanos();
    double cores = Runtime.getRuntime().availableProcessors();
    Optional<Double> changelog = perFrame(kafka.name(id + "-" + STORE + "-changelog"), labelled);
    Optional<Double> labels = perFrame(labels(id), labelled);
    return new Result(
        span.fps(),
        broker / (span.seconds() * 1e9 * cores),
        process / frames / 1e3,
        broker / frames / 1e3,
        (to.heapBytes() - from.heapBytes()) / frames,
        changelog,
        labels,
        span.seconds());
  }

  private Optional<Double> perFrame(String topic, long frames) throws InterruptedException {
    return kafka.bytes(topic).map(bytes -> (double) bytes / frames);
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }
}
