package io.gatestream.config;

import static io.gatestream.config.RunSettings.*;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.natives.CacheFolder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * All settings of {@code run}, validated; {@link RunSettings} says what each means.
 *
 * @param closeLeavesGroup whether a clean close gives the partitions to the others at once
 */
public record RunConfig(
    KafkaAccess kafka,
    Path model,
    String applicationId,
    Topics topics,
    TopicCreation creation,
    StartPosition start,
    Compute compute,
    PollBounds pollBounds,
    Storage storage,
    PolicySettings policy,
    Overload overload,
    int scoreLimit,
    Events events,
    FrameLimits limits,
    Http http,
    Otlp otlp,
    int closeSeconds,
    boolean closeLeavesGroup) {

  /**
   * What becomes of frames that come faster than they can be labelled.
   *
   * @param records that a partition may lag before its frames are skipped; for LATEST only
   */
  public record Overload(OverloadMode mode, int records) {}

  /**
   * Whether events are written.
   *
   * @param rules a file with the rules; empty for those of the model
   */
  public record Events(boolean enabled, Optional<Path> rules) {}

  /** Whether and how missing topics are created. */
  public record TopicCreation(boolean create, int partitions, int replicationFactor) {}

  /**
   * Threads and devices; an empty number is chosen for the device.
   *
   * @param gpuMemoryBytes that ONNX Runtime may take
   */
  public record Compute(
      Provider provider,
      int gpuDevice,
      long gpuMemoryBytes,
      int streamThreads,
      OptionalInt workers,
      OptionalInt encoderCallers,
      OptionalInt encoderThreads,
      OptionalInt encoderBatch,
      OptionalInt stepBatch,
      CalibrationSettings calibration,
      OptionalInt pixelSlots) {}

  /** Whether numbers that are not given are measured, and where they are kept. */
  public record CalibrationSettings(boolean enabled, Path folder) {}

  /** How much is fetched and buffered. */
  public record PollBounds(
      int maxPollRecords,
      int bufferedRecordsPerPartition,
      int fetchBytes,
      int partitionFetchBytes,
      int maxRecordBytes) {}

  /** State, its memory and its commits. */
  public record Storage(
      long rocksDbBytes,
      long storeCacheBytes,
      long hotStateBytes,
      int commitIntervalMillis,
      Path stateDir,
      String storeName,
      int standbyReplicas) {}

  /**
   * Where metrics, health and streams are served; no port, no server.
   *
   * @param advertised where the other instances reach it, if that is not what it listens on
   */
  public record Http(OptionalInt port, String host, Optional<String> advertised) {}

  /**
   * Where metrics are pushed; no endpoint, no pushes.
   *
   * @param interval from one push to the next; empty is what OpenTelemetry's variables say
   */
  public record Otlp(Optional<URI> endpoint, Optional<Duration> interval) {
    public static final Otlp NONE = new Otlp(Optional.empty(), Optional.empty());

    private static final String PATH = "/v1/metrics";

    private static Otlp of(Settings settings) {
      return new Otlp(
          settings.get(OTLP_ENDPOINT).map(Otlp::withPath),
          settings.get(OTLP_INTERVAL_SECONDS).map(Duration::ofSeconds));
    }

    /** An address without a path gets the one that collectors have. */
    private static URI withPath(URI given) {
      String path = given.getRawPath();
      return path == null || path.isEmpty() || path.equals("/") ? given.resolve(PATH) : given;
    }
  }

  /**
   * Reads and validates; every problem is reported at once.
   *
   * @param defaultModel the bundle to use where none is named
   */
  public static RunConfig from(Settings settings, Optional<Path> defaultModel) {
    Optional<Path> model = settings.get(MODEL).or(() -> defaultModel);
    if (model.isEmpty()) {
      settings.problem("no model bundle is named: give --model BUNDLE");
    }
    String applicationId = settings.get(APPLICATION_ID);
    Optional<Topics> topics =
        checked(
            settings,
            () ->
                new Topics(
                    settings.get(FRAMES_TOPIC),
                    settings.get(LABELS_TOPIC),
                    settings.get(REJECTED_TOPIC),
                    settings.get(EVENTS_TOPIC)));
    TopicCreation creation =
        new TopicCreation(
            settings.get(CREATE_TOPICS),
            settings.get(PARTITIONS),
            settings.get(REPLICATION_FACTOR));
    StartPosition start = settings.get(START);
    Compute compute = compute(settings);
    PollBounds pollBounds =
        new PollBounds(
            settings.get(MAX_POLL_RECORDS),
            settings.get(BUFFERED_RECORDS_PER_PARTITION),
            settings.get(FETCH_BYTES),
            settings.get(PARTITION_FETCH_BYTES),
            settings.get(MAX_RECORD_BYTES));
    Storage storage =
        new Storage(
            settings.get(ROCKSDB_BYTES),
            settings.get(STORE_CACHE_BYTES),
            settings.get(HOT_STATE_BYTES),
            settings.get(COMMIT_INTERVAL_MILLIS),
            settings.get(STATE_DIR).orElseGet(() -> defaultStateDir(settings)),
            settings.get(STORE_NAME),
            settings.get(STANDBY_REPLICAS));
    Optional<PolicySettings> policy = checked(settings, () -> policy(settings));
    Overload overload = new Overload(settings.get(OVERLOAD), settings.get(OVERLOAD_RECORDS));
    int scoreLimit = settings.get(SCORE_LIMIT);
    Events events = new Events(settings.get(EVENTS), settings.get(EVENTS_RULES));
    FrameLimits limits =
        new FrameLimits(
            settings.get(MAX_SIDE),
            settings.get(MAX_PIXELS),
            settings.get(MAX_SEGMENT_FRAMES),
            settings.get(MAX_SCANS),
            settings.get(MAX_WORK),
            settings.get(JPEG_STRAY_BYTES),
            settings.get(JPEG_CHECK));
    Http http =
        new Http(
            number(settings.get(HTTP_PORT)),
            settings.get(HTTP_HOST),
            settings.get(HTTP_ADVERTISED));
    Otlp otlp = Otlp.of(settings);
    int closeSeconds = settings.get(CLOSE_SECONDS);
    boolean closeLeavesGroup = GroupMembership.closeLeavesGroup(settings);
    ReservedKeys.refuse(settings);
    GroupMembership.check(settings);
    refuseFormer(settings);
    KafkaAccess kafka = settings.kafkaAccess();
    return new RunConfig(
        kafka,
        model.orElseThrow(),
        applicationId,
        topics.orElseThrow(),
        creation,
        start,
        compute,
        pollBounds,
        storage,
        policy.orElseThrow(),
        overload,
        scoreLimit,
        events,
        limits,
        http,
        otlp,
        closeSeconds,
        closeLeavesGroup);
  }

  /** The same, where it is known whether there are any rules for events. */
  public RunConfig withEvents(boolean enabled) {
    if (enabled) {
      topics.requireOwnEvents();
    }
    return new RunConfig(
        kafka,
        model,
        applicationId,
        topics,
        creation,
        start,
        compute,
        pollBounds,
        storage,
        policy,
        overload,
        scoreLimit,
        new Events(enabled, events.rules()),
        limits,
        http,
        otlp,
        closeSeconds,
        closeLeavesGroup);
  }

  /** The topics that the application writes. */
  public List<String> outputs() {
    List<String> outputs = new ArrayList<>(List.of(topics.labels(), topics.rejected()));
    if (events.enabled()) {
      outputs.add(topics.events());
    }
    return outputs;
  }

  private static Compute compute(Settings settings) {
    Compute compute =
        new Compute(
            settings.get(PROVIDER),
            settings.get(GPU_DEVICE),
            settings.get(GPU_MEMORY_MB) * 1_048_576L,
            settings.get(STREAM_THREADS),
            number(settings.get(WORKERS)),
            number(settings.get(ENCODER_CALLERS)),
            number(settings.get(ENCODER_THREADS)),
            number(settings.get(ENCODER_BATCH)),
            number(settings.get(STEP_BATCH)),
            new CalibrationSettings(
                settings.get(CALIBRATE),
                settings
                    .get(CALIBRATION_DIR)
                    .orElseGet(() -> CacheFolder.standard().resolve("calibration"))),
            number(settings.get(PIXEL_SLOTS)));
    int slots = compute.pixelSlots().orElse(Integer.MAX_VALUE);
    if (slots <= compute.streamThreads()) {
      settings.problem(
          "pixel.slots is %d and stream.threads %d: give more slots than threads"
              .formatted(slots, compute.streamThreads()));
    }
    return compute;
  }

  private static OptionalInt number(Optional<Integer> given) {
    return given.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** The JVM says '?' where the system knows no home of this user. */
  private static Path defaultStateDir(Settings settings) {
    Path home = Path.of(System.getProperty("user.home"));
    if (!home.isAbsolute()) {
      settings.problem("this user has no home for the local state: give --state-dir DIR");
    }
    return home.resolve(".local").resolve("state").resolve("gatestream");
  }

  private static PolicySettings policy(Settings settings) {
    return new PolicySettings(
        settings.get(GAP_MILLIS) * 1_000L,
        settings.get(EXPIRY_MILLIS) * 1_000L,
        settings.get(MODEL_CHANGE),
        settings.get(LATEST_TIME),
        settings.get(TOMBSTONE_RESETS),
        settings.get(STATE_REMOVAL_RECORDS),
        settings.get(SESSION_RETURN_MILLIS) * 1_000L);
  }

  /** What settings make together, or empty and a problem where they do not go together. */
  private static <T> Optional<T> checked(Settings settings, Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (ConfigException e) {
      e.problems().forEach(settings::problem);
      return Optional.empty();
    }
  }

  /** Of a setting of earlier versions, what is no longer done; what is always done is accepted. */
  private static void refuseFormer(Settings settings) {
    if (!settings.text(Settings.GUARANTEE).orElse("exactly-once").equals("exactly-once")) {
      settings.wrong(
          Settings.GUARANTEE,
          "labels are written exactly once, always. At-least-once lost labels: after a crash the"
              + " states were ahead of the frames that came again, which then counted as"
              + " duplicates. Remove the setting");
    }
  }
}
