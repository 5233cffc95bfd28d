package io.gatestream.config;

import static io.gatestream.config.SettingGroup.*;
import static io.gatestream.config.ValueKind.*;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.JpegDepth;
import io.gatestream.frame.StrayBytes;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every setting of {@code run}, in the order of help and docs/settings.md. */
public final class RunSettings {
  private static final List<Setting<?>> DEFINED = new ArrayList<>();
  private static final PolicySettings POLICY_DEFAULT = PolicySettings.DEFAULT;

  public static final Setting<Optional<Path>> MODEL =
      open("model", path("BUNDLE"), "the object-motion bundle")
          .in(APPLICATION, "Folder of the model bundle.");
  public static final Setting<String> APPLICATION_ID =
      of("application.id", name("ID"), "gatestream")
          .in(
              APPLICATION,
              "Consumer group, transactions, store and changelog go by this name; instances with"
                  + " the same id share the work.");
  public static final Setting<String> FRAMES_TOPIC =
      of("frames.topic", text("TOPIC"), Topics.DEFAULT.frames())
          .in(APPLICATION, "Topic that frames come from.");
  public static final Setting<String> LABELS_TOPIC =
      of("labels.topic", text("TOPIC"), Topics.DEFAULT.labels())
          .in(APPLICATION, "Topic that labels go to.");
  public static final Setting<String> REJECTED_TOPIC =
      of("rejected.topic", text("TOPIC"), Topics.DEFAULT.rejected())
          .in(APPLICATION, "Topic that bad records go to, with the reason in their headers.");
  public static final Setting<String> EVENTS_TOPIC =
      of("events.topic", text("TOPIC"), Topics.DEFAULT.events())
          .in(
              APPLICATION,
              "Topic that events go to; needed only where the model or events.rules has rules.");
  public static final Setting<Boolean> CREATE_TOPICS =
      of("create.topics", trueOrFalse(), false).in(APPLICATION, "Create missing topics.");
  public static final Setting<Integer> PARTITIONS =
      of("partitions", whole("N", 1, 10_000), 8)
          .in(
              APPLICATION,
              "Partitions of topics that are created. They can never be changed later.");
  public static final Setting<Integer> REPLICATION_FACTOR =
      of("replication.factor", whole("N", -1, 100), -1)
          .in(
              APPLICATION,
              "Replicas of topics that are created and of the changelog; -1 is the brokers'"
                  + " default.");
  public static final Setting<StartPosition> START =
      of("start", choice(StartPosition.class), StartPosition.EARLIEST)
          .in(APPLICATION, "Where an application id without committed offsets starts.");
  public static final Setting<Provider> PROVIDER =
      of("provider", choice(Provider.class), Provider.CPU)
          .in(DEVICE, "Where the encoder runs; only auto may fall back to the CPU.");
  public static final Setting<Integer> GPU_DEVICE =
      of("gpu.device", whole("N", 0, 1_023), 0).in(DEVICE, "Number of the GPU.");
  public static final Setting<Integer> GPU_MEMORY_MB =
      of("gpu.memory.mb", whole("MB", 64, 1_048_576), 2_048)
          .in(DEVICE, "GPU memory of ONNX Runtime's arena; weights and CUDA itself come on top.");
  public static final Setting<Integer> STREAM_THREADS =
      of("stream.threads", whole("N", 1, 256), 2)
          .in(THREADS, "Kafka Streams threads; each has one poll batch as its window.");
  public static final Setting<Optional<Integer>> WORKERS =
      open("workers", whole("N", 0, 1_024), "the number of cores")
          .in(THREADS, "Threads that decode and encode ahead; 0 leaves all to the stream threads.");
  public static final Setting<Optional<Integer>> ENCODER_CALLERS =
      open("encoder.callers", whole("N", 1, 1_024), "calibrated, or cores; 1 on a GPU")
          .in(THREADS, "Encoder calls that may run at once.");
  public static final Setting<Optional<Integer>> ENCODER_THREADS =
      open("encoder.threads", whole("N", 1, 1_024), "calibrated, or 1")
          .in(THREADS, "Threads inside one encoder call on a CPU.");
  public static final Setting<Optional<Integer>> ENCODER_BATCH =
      open("encoder.batch", whole("N", 1, 4_096), "calibrated, or 1; 32 on a GPU")
          .in(
              THREADS,
              "Most frames in one encoder call; on a CPU a size that is not bit-equal is refused.");
  public static final Setting<Optional<Integer>> STEP_BATCH =
      open("step.batch", whole("N", 1, 4_096), "the largest bit-equal up to 32")
          .in(
              THREADS,
              "Most streams in one call of the step model; only sizes that the bundle names as"
                  + " bit-equal. 1 steps each stream alone.");
  public static final Setting<Boolean> CALIBRATE =
      of("calibrate", trueOrFalse(), true)
          .in(
              THREADS,
              "Whether a first start takes seconds to choose encoder callers, threads and batch"
                  + " that are not given.");
  public static final Setting<Optional<Path>> CALIBRATION_DIR =
      open("calibration.dir", path("DIR"), "~/.cache/gatestream/calibration")
          .in(THREADS, "Folder that keeps what was chosen, for each model and machine.");
  public static final Setting<Optional<Integer>> PIXEL_SLOTS =
      open("pixel.slots", whole("N", 2, 1_000_000), "by workers, threads and batch")
          .in(THREADS, "Decoded frames that may exist at once: the bound on pixel memory.");
  public static final Setting<Integer> MAX_POLL_RECORDS =
      of("max.poll.records", whole("N", 1, 100_000), 128)
          .in(
              MEMORY,
              "Records in one poll: the window of a stream thread. 2 to 4 for long segments.");
  public static final Setting<Integer> BUFFERED_RECORDS_PER_PARTITION =
      of("buffered.records.per.partition", whole("N", 1, 1_000_000), 64)
          .in(MEMORY, "Records buffered for a partition before it is paused.");
  public static final Setting<Integer> FETCH_BYTES =
      of("fetch.bytes", whole("BYTES", 1_024, Integer.MAX_VALUE), 16_777_216)
          .in(MEMORY, "Most bytes that a consumer fetches at once from all partitions.");
  public static final Setting<Integer> PARTITION_FETCH_BYTES =
      of("partition.fetch.bytes", whole("BYTES", 1_024, Integer.MAX_VALUE), 524_288)
          .in(
              MEMORY,
              "Most bytes that a consumer fetches at once from one partition; small, so that one poll"
                  + " brings records of all partitions.");
  public static final Setting<Integer> MAX_RECORD_BYTES =
      of("max.record.bytes", whole("BYTES", 1_024, 1_073_741_824), 16_777_216)
          .in(MEMORY, "Largest record sent; a larger rejected one is sent without its value.");
  public static final Setting<Integer> ROCKSDB_BYTES =
      of("rocksdb.bytes", whole("BYTES", 1_048_576, Integer.MAX_VALUE), 67_108_864)
          .in(STATE, "Memory of all state stores together: block cache and write buffers.");
  public static final Setting<Integer> STORE_CACHE_BYTES =
      of("store.cache.bytes", whole("BYTES", 0, Integer.MAX_VALUE), 33_554_432)
          .in(STATE, "Memory of the record caches before the stores.");
  public static final Setting<Integer> HOT_STATE_BYTES =
      of("hot.state.bytes", whole("BYTES", 0, Integer.MAX_VALUE), 16_777_216)
          .in(
              STATE,
              "Memory of the states that are kept parsed beside the stores; 0 parses each state"
                  + " for each frame, and steps each stream alone.");

