package io.gatestream.cli;

import io.gatestream.config.Home;
import io.gatestream.config.RunSettings;
import io.gatestream.errors.ConfigException;
import io.gatestream.evaluate.Accuracy;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.ingest.VideoSource;
import io.gatestream.play.VideoSession;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows everything at once: a broker, the application and video, in one process. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Sends sample clips through a Kafka broker of its own, classifies them and shows the labels.",
      "Needs nothing but this machine, and leaves nothing behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream demo                     the sample clips, with accuracy",
      "  ./gatestream demo --realtime --dashboard",
      "  ./gatestream demo door.mp4 yard.mp4   your own clips; no truth, so no accuracy",
      "  ./gatestream demo --realtime rtsp://camera/stream"
    })
final class DemoCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "SOURCE",
      description = "Video files, folders, globs or URLs. Default: the sample clips.")
  List<String> sources = List.of();

  @Option(
      names = "--realtime",
      description = "Play at the clips' own pace in place of as fast as the machine classifies.")
  boolean realtime;

  @Option(names = "--dashboard", description = "Show it in a browser too, until Ctrl-C.")
  boolean dashboard;

  @Option(
      names = "--dashboard-port",
      paramLabel = "PORT",
      description = "Where the dashboard is; 0 takes a free port. Default: 8080.")
  int dashboardPort = 8080;

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "Folder of the model bundle. Default: object-motion.")
  Optional<String> model = Optional.empty();

  @Mixin ProviderOption provider = new ProviderOption();

  @Mixin StallTimeout stall = new StallTimeout();

  @Override
  public Integer call() {
    if (stall.problem().isPresent()) {
      throw new ConfigException(stall.problem().get());
    }
    Optional<Path> samples = sources.isEmpty() ? Optional.of(samples()) : Optional.empty();
    List<VideoSource> videos =
        SourceFinder.find(
            samples.map(folder -> List.of(folder.toString())).orElse(sources),
            Optional.empty(),
            "");
    Optional<DemoDashboard> page =
        dashboard ? Optional.of(new DemoDashboard(dashboardPort)) : Optional.empty();
    DemoScreen screen =
        new DemoScreen(
            samples.map(folder -> new Accuracy(Truth.read(folder.resolve("truth.csv")))),
            page,
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            Terminal.detect());
    VideoSession session = new VideoSession(videos, ingest(), settings(), stall.limit(), screen);
    try (Interrupts interrupts = Interrupts.install()) {
      interrupts.onRequest(
          () -> {
            session.stop();
            page.ifPresent(DemoDashboard::end);
          });
      session.run();
    }
    return ExitCode.OK;
  }

  private static Path samples() {
    return Home.samples()
        .orElseThrow(() -> new ConfigException("no sample clips are here: name your own clips"));
  }

  private IngestSettings ingest() {
    IngestSettings.Timing standard = IngestSettings.Timing.DEFAULT;
    return IngestSettings.DEFAULT.with(
        new IngestSettings.Timing(
            realtime,
            standard.start(),
            standard.loops(),
            standard.fromSeconds(),
            standard.toSeconds(),
            standard.maxFrames()));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    model.ifPresent(bundle -> settings.put(RunSettings.MODEL.key(), bundle));
    provider.into(settings);
    return settings;
  }
}
