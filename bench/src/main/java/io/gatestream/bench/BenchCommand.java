package io.gatestream.bench;

import io.gatestream.cli.AddedCommand;
import io.gatestream.cli.KafkaOptions;
import io.gatestream.cli.ProviderOption;
import io.gatestream.config.Home;
import io.gatestream.config.RunConfig;
import io.gatestream.config.RunSettings;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.model.BundleReader;
import io.gatestream.play.TemporaryFolder;
import io.gatestream.text.Interrupts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench}: what this machine can do with a model. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a model on this machine: each stage, the limit without Kafka, the rate and delay"
          + " end to end, and the naive way. About eight minutes.",
      "Close everything else: it measures the machine as it is. With brokers of yours it makes"
          + " topics that begin with gatestream-bench-, and deletes them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream bench                                 the default model, sample clips at"
          + " 640x480",
      "  ./gatestream bench --model my-bundle --frames door.mp4 --json door.json",
      "  ./gatestream bench --seconds 20 --repetitions 5    calmer figures, 30 minutes",
      "  ./gatestream bench --provider cuda                 the same on an NVIDIA GPU",
      "  ./gatestream bench --only decode,encode            two stages alone",
      "  ./gatestream bench --bootstrap-servers kafka:9092",
      "  ./gatestream bench --targets --model my-bundle --int8 my-bundle-int8",
      "  ./gatestream bench --peers --row default           beside what you would write instead"
    })
