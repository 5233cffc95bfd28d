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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "Folder of the model bundle. Default: object-motion.")
  Optional<String> model = Optional.empty();

  @Mixin ProviderOption provider = new ProviderOption();

  @Option(
      names = "--stall-timeout",
      paramLabel = "SECONDS",
      description = "Give up when nothing moved for so long. Default: 60.")
  int stallSeconds = 60;

  @Override
  public Integer call() {
    if (stallSeconds < 1) {
      throw new ConfigException("--stall-timeout is %d: give 1 or more".formatted(stallSeconds));
    }
    Path samples = Home.samples();
    Path truth = samples.resolve("truth.csv");
    boolean own = !sources.isEmpty();
    if (!own && !Files.isRegularFile(truth)) {
      throw new ConfigException("no samples at %s: name your own clips".formatted(samples));
    }
    List<VideoSource> videos =
        SourceFinder.find(own ? sources : List.of(samples.toString()), Optional.empty(), "");
    DemoScreen screen =
        new DemoScreen(
            own ? Optional.empty() : Optional.of(new Accuracy(Truth.read(truth))),
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            Terminal.detect());
    VideoSession session =
        new VideoSession(videos, ingest(), settings(), Duration.ofSeconds(stallSeconds), screen);
    try (Interrupts interrupts = Interrupts.install()) {
      interrupts.onRequest(session::stop);
      session.run();
    }
    return ExitCode.OK;
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
