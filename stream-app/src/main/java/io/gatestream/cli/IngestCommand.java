package io.gatestream.cli;

import io.gatestream.config.FrameLimits;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.ingest.VideoSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ingest}: video files, folders, image sequences and URLs into the frames topic. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "Sends videos, image sequences and cameras as frames, one stream a source.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream ingest --bootstrap-servers localhost:9092 --create-topics clip.mp4",
      "  ./gatestream ingest --bootstrap-servers localhost:9092 --fps 10 --size 640x360 videos/",
      "  ./gatestream ingest --bootstrap-servers localhost:9092 --realtime --loop 0 clip.mp4",
      "  ./gatestream ingest --bootstrap-servers localhost:9092 rtsp://user:password@camera/1"
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Parameters(arity = "1..*", paramLabel = "PATH|URL", description = "Files, folders, globs, URLs.")
  List<String> locations = List.of();

  @Option(names = "--stream", description = "Stream id; for one source.")
  Optional<String> stream = Optional.empty();

  @Option(names = "--stream-prefix", description = "Put before ids made from names.")
  String prefix = "";

  @Option(names = "--encoding", description = "jpeg or h264. Default: ${DEFAULT-VALUE}.")
  IngestSettings.Encoding encoding = IngestSettings.Encoding.JPEG;

  @Option(names = "--quality", description = "1 to 100. Default: ${DEFAULT-VALUE}.")
  int quality = 85;

  @Option(names = "--size", paramLabel = "WxH", description = "Default: the source's.")
  Optional<String> size = Optional.empty();

  @Option(names = "--fps", description = "Frames per second at most. Default: the source's.")
  Optional<Double> fps = Optional.empty();

  @Option(names = "--segment-seconds", description = "Of h264. Default: ${DEFAULT-VALUE}.")
  double segmentSeconds = 2;

  @Option(names = "--realtime", description = "Pace by presentation time.")
  boolean realtime;

  @Option(names = "--loop", description = "Times to play a file; 0 for ever.")
  int loops = 1;

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

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    IngestSettings settings =
        IngestSettings.DEFAULT
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
                    Optional.empty(),
                    loops,
                    from,
                    to.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                    maxFrames.map(OptionalLong::of).orElseGet(OptionalLong::empty)));
    List<VideoSource> sources = SourceFinder.find(locations, stream, prefix);
    KafkaAccess access = kafka.access();
    KafkaFrameSink.checkTopic(access, topic, createTopics, partitions, 16 << 20);
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            spec.commandLine().getErr().println(source + " " + text);
          }
        };
    try (KafkaFrameSink sink =
            KafkaFrameSink.open(access, new AvroFrameCodec(FrameLimits.DEFAULT), topic, 64 << 20);
        Ingest ingest = new Ingest(settings, sources, sink, InstantSource.system(), listener)) {
      Thread hook = new Thread(ingest::close);
      Runtime.getRuntime().addShutdownHook(hook);
      IngestReport report = ingest.run();
      report
          .sources()
          .forEach(
              source ->
                  spec.commandLine()
                      .getOut()
                      .printf(
                          "%s: %d frames, %d bytes, %.1f s, %.1f fps, %d dropped%s%n",
                          source.streamId(),
                          source.frames(),
                          source.bytes(),
                          source.seconds(),
                          source.rate(),
                          source.dropped(),
                          source.failure().map(text -> ", FAILED: " + text).orElse("")));
      spec.commandLine().getOut().flush();
      return report.failed() ? Main.FAILED : Main.DONE;
    }
  }
}