  /** With a pass of five minutes, as long as brokers let a transaction be open by default. */
  public static final Setting<Integer> COMMIT_INTERVAL_MILLIS =
      of("commit.interval.millis", whole("MS", 1, 600_000), 100)
          .in(
              STATE,
              "How often offsets, states and labels commit: labels are read after the commit.");

  public static final Setting<Optional<Path>> STATE_DIR =
      open("state.dir", path("DIR"), "~/.local/state/gatestream")
          .in(STATE, "Folder of the local state; each instance locks a subfolder of its own.");
  public static final Setting<String> STORE_NAME =
      of("store.name", name("NAME"), "streams")
          .in(STATE, "Name of the state store; the changelog is APPLICATION_ID-NAME-changelog.");
  public static final Setting<Integer> STANDBY_REPLICAS =
      of("standby.replicas", whole("N", 0, 100), 0)
          .in(STATE, "Warm copies of each state on other instances.");
  public static final Setting<Integer> GAP_MILLIS =
      of("gap.millis", whole("MS", 1, Integer.MAX_VALUE), millis(POLICY_DEFAULT.gapMicros()))
          .in(POLICY, "Neighbouring frames further apart than this reset the state.");
  public static final Setting<Integer> EXPIRY_MILLIS =
      of("expiry.millis", whole("MS", 1, Integer.MAX_VALUE), millis(POLICY_DEFAULT.expiryMicros()))
          .in(POLICY, "Further apart than this the stream counts as new.");
  public static final Setting<PolicySettings.ModelChange> MODEL_CHANGE =
      of("model.change", choice(PolicySettings.ModelChange.class), POLICY_DEFAULT.modelChange())
          .in(POLICY, "What to do with states that another model made.");
  public static final Setting<Long> LATEST_TIME =
      of("latest.time", time("TIME"), POLICY_DEFAULT.latestTimeMicros())
          .in(POLICY, "Frames captured at or after this time (or before 1970) are rejected.");
  public static final Setting<Boolean> TOMBSTONE_RESETS =
      of("tombstone.resets", trueOrFalse(), POLICY_DEFAULT.tombstoneResets())
          .in(POLICY, "Whether a record with a null value asks for a reset of its stream.");
  public static final Setting<Integer> STATE_REMOVAL_RECORDS =
      of(
              "state.removal.records",
              whole("N", 0, Integer.MAX_VALUE),
              Math.toIntExact(POLICY_DEFAULT.removalAfterRecords()))
          .in(
              POLICY,
              "A stream without a record among the last N of its partition loses its tensors; 0"
                  + " keeps all.");
  public static final Setting<Integer> SESSION_RETURN_MILLIS =
      of(
              "session.return.millis",
              whole("MS", 1, Integer.MAX_VALUE),
              millis(POLICY_DEFAULT.returnMicros()))
          .in(
              POLICY,
              "Frames of an older session that go on for this long, without one of the newer"
                  + " session between, are followed again.");
  public static final Setting<OverloadMode> OVERLOAD =
      of("overload", choice(OverloadMode.class), OverloadMode.KEEP_ALL)
          .in(
              LABELS,
              "When more frames come than can be labelled: label all and fall behind, or skip"
                  + " frames undecoded to stay current.");
  public static final Setting<Integer> OVERLOAD_RECORDS =
      of("overload.records", whole("N", 1, Integer.MAX_VALUE), 32)
          .in(
              LABELS,
              "With overload=latest: frames are skipped while their partition lags by more"
                  + " records.");
  public static final Setting<Integer> SCORE_LIMIT =
      of("score.limit", whole("N", 1, 1_000_000), 64)
          .in(LABELS, "Most scores in a label; more classes than this are cut to the best.");
  public static final Setting<Boolean> EVENTS =
      of("events", trueOrFalse(), true)
          .in(LABELS, "Whether events are written where there are rules for them.");
  public static final Setting<Optional<Path>> EVENTS_RULES =
      open("events.rules", path("FILE"), "those of the model")
          .in(
              LABELS,
              "JSON file with the rules that say when a class is on, in place of the model's"
                  + " events.");
  public static final Setting<Integer> MAX_SIDE =
      of("max.side", whole("PIXELS", 1, 65_535), FrameLimits.DEFAULT.maxSide())
          .in(LIMITS, "Largest width and height of a frame, by its header.");
  public static final Setting<Integer> MAX_PIXELS =
      of(
              "max.pixels",
              whole("PIXELS", 1, Integer.MAX_VALUE),
              Math.toIntExact(FrameLimits.DEFAULT.maxPixels()))
          .in(LIMITS, "Largest width times height of a frame, by its header.");
  public static final Setting<Integer> MAX_SEGMENT_FRAMES =
      of("max.segment.frames", whole("N", 1, 1_000_000), FrameLimits.DEFAULT.maxSegmentFrames())
          .in(LIMITS, "Most frames in one segment.");
  public static final Setting<Integer> MAX_SCANS =
      of("max.scans", whole("N", 1, 1_000_000), FrameLimits.DEFAULT.maxScans())
          .in(LIMITS, "Most scans in one JPEG; encoders write up to about 20.");
  public static final Setting<Long> MAX_WORK =
      of("max.work", large("PIXELS", 1, Long.MAX_VALUE), FrameLimits.DEFAULT.maxWork())
          .in(
              LIMITS,
              "Most pixels that one record may make the decoder visit: of all frames of a segment,"
                  + " of all scans of a JPEG.");
  public static final Setting<StrayBytes> JPEG_STRAY_BYTES =
      of("jpeg.stray.bytes", choice(StrayBytes.class), FrameLimits.DEFAULT.strayBytes())
          .in(
              LIMITS,
              "A whole JPEG with a few stray bytes between its markers: decode it without them, or"
                  + " refuse it as damaged.");
  public static final Setting<JpegDepth> JPEG_CHECK =
      of("jpeg.check", choice(JpegDepth.class), FrameLimits.DEFAULT.jpegDepth())
          .in(
              LIMITS,
              "How closely a JPEG is looked at. 'structure' leaves out its Huffman codes: a damaged"
                  + " picture may be painted grey in part and still be labelled.");
  public static final Setting<Optional<Integer>> HTTP_PORT =
      open("http.port", whole("PORT", 0, 65_535), "none")
          .in(
              PROCESS,
              "Port of /metrics, /streams, /trouble, /live and /ready; 0 takes a free one.");
  public static final Setting<String> HTTP_HOST =
      of("http.host", text("HOST"), "127.0.0.1").in(PROCESS, "Address of the same.");
  public static final Setting<Optional<String>> HTTP_ADVERTISED =
      open("http.advertised", host("HOST[:PORT]"), "http.host, or the machine's name")
          .in(
              PROCESS,
              "Where the other instances ask this one about its streams; the machine's name where"
                  + " http.host is 0.0.0.0 or ::.");
  public static final Setting<Optional<URI>> OTLP_ENDPOINT =
      open("otlp.endpoint", url("URL"), "none")
          .in(
              PROCESS,
              "OpenTelemetry collector that metrics are pushed to by OTLP over HTTP;"
                  + " /v1/metrics is added to an address without a path.");
  public static final Setting<Optional<Integer>> OTLP_INTERVAL_SECONDS =
      open("otlp.interval.seconds", whole("SECONDS", 1, 3_600), "60")
          .in(PROCESS, "Time from one push to the next.");
  public static final Setting<Integer> CLOSE_SECONDS =
      of("close.seconds", whole("SECONDS", 1, 3_600), 9)
          .in(PROCESS, "How long a clean close may take.");
  public static final Setting<Optional<Boolean>> CLOSE_LEAVES_GROUP =
      open("close.leaves.group", trueOrFalse(), "true; false with kafka.group.instance.id")
          .in(
              PROCESS,
              "Whether a clean close leaves the group: the others take over at once. Else this"
                  + " instance's partitions wait for it until the session timeout.");

  public static final List<Setting<?>> ALL = List.copyOf(DEFINED);

  private RunSettings() {}

  private static <T> Draft<T> of(String key, ValueKind<T> kind, T standard) {
    return new Draft<>(key, kind, standard, kind.writer().apply(standard));
  }

  private static <T> Draft<Optional<T>> open(String key, ValueKind<T> kind, String standardText) {
    return new Draft<>(key, kind.optional(), Optional.empty(), standardText);
  }

  /** A setting that has neither group nor meaning yet. */
  private record Draft<T>(String key, ValueKind<T> kind, T standard, String standardText) {
    Setting<T> in(SettingGroup group, String sentence) {
      Setting<T> setting = new Setting<>(group, key, kind, standard, standardText, sentence);
      DEFINED.add(setting);
      return setting;
    }
  }

  private static int millis(long micros) {
    return Math.toIntExact(micros / 1_000);
  }
}
