package io.gatestream.config;

import static io.gatestream.config.RunSetting.*;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.StrayBytes;
import io.gatestream.natives.CacheFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All settings of {@code run}, validated; {@link RunSetting} says what each means.
 *
 * @param closeLeavesGroup whether a clean close gives the partitions to the others at once
 */
public record RunConfig(
    KafkaAccess kafka,
    Path model,
    String applicationId,
    Topics topics,
    TopicCreation creation,
    Start start,
    Compute compute,
    Windows windows,
    Storage storage,
    PolicySettings policy,
    Overload overload,
    int scoreLimit,
    FrameLimits limits,
    Http http,
    int closeSeconds,
    boolean closeLeavesGroup) {

  public enum Start {
    EARLIEST,
    LATEST
  }

  public enum OverloadMode {
    KEEP_ALL,
    LATEST
  }

  /**
   * What becomes of frames that come faster than they can be labelled.
   *
   * @param records that a partition may lag before its frames are skipped; for LATEST only
   */
  public record Overload(OverloadMode mode, int records) {}

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
      Calibration calibration,
      OptionalInt pixelSlots) {}

  /** Whether numbers that are not given are measured, and where they are kept. */
  public record Calibration(boolean enabled, Path folder) {}

  /** How much is fetched and buffered. */
  public record Windows(
      int maxPollRecords,
      int bufferedRecordsPerPartition,
      int fetchBytes,
      int partitionFetchBytes,
      int maxRecordBytes) {}

  /** State, its memory and its commits. */
  public record Storage(
      long rocksDbBytes,
      long storeCacheBytes,
      int commitIntervalMillis,
      Path stateDir,
      String storeName,
      int standbyReplicas) {}

  /** Where metrics and health are served; no port, no server. */
  public record Http(OptionalInt port, String host) {}

  /**
   * Reads and validates; every problem is reported at once.
   *
   * @param defaultModel the bundle to use where none is named
   */
  public static RunConfig from(Settings settings, Optional<Path> defaultModel) {
    Reader read = new Reader(settings);
    Optional<Path> model = settings.text(MODEL.key()).map(Path::of).or(() -> defaultModel);
    if (model.isEmpty()) {
      settings.problem("no model bundle is named: give --model BUNDLE");
    }
    String applicationId = read.name(APPLICATION_ID);
    String storeName = read.name(STORE_NAME);
    TopicCreation creation =
        new TopicCreation(
            settings.flag(CREATE_TOPICS.key(), false),
            read.number(PARTITIONS, 1, 10_000),
            read.number(REPLICATION_FACTOR, -1, 100));
    Start start = settings.choice(START.key(), Start.class, Start.EARLIEST);
    Compute compute =
        new Compute(
            settings.choice(PROVIDER.key(), Provider.class, Provider.CPU),
            read.number(GPU_DEVICE, 0, 1_023),
            read.number(GPU_MEMORY_MB, 64, 1_048_576) * 1_048_576L,
            read.number(STREAM_THREADS, 1, 256),
            read.optional(WORKERS, 0, 1_024),
            read.optional(ENCODER_CALLERS, 1, 1_024),
            read.optional(ENCODER_THREADS, 1, 1_024),
            read.optional(ENCODER_BATCH, 1, 4_096),
            new Calibration(
                settings.flag(CALIBRATE.key(), true),
                settings
                    .text(CALIBRATION_DIR.key())
                    .map(Path::of)
                    .orElseGet(() -> CacheFolder.standard().resolve("calibration"))),
            read.optional(PIXEL_SLOTS, 2, 1_000_000));
    Windows windows =
        new Windows(
            read.number(MAX_POLL_RECORDS, 1, 100_000),
            read.number(BUFFERED_RECORDS_PER_PARTITION, 1, 1_000_000),
            read.number(FETCH_BYTES, 1_024, Integer.MAX_VALUE),
            read.number(PARTITION_FETCH_BYTES, 1_024, Integer.MAX_VALUE),
            read.number(MAX_RECORD_BYTES, 1_024, 1_073_741_824));
    Storage storage =
        new Storage(
            read.number(ROCKSDB_BYTES, 1_048_576, Integer.MAX_VALUE),
            read.number(STORE_CACHE_BYTES, 0, Integer.MAX_VALUE),
            // with a pass of five minutes, as long as brokers let a transaction be open by default
            read.number(COMMIT_INTERVAL_MILLIS, 1, 600_000),
            settings.text(STATE_DIR.key()).map(Path::of).orElseGet(() -> read.defaultStateDir()),
            storeName,
            read.number(STANDBY_REPLICAS, 0, 100));
    Optional<PolicySettings> policy = read.policy();
    Optional<Topics> topics = read.topics();
    Overload overload =
        new Overload(
            settings.choice(OVERLOAD.key(), OverloadMode.class, OverloadMode.KEEP_ALL),
            read.number(OVERLOAD_RECORDS, 1, Integer.MAX_VALUE));
    int scoreLimit = read.number(SCORE_LIMIT, 1, 1_000_000);
    FrameLimits limits =
        new FrameLimits(
            read.number(MAX_SIDE, 1, 65_535),
            read.number(MAX_PIXELS, 1, Integer.MAX_VALUE),
            read.number(MAX_SEGMENT_FRAMES, 1, 1_000_000),
            read.number(MAX_SCANS, 1, 1_000_000),
            settings.number(MAX_WORK.key(), Long.parseLong(MAX_WORK.standard()), 1, Long.MAX_VALUE),
            settings.choice(JPEG_STRAY_BYTES.key(), StrayBytes.class, StrayBytes.REPAIR));
    Http http =
        new Http(
            read.optional(HTTP_PORT, 0, 65_535),
            settings.text(HTTP_HOST.key(), HTTP_HOST.standard()));
    int closeSeconds = read.number(CLOSE_SECONDS, 1, 3_600);
    boolean closeLeavesGroup = GroupMembership.closeLeavesGroup(settings);
    int slots = compute.pixelSlots().orElse(Integer.MAX_VALUE);
    if (slots <= compute.streamThreads()) {
      settings.problem(
          "pixel.slots is %d and stream.threads %d: give more slots than threads"
              .formatted(slots, compute.streamThreads()));
    }
    ReservedKeys.refuse(settings);
    GroupMembership.check(settings);
    FormerSettings.check(settings);
    KafkaAccess kafka = settings.kafkaAccess();
    return new RunConfig(
        kafka,
        model.orElseThrow(),
        applicationId,
        topics.orElseThrow(),
        creation,
        start,
        compute,
        windows,
        storage,
        policy.orElseThrow(),
        overload,
        scoreLimit,
        limits,
        http,
        closeSeconds,
        closeLeavesGroup);
  }

  /** Reads a setting with its documented default. */
  private record Reader(Settings settings) {
    int number(RunSetting setting, int min, int max) {
      return settings.integer(setting.key(), Integer.parseInt(setting.standard()), min, max);
    }

    OptionalInt optional(RunSetting setting, int min, int max) {
      return settings.text(setting.key()).isEmpty()
          ? OptionalInt.empty()
          : OptionalInt.of(settings.integer(setting.key(), min, min, max));
    }

    /** The JVM says '?' where the system knows no home of this user. */
    Path defaultStateDir() {
      Path home = Path.of(System.getProperty("user.home"));
      if (!home.isAbsolute()) {
        settings.problem("this user has no home for the local state: give --state-dir DIR");
      }
      return home.resolve(".local").resolve("state").resolve("gatestream");
    }

    String name(RunSetting setting) {
      String name = settings.text(setting.key(), setting.standard());
      if (!name.matches("[a-zA-Z0-9._-]{1,200}")) {
        settings.problem(
            "%s is '%s': use letters, digits, '.', '_' and '-' only"
                .formatted(setting.key(), name));
      }
      return name;
    }

    Optional<PolicySettings> policy() {
      int gap = number(GAP_MILLIS, 1, Integer.MAX_VALUE);
      int expiry = number(EXPIRY_MILLIS, 1, Integer.MAX_VALUE);
      try {
        return Optional.of(
            new PolicySettings(
                gap * 1_000L,
                expiry * 1_000L,
                settings.choice(
                    MODEL_CHANGE.key(),
                    PolicySettings.ModelChange.class,
                    PolicySettings.ModelChange.RESET),
                latestTime(),
                settings.flag(TOMBSTONE_RESETS.key(), true),
                number(STATE_REMOVAL_RECORDS, 0, Integer.MAX_VALUE),
                number(SESSION_RETURN_MILLIS, 1, Integer.MAX_VALUE) * 1_000L));
      } catch (ConfigException e) {
        e.problems().forEach(settings::problem);
        return Optional.empty();
      }
    }

    /** Microseconds since the epoch. */
    private long latestTime() {
      String given = settings.text(LATEST_TIME.key(), LATEST_TIME.standard());
      try {
        Instant time = Instant.parse(given);
        return Math.addExact(
            Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
      } catch (DateTimeParseException | ArithmeticException e) {
        settings.problem(
            "%s is '%s': give a time such as %s"
                .formatted(LATEST_TIME.key(), given, LATEST_TIME.standard()));
        return PolicySettings.YEAR_2200;
      }
    }

    Optional<Topics> topics() {
      try {
        return Optional.of(
            new Topics(
                settings.text(FRAMES_TOPIC.key(), FRAMES_TOPIC.standard()),
                settings.text(LABELS_TOPIC.key(), LABELS_TOPIC.standard()),
                settings.text(REJECTED_TOPIC.key(), REJECTED_TOPIC.standard())));
      } catch (ConfigException e) {
        e.problems().forEach(settings::problem);
        return Optional.empty();
      }
    }
  }
}
