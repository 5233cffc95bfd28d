package io.gatestream.cli;

import io.gatestream.config.Home;
import io.gatestream.config.RunConfig;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.ingest.StartTime;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRulesReader;
import io.gatestream.replay.FileFrames;
import io.gatestream.replay.OffsetSpan;
import io.gatestream.replay.RangeText;
import io.gatestream.replay.Replay;
import io.gatestream.replay.ReplayRange;
import io.gatestream.replay.ReplayRequest;
import io.gatestream.replay.ReplayResult;
import io.gatestream.text.Interrupts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code replay}: recorded frames to a labels topic of its own, as fast as the machine can. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis =
        "gatestream replay --bootstrap-servers HOST:PORT --output TOPIC [--model BUNDLE] [--from TIME] [--to TIME] [OPTION]...",
    usageHelpWidth = 110,
    modelTransformer = ReplayOptions.class,
    description = {
      "Labels recorded frames again, in an application of its own: the live one's group, state and topics are"
          + " not touched. The frames are those that are committed in the topic when it starts.",
      "",
      "States begin at zero, or with a warm-up before --from. With the bundle and settings of a live run the"
          + " labels are the live ones, byte for byte, from each stream's first reset within the range on;"
          + " but for the counts of dropped frames, which begin with what is read: --warm-up beginning has them, too.",
      "",
      "It ends by itself and removes its group, changelog and local state. Interrupted (exit code 1), the same command"
          + " goes on where it was and gives the same labels; --restart begins anew."
    },
    footerHeading = "%nExamples (each with --bootstrap-servers localhost:9092):%n",
    footer = {
      "  ./gatestream replay --output labels-new --model models/doors-2",
      "                                        everything in the topic, with another model",
      "  ./gatestream replay --output labels-monday --from 2026-11-02T08:00:00Z --to 2026-11-02T09:00:00Z \\",
      "      --warm-up 60s --streams 'door-*' --config run.properties",
      "  ./gatestream replay --output labels-part --offsets 0:120000-180000,3:0-",
      "  ./gatestream replay --output labels-clips --videos clips/ more/yard.mp4"
    })
final class ReplayCommand implements Callable<Integer> {
  /** Labels of a replay need not be seen at once. */
  private static final String COMMIT_MILLIS = "1000";

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--output",
      paramLabel = "TOPIC",
      required = true,
      description = "Topic that the labels go to: a new one, which is made, or an empty one.")
  String output = "";

  @Option(
      names = "--rejected",
      paramLabel = "TOPIC",
      description = "Topic that bad records go to. Default: OUTPUT-rejected.")
  Optional<String> rejected = Optional.empty();

  @Option(
      names = "--events-output",
      paramLabel = "TOPIC",
      description =
          "Topic that events go to, where the model or --events-rules has rules. Default: OUTPUT-events.")
  Optional<String> events = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "beginning|TIME",
      description =
          "First capture time, ISO-8601 with its zone; a segment counts by its first frame. Default: beginning.")
  String from = "beginning";

  @Option(
      names = "--to",
      paramLabel = "TIME|end",
      description =
          "Capture time after the last; frames of this time are not replayed. Default: end.")
  String to = "end";

  @Option(
      names = "--warm-up",
      paramLabel = "LENGTH|beginning",
      description =
          "Frames so long before --from, such as 500ms, 30s, 5m, or all of them, advance the states and get no labels. Default: none.")
  Optional<String> warmUp = Optional.empty();

  @Option(
      names = "--offsets",
      paramLabel = "P:FROM-TO[,...]",
      description =
          "Offsets by partition in place of times, TO not included; without TO up to the end. Other partitions are left out.")
  Optional<String> offsets = Optional.empty();

  @Option(
      names = "--streams",
      paramLabel = "GLOB",
      description = "Only streams whose id matches: * is any text, ? one character. Default: *.")
  String streams = "*";

  @Option(
      names = "--videos",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Video files, folders and globs in place of a frames topic: they are sent to a topic of the replay's own, which is removed in the end.")
  List<String> videos = List.of();

  @Option(
      names = "--start-time",
      paramLabel = "TIME",
      description = "Capture time of each video's start. Default: 2000-01-01T00:00:00Z.")
  Optional<String> startTime = Optional.empty();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Application id of the replay: group, changelog and local state go by it. Default: replay-OUTPUT.")
  Optional<String> name = Optional.empty();

  @Option(
      names = "--restart",
      description =
          "Give up the interrupted replay of this name, delete what it wrote to its output topics, and begin anew.")
  boolean restart;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    RunConfig config = config();
    Optional<FileFrames> files = files(config);
    ReplayRequest request =
        new ReplayRequest(
            config,
            name.orElseGet(() -> ReplayRequest.defaultName(output)),
            output,
            rejected.orElseGet(() -> ReplayRequest.defaultRejected(output)),
            events(config),
            range(),
            restart,
            files.map(found -> found));
    try (Interrupts interrupts = Interrupts.install();
        ReplayProgress progress = ReplayProgress.onStandardError()) {
      Replay replay = new Replay(request, progress);
      interrupts.onRequest(
          () -> {
            files.ifPresent(FileFrames::stop);
            replay.stop();
          });
      return report(replay.run());
    }
  }

  private Optional<String> events(RunConfig config) {
    return EventRulesReader.inForce(BundleReader.load(config.model()), config.events()).isEmpty()
        ? Optional.empty()
        : events.or(() -> Optional.of(ReplayRequest.defaultEvents(output)));
  }

  private ReplayRange range() {
    return new ReplayRange(
        RangeText.time("--from", from, "beginning"),
        RangeText.time("--to", to, "end"),
        warmUp.map(RangeText::warmUp).orElse(Duration.ZERO),
        offsets.map(OffsetSpan::parse).orElse(Map.of()),
        streams);
  }

  private Optional<FileFrames> files(RunConfig config) {
    if (videos.isEmpty()) {
      if (startTime.isPresent()) {
        throw new ConfigException("--start-time is for --videos: give these as well");
      }
      return Optional.empty();
    }
    if (offsets.isPresent()) {
      throw new ConfigException("--offsets are of a topic: give --from and --to with --videos");
    }
    return Optional.of(
        new FileFrames(
            videos,
            startTime.map(StartTime::parse).orElse(FileFrames.START),
            config.kafka(),
            config.limits()));
  }

  private int report(ReplayResult result) {
    PrintWriter out = spec.commandLine().getOut();
    String rate =
        String.format(
            Locale.ROOT,
            "%d records read, %d labels in %.1f s (%.1f records a second)",
            result.records(),
            result.labels(),
            result.seconds(),
            result.seconds() > 0 ? result.records() / result.seconds() : 0);
    out.println(result.finished() ? "done: " + rate : "interrupted: " + rate);
    out.flush();
    if (!result.finished()) {
      System.err.println(
          "replay: the same command goes on here; with --restart it begins anew and removes what was written");
      return ExitCode.SOFTWARE;
    }
    return ExitCode.OK;
  }

  private RunConfig config() {
    Map<String, String> flags = kafka.flags();
    flags.putAll(RunOptions.given(spec, ReplayOptions.settings()));
    Settings given = kafka.settings(flags);
    if (!given.isGiven(RunSettings.COMMIT_INTERVAL_MILLIS)) {
      flags.put(RunSettings.COMMIT_INTERVAL_MILLIS.key(), COMMIT_MILLIS);
    }
    return RunConfig.from(kafka.settings(flags), Home.standardBundle());
  }
}
