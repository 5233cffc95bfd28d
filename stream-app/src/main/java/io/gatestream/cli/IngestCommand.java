package io.gatestream.cli;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.decode.NativeSetup;
import io.gatestream.ingest.ByteSize;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.ingest.LastSessions;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.SessionedSink;
import io.gatestream.ingest.SettledClock;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.ingest.StartTime;
import io.gatestream.ingest.VideoSource;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ingest}: video files, folders, image sequences and URLs into the frames topic. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Sends videos, image sequences and cameras as frames, one stream a source.",
      "",
      "A stream is named after its file, its folder of images, or the last part of its URL; NAME=PATH"
          + " or NAME=URL names it as you like. Folders are searched to their depth; numbered images of"
          + " one folder are one stream. Recorded video is sent as fast as Kafka takes it, with capture"
          + " times that end now, unless --realtime or --start-time says otherwise.",
      "",
      "Taken: what FFmpeg decodes of MP4, Matroska, MPEG-TS and the like, GIF and animated PNG; JPEG, PNG,"
          + " BMP, TIFF and WebP as images; URLs of cameras and servers, a URL of a single picture (fetched"
          + " --fps times a second), and webcams such as /dev/video0.",
      "",
      "A camera never waits for Kafka: frames that do not fit are dropped, counted and said. One that"
          + " falls silent or breaks off is connected anew for as long as ingest runs; one that never gave a"
          + " frame is tried for --connect-timeout. A source that fails is named, the others go on, and"
          + " the exit code is 1. Ctrl-C delivers what is under way, prints the summary and exits with 0."
    },
    footerHeading = "%nExamples (each with --bootstrap-servers localhost:9092):%n",
    footer = {
      "  ./gatestream ingest --create-topics clip.mp4             a file; makes the topic if need"
          + " be",
      "  ./gatestream ingest --fps 10 --size 640x360 videos/      all videos below a folder,"
          + " smaller",
      "  ./gatestream ingest 'videos/*.mp4' images/door_%%04d.png  a glob, and one stream of"
          + " images",
      "  ./gatestream ingest --realtime --loop 0 clip.mp4         as if a camera, again and again",
      "  ./gatestream ingest rtsp://user:password@camera/1 rtsp://user:password@camera/2",
      "  ./gatestream ingest 'door=rtsp://camera/live?channel=1' 'yard=rtsp://camera/live?channel=2'",
      "  ./gatestream ingest --encoding h264 --segment-seconds 1 rtsp://camera/1",
      "                                   segments as they are: about a tenth of the bytes of JPEG",
      "  ./gatestream ingest --start-time 2026-01-31T09:30:00+01:00 --stream door monday.mp4",
      "                                   a recording, with the times at which it was taken"
    })
