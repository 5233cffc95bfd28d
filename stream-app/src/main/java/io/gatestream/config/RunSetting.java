package io.gatestream.config;

import java.util.Locale;

/**
 * The settings of {@code run}: name in a file, form, default and meaning. {@code a.b} is {@code
 * --a-b} as a flag and {@code GATESTREAM_A_B} in the environment.
 */
public enum RunSetting {
  MODEL("BUNDLE", "the object-motion bundle", "Folder of the model bundle."),
  APPLICATION_ID(
      "ID",
      "gatestream",
      "Consumer group, transactions, store and changelog go by this name; instances with the same id share the work."),
  FRAMES_TOPIC("TOPIC", Topics.DEFAULT.frames(), "Topic that frames come from."),
  LABELS_TOPIC("TOPIC", Topics.DEFAULT.labels(), "Topic that labels go to."),
  REJECTED_TOPIC(
      "TOPIC",
      Topics.DEFAULT.rejected(),
      "Topic that bad records go to, with the reason in their headers."),
  CREATE_TOPICS("true|false", "false", "Create missing topics."),
  PARTITIONS("N", "8", "Partitions of topics that are created. They can never be changed later."),
  REPLICATION_FACTOR(
      "N",
      "-1",
      "Replicas of topics that are created and of the changelog; -1 is the brokers' default."),
  START("earliest|latest", "earliest", "Where an application id without committed offsets starts."),
  PROVIDER(
      "cpu|cuda|tensorrt|auto",
      "cpu",
      "Where the encoder runs; only auto may fall back to the CPU."),
  GPU_DEVICE("N", "0", "Number of the GPU."),
  GPU_MEMORY_MB("MB", "2048", "GPU memory that ONNX Runtime may take."),
  STREAM_THREADS("N", "2", "Kafka Streams threads; each has one poll batch as its window."),
  WORKERS(
      "N",
      "the number of cores",
      "Threads that decode and encode ahead; 0 leaves all to the stream threads."),
  ENCODER_CALLERS("N", "calibrated, or cores; 1 on a GPU", "Encoder calls that may run at once."),
  ENCODER_THREADS("N", "calibrated, or 1", "Threads inside one encoder call on a CPU."),
  ENCODER_BATCH(
      "N",
      "calibrated, or 1; 32 on a GPU",
      "Most frames in one encoder call; on a CPU only where found bit-equal."),
  CALIBRATE(
      "true|false",
      "true",
      "Whether a first start takes seconds to choose encoder callers, threads and batch that are not given."),
  CALIBRATION_DIR(
      "DIR",
      "~/.cache/gatestream/calibration",
      "Folder that keeps what was chosen, for each model and machine."),
  PIXEL_SLOTS(
      "N",
      "by workers, threads and batch",
      "Decoded frames that may exist at once: the bound on pixel memory."),
  MAX_POLL_RECORDS(
      "N", "64", "Records in one poll: the window of a stream thread. 2 to 4 for long segments."),
  BUFFERED_RECORDS_PER_PARTITION(
      "N", "64", "Records buffered for a partition before it is paused."),
  FETCH_BYTES(
      "BYTES", "16777216", "Most bytes that a consumer fetches at once from all partitions."),
  PARTITION_FETCH_BYTES(
      "BYTES", "2097152", "Most bytes that a consumer fetches at once from one partition."),
  MAX_RECORD_BYTES(
      "BYTES", "16777216", "Largest record sent; a larger rejected one is sent without its value."),
  ROCKSDB_BYTES(
      "BYTES", "67108864", "Memory of all state stores together: block cache and write buffers."),
  STORE_CACHE_BYTES("BYTES", "33554432", "Memory of the record caches before the stores."),
  COMMIT_INTERVAL_MILLIS(
      "MS",
      "100",
      "How often offsets, states and labels commit: labels are read after the commit."),
  STATE_DIR(
      "DIR",
      "~/.local/state/gatestream",
      "Folder of the local state; each instance locks a subfolder of its own."),
  STORE_NAME(
      "NAME",
      "streams",
      "Name of the state store; the changelog is APPLICATION_ID-NAME-changelog."),
  STANDBY_REPLICAS("N", "0", "Warm copies of each state on other instances."),
  GAP_MILLIS("MS", "2000", "Neighbouring frames further apart than this reset the state."),
  EXPIRY_MILLIS("MS", "60000", "Further apart than this the stream counts as new."),
  MODEL_CHANGE("reset|refuse", "reset", "What to do with states that another model made."),
  LATEST_TIME(
      "TIME",
      "2200-01-01T00:00:00Z",
      "Frames captured at or after this time (or before 1970) are rejected."),
  TOMBSTONE_RESETS(
      "true|false", "true", "Whether a record with a null value asks for a reset of its stream."),
  STATE_REMOVAL_RECORDS(
      "N",
      "0",
      "A stream without a record among the last N of its partition loses its tensors; 0 keeps all."),
  SESSION_RETURN_MILLIS(
      "MS",
      "2500",
      "Frames of an older session that go on for this long, without one of the newer session between, are followed again."),
  OVERLOAD(
      "keep-all|latest",
      "keep-all",
      "When more frames come than can be labelled: label all and fall behind, or skip frames undecoded to stay current."),
  OVERLOAD_RECORDS(
      "N",
      "32",
      "With overload=latest: frames are skipped while their partition lags by more records."),
  SCORE_LIMIT("N", "64", "Most scores in a label; more classes than this are cut to the best."),
  MAX_SIDE("PIXELS", "8192", "Largest width and height of a frame, by its header."),
  MAX_PIXELS("PIXELS", "16777216", "Largest width times height of a frame, by its header."),
  MAX_SEGMENT_FRAMES("N", "1000", "Most frames in one segment."),
  MAX_SCANS("N", "100", "Most scans in one JPEG; encoders write up to about 20."),
  MAX_WORK(
      "PIXELS",
      "1073741824",
      "Most pixels that one record may make the decoder visit: of all frames of a segment, of all scans of a JPEG."),
  JPEG_STRAY_BYTES(
      "repair|refuse",
      "repair",
      "A whole JPEG with a few stray bytes between its markers: decode it without them, or refuse it as damaged."),
  HTTP_PORT("PORT", "none", "Port of /metrics, /streams, /live and /ready; 0 takes a free one."),
  HTTP_HOST("HOST", "127.0.0.1", "Address of the same."),
  CLOSE_SECONDS("SECONDS", "9", "How long a clean close may take."),
  CLOSE_LEAVES_GROUP(
      "true|false",
      "true; false with kafka.group.instance.id",
      "Whether a clean close leaves the group: the others take over at once. Else this instance's partitions wait for it until the session timeout.");

  private final String form;
  private final String standard;
  private final String description;

  RunSetting(String form, String standard, String description) {
    this.form = form;
    this.standard = standard;
    this.description = description;
  }

  /** As in a settings file: {@code frames.topic}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** As on the command line: {@code --frames-topic}. */
  public String flag() {
    return "--" + key().replace('.', '-');
  }

  /** Whether the flag alone means true. */
  public boolean isSwitch() {
    return form.equals("true|false");
  }

  public String form() {
    return form;
  }

  public String standard() {
    return standard;
  }

  public String description() {
    return description;
  }
}