public final class BenchCommand implements AddedCommand {
  private static final double SECONDS = 5;
  private static final PictureSize SAMPLE_SIZE = new PictureSize(640, 480);
  private static final PictureSize SMALL_SIZE = new PictureSize(64, 64);

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "Folder of the model bundle. Default: object-motion.")
  Optional<String> model = Optional.empty();

  @Mixin ProviderOption provider = new ProviderOption();

  @Option(
      names = "--frames",
      paramLabel = "FILE|FOLDER",
      description =
          "Video or images whose first frames are sent over and over, at their own size. Default:"
              + " the sample clips at 640x480.")
  List<String> frames = List.of();

  @Option(
      names = "--streams",
      paramLabel = "N",
      description = "Streams that the frames belong to. Default: 16.")
  int streams = 16;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "Length of each measurement end to end; single stages take a fifth. Default: 5, with"
              + " --peers 10.")
  Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Of every measurement, 3 or more. Default: 3, with --targets 5.")
  Optional<Integer> repetitions = Optional.empty();

  @Option(
      names = "--targets",
      description =
          "Measure only the figures that Gatestream is held to (docs/performance.md): about twenty"
              + " minutes and 5 GB of disk. Exit code 1 where one is missed.")
  boolean targets;

  @Option(
      names = "--int8",
      paramLabel = "BUNDLE",
      description =
          "With --targets: the same model quantised, whose rate end to end is held against it.")
  Optional<Path> int8 = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Measure these parts only: decode, encode, step, end-to-end, delay (at 70 %%). Separated by"
              + " commas. --json is then written again with each figure, and survives a stop.")
  Set<BenchParts.Part> only = new LinkedHashSet<>();

  @Mixin PeersOptions peers = new PeersOptions();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
  Optional<Path> json = Optional.empty();

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    peers.requireTogether();
    try (TemporaryFolder folder = TemporaryFolder.create("gatestream-bench")) {
      BenchSettings settings =
          new BenchSettings(
              kafka.bootstrapServers.isPresent() ? Optional.of(kafka.access()) : Optional.empty(),
              streams,
              seconds.orElse(SECONDS),
              repetitions.orElse(targets ? 5 : BenchSettings.FEWEST_REPETITIONS),
              folder.path());
      json.ifPresent(BenchCommand::requireWritable);
      if (peers.peers) {
        return interruptibly(() -> peers(folder.path()));
      }
      if (int8.isPresent() && !targets) {
        throw new ConfigException("--int8 is measured with --targets only: add that");
      }
      if (!only.isEmpty() && targets) {
        throw new ConfigException("--only and --targets are two ways to measure: give one");
      }
      int8.ifPresent(BundleReader::load); // said before minutes of measuring
      if (!only.isEmpty()) {
        return interruptibly(() -> parts(settings));
      }
      return interruptibly(() -> targets ? targets(settings) : bench(settings));
    } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
      throw new OutageException("stopped before the end: there are no figures", e);
    }
  }

  private interface Measuring {
    int run() throws InterruptedException;
  }

  /** Ctrl-C and SIGTERM interrupt this thread, which closes what it has opened. */
  private static int interruptibly(Measuring measuring) throws InterruptedException {
    try (Interrupts interrupts = Interrupts.install()) {
      interrupts.onRequest(Thread.currentThread()::interrupt);
      return measuring.run();
    }
  }

  private int peers(Path folder) throws InterruptedException {
    if (kafka.bootstrapServers.isPresent() || targets) {
      throw new ConfigException(
          "--peers measures on a broker of its own, and nothing else: leave out"
              + " --bootstrap-servers and --targets");
    }
    PeersBench bench =
        new PeersBench(
            peers,
            peers.settings(seconds),
            folder,
            this::config,
            size -> {
              say("reading frames");
              return pictures(Optional.of(size));
            });
    PeersReport report = bench.run(progress());
    print(PeersText.of(report));
    if (json.isPresent()) {
      BenchJson.write(PeersJson.of(report), json.get());
    }
    return ExitCode.OK;
  }

  private int bench(BenchSettings settings) throws InterruptedException {
    BenchReport report = on(settings, bed -> new Bench(bed).run(progress()));
    print(BenchText.of(report));
    if (json.isPresent()) {
      BenchJson.write(BenchJson.of(report), json.get());
    }
    return ExitCode.OK;
  }

  private int parts(BenchSettings settings) throws InterruptedException {
    String text =
        on(
            settings,
            bed -> {
              BenchParts parts =
                  new BenchParts(
                      bed, only, known -> json.ifPresent(file -> BenchJson.write(known, file)));
              parts.run(progress());
              return parts.text();
            });
    print(text);
    return ExitCode.OK;
  }

  private int targets(BenchSettings settings) throws InterruptedException {
    BenchFrames small = pictures(Optional.of(SMALL_SIZE));
    TargetsReport report = on(settings, bed -> new Targets(bed, small, int8).run(progress()));
    print(TargetsText.of(report));
    if (json.isPresent()) {
      BenchJson.write(BenchJson.of(report), json.get());
    }
    return report.targets().stream().allMatch(Target::isMet) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private interface Measurement<T> {
    T on(TestBed bed) throws InterruptedException;
  }

  private <T> T on(BenchSettings settings, Measurement<T> measurement) throws InterruptedException {
    say("reading frames");
    BenchFrames pictures = pictures(frames.isEmpty() ? Optional.of(SAMPLE_SIZE) : Optional.empty());
    try (TestBed bed = new TestBed(settings, this::config, pictures)) {
      try {
        return measurement.on(bed);
      } finally {
        // closing must not be cut short by the interrupt that ended the measurements
        if (Thread.interrupted()) {
          say("closing");
        }
      }
    }
  }

  private BenchProgress progress() {
    return new BenchProgress(spec.commandLine().getErr());
  }

  private void say(String text) {
    spec.commandLine().getErr().println(text);
    spec.commandLine().getErr().flush();
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  private BenchFrames pictures(Optional<PictureSize> size) throws InterruptedException {
    List<String> from = frames.isEmpty() ? List.of(samples().toString()) : frames;
    return BenchFrames.load(SourceFinder.find(from, Optional.empty(), ""), size);
  }

  private static Path samples() {
    return Home.samples()
        .orElseThrow(
            () -> new ConfigException("no sample clips are here: name frames with --frames"));
  }

  private RunConfig config(Map<String, String> of) {
    Map<String, String> flags = kafka.flags();
    model.ifPresent(bundle -> flags.put(RunSettings.MODEL.key(), bundle));
    provider.into(flags);
    flags.putAll(of);
    flags.put(RunSettings.OTLP_ENDPOINT.key(), ""); // it is no live application
    return RunConfig.from(kafka.settings(flags), Home.standardBundle());
  }

  /** Said before minutes of measuring, not after. */
  private static void requireWritable(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new ConfigException(
          "--json %s cannot be written: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