final class IngestCommand implements Callable<Integer> {
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** How long the topic's last sessions are looked for. */
  private static final Duration SESSION_LIMIT = Duration.ofSeconds(5);

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]PATH|URL",
      description = "Files, folders, globs, URLs; NAME= names the stream.")
  List<String> locations = List.of();

  @Option(names = "--stream", description = "Stream id; for one source.")
  Optional<String> stream = Optional.empty();

  @Option(names = "--stream-prefix", description = "Put before ids made from names.")
  String prefix = "";

  @Option(names = "--encoding", description = "jpeg or h264. Default: jpeg.")
  IngestSettings.Encoding encoding = IngestSettings.Pictures.DEFAULT.encoding();

  @Option(names = "--quality", description = "1 to 100. Default: ${DEFAULT-VALUE}.")
  int quality = IngestSettings.Pictures.DEFAULT.quality();

  @Option(names = "--size", paramLabel = "WxH", description = "Default: the source's.")
  Optional<String> size = Optional.empty();

  @Option(names = "--fps", description = "Frames per second at most. Default: the source's.")
  Optional<Double> fps = Optional.empty();

  @Option(names = "--segment-seconds", description = "Of h264. Default: ${DEFAULT-VALUE}.")
  double segmentSeconds = IngestSettings.Pictures.DEFAULT.segmentSeconds();

  @Option(
      names = "--max-segment-frames",
      description = "Of h264: as many as run takes of one record. Default: ${DEFAULT-VALUE}.")
  int segmentFrames = IngestSettings.Limits.DEFAULT.segmentFrames();

  @Option(
      names = "--strict",
      description = "Damage in a file ends it with an error. Default: it is left out and counted.")
  boolean strict;

  @Option(names = "--realtime", description = "Pace by presentation time.")
  boolean realtime;

  @Option(names = "--loop", description = "Times to play a file; 0 for ever.")
  int loops = IngestSettings.Timing.DEFAULT.loops();

  @Option(names = "--from", paramLabel = "SECONDS", description = "Start of the part.")
  double from;

  @Option(names = "--to", paramLabel = "SECONDS", description = "End of the part.")
  Optional<Double> to = Optional.empty();

  @Option(names = "--max-frames", description = "Frames of each stream at most.")
  Optional<Long> maxFrames = Optional.empty();

  @Option(names = "--frames-topic", description = "Default: ${DEFAULT-VALUE}.")
  String topic = Topics.DEFAULT.frames();

  @Option(names = "--create-topics", description = "Create the topic where it is missing.")
  boolean createTopics;

  @Option(names = "--partitions", description = "Of a new topic. Default: ${DEFAULT-VALUE}.")
  int partitions = 4;

  @Option(
      names = "--start-time",
      paramLabel = "TIME",
      description =
          "Capture time of a file's start: ISO-8601 with a zone, or seconds since 1970. Default:"
              + " such that the file ends now; with --realtime, now. Mind the topic's retention:"
              + " Kafka deletes old records by this time. Cameras go by the clock.")
  Optional<String> startTime = Optional.empty();

  @Option(
      names = "--in-flight",
      paramLabel = "BYTES",
      description =
          "Memory for frames on their way to Kafka, such as 64MiB; files wait when it is full."
              + " Default: ${DEFAULT-VALUE}.")
  String inFlight = "64MiB";

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      description =
          "How long to try a URL that never gave a frame; 0 for ever. Default: ${DEFAULT-VALUE}.")
  int connectSeconds = Math.toIntExact(IngestSettings.Live.DEFAULT.firstConnect().toSeconds());

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    SettledClock clock = SettledClock.start(InstantSource.system());
    IngestSettings settings = settings();
    long buffer = ByteSize.parse("in-flight", inFlight, 1 << 20, 1L << 40);
    NativeSetup.load();
    PrintWriter err = spec.commandLine().getErr();
    List<VideoSource> sources =
        SourceFinder.find(locations, stream, prefix, note -> err.println(Terminal.printable(note)));
    KafkaAccess access = kafka.access();
    try (Interrupts interrupts = Interrupts.install();
        KafkaFrameSink sink =
            KafkaFrameSink.open(access, new AvroFrameCodec(FrameLimits.DEFAULT), topic, buffer)) {
      KafkaFrameSink.checkTopic(access, topic, createTopics, partitions, MAX_MESSAGE_BYTES);
      FrameSink sessioned =
          new SessionedSink(
              sink,
              LastSessions.read(
                  access,
                  topic,
                  sources.stream().map(VideoSource::streamId).toList(),
                  SESSION_LIMIT,
                  IngestCommand::warn));
      clock.await(IngestCommand::warn);
      long recordBytes = Math.min(buffer, KafkaFrameSink.mostRecordBytes(access, topic));
      IngestReport report =
          send(
              settings.with(new IngestSettings.Limits(strict, segmentFrames, recordBytes)),
              sources,
              sessioned,
              interrupts);
      PrintWriter out = spec.commandLine().getOut();
      out.print(IngestSummary.of(report));
      out.flush();
      return report.failed() ? ExitCode.SOFTWARE : ExitCode.OK;
    }
  }

  private static void warn(String line) {
    System.err.println("warning: " + line);
  }

  private static IngestReport send(
      IngestSettings settings, List<VideoSource> sources, FrameSink sink, Interrupts interrupts)
      throws InterruptedException {
    ScheduledExecutorService ticks =
        Executors.newSingleThreadScheduledExecutor(IngestCommand::thread);
    try (IngestProgress progress = IngestProgress.onStandardError();
        Ingest ingest = new Ingest(settings, sources, sink, InstantSource.system(), progress)) {
      interrupts.onRequest(ingest::stop);
      ScheduledFuture<?> shown =
          ticks.scheduleWithFixedDelay(
              () -> progress.refresh(System.nanoTime()), 200, 200, TimeUnit.MILLISECONDS);
      try {
        return ingest.run();
      } finally {
        shown.cancel(false);
        ticks.shutdown();
        ticks.awaitTermination(1, TimeUnit.SECONDS);
      }
    } finally {
      ticks.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "ingest-progress");
    thread.setDaemon(true);
    return thread;
  }

  private IngestSettings settings() {
    return IngestSettings.DEFAULT
        .with(
            new IngestSettings.Pictures(
                encoding,
                quality,
                size.map(PictureSize::parse),
                fps.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                segmentSeconds))
        .with(
            new IngestSettings.Timing(
                realtime,
                startTime.map(StartTime::parse),
                loops,
                from,
                to.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                maxFrames.map(OptionalLong::of).orElseGet(OptionalLong::empty)))
        .with(
            new IngestSettings.Live(
                IngestSettings.Live.DEFAULT.queue(),
                IngestSettings.Live.DEFAULT.silence(),
                IngestSettings.Live.DEFAULT.backoff(),
                Duration.ofSeconds(connectSeconds)));
  }
}
