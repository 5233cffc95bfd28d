package io.gatestream.cli;

import io.gatestream.config.Home;
import io.gatestream.errors.ConfigException;
import io.gatestream.evaluate.EvaluatedRun;
import io.gatestream.evaluate.EvaluationReport;
import io.gatestream.evaluate.TopicLabels;
import io.gatestream.evaluate.TopicRange;
import io.gatestream.evaluate.VideoLabels;
import io.gatestream.evaluate.events.EventTuner;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.ingest.VideoSource;
import io.gatestream.labels.CaptureTime;
import io.gatestream.labels.StartPoint;
import io.gatestream.labels.StreamGlob;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRulesWriter;
import io.gatestream.text.Interrupts;
import io.gatestream.text.ProgressLine;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores a model on videos, or labels of a topic, against a known truth. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Scores labels against a known truth: a table here, metrics.json and report.html in a"
          + " folder.",
      "",
      "--videos sends clips through a broker and an application of its own. --labels reads what is"
          + " committed in a topic when it starts, without a trace. The truth is CSV with the"
          + " columns stream,start,end,label (seconds since the source's start), or JSON. What can"
          + " be scored is scored; the rest is listed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream evaluate --videos stream-app/samples --truth stream-app/samples/truth.csv"
          + " --report report",
      "  ./gatestream evaluate --labels labels --bootstrap-servers localhost:9092 --model"
          + " models/doors \\",
      "      --rejected frames-rejected --frames frames --truth truth.csv --report report",
      "  ./gatestream evaluate --videos clips --truth truth.csv --model models/doors --tune-events"
          + " --report report",
      "  ./gatestream evaluate --compare models/a models/b --videos clips --truth truth.csv"
          + " --report report",
      "  ./gatestream evaluate --compare topic:labels models/b --videos clips \\",
      "      --bootstrap-servers localhost:9092 --truth truth.csv --report report"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String TOPIC = "topic:";

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--truth",
      required = true,
      paramLabel = "FILE",
      description = "What is true: CSV, or JSON where the name ends in .json.")
  Path truth = Path.of("");

  @Option(
      names = "--report",
      required = true,
      paramLabel = "DIR",
      description = "Folder for metrics.json and report.html; made if need be.")
  Path report = Path.of("");

  @Option(
      names = "--videos",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Video files, folders or globs to run the model on.")
  List<String> videos = List.of();

  @Option(names = "--labels", paramLabel = "TOPIC", description = "Labels that are there already.")
  Optional<String> labels = Optional.empty();

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "A|B",
      description = "Two of them side by side, each a bundle's folder or topic:NAME.")
  List<String> compare = List.of();

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description =
          "With --videos what to run, by default object-motion. With --labels whose classes,"
              + " background and thresholds count; by default the classes that the labels name.")
  Optional<Path> model = Optional.empty();

  @Option(
      names = "--multi-label",
      description = "Several labels are true at once; for --labels without --model.")
  boolean multiLabel;

  @Option(
      names = "--events-rules",
      paramLabel = "FILE",
      description =
          "Event rules to score, in place of those of the model. Events are made anew from the"
              + " labels' scores.")
  Optional<Path> eventRules = Optional.empty();

  @Option(
      names = "--tune-events",
      description =
          "Find the event rules that fit the truth best, by cross-validation over streams. They"
              + " are written to events.json in the folder of the report and, if --model names a"
              + " bundle, into that.")
  boolean tuneEvents;

  @Option(
      names = "--start-delay",
      paramLabel = "SECONDS",
      description =
          "With --tune-events: what the median delay from the true beginning to START may be."
              + " Default: 0.6.")
  Optional<Double> startDelay = Optional.empty();

  @Option(
      names = "--false-alarms",
      paramLabel = "N",
      description =
          "With --tune-events: false alarms an hour at most; of such rules the one that finds most"
              + " is taken. Default: the best F1.")
  Optional<Double> falseAlarms = Optional.empty();

  @Mixin ProviderOption provider = new ProviderOption();

  @Option(
      names = "--from",
      paramLabel = "beginning|TIME",
      description = "Labels from this capture time on, ISO-8601 with its zone. Default: beginning.")
  String from = "beginning";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Labels before this capture time. Default: all that is committed.")
  Optional<String> to = Optional.empty();

  @Option(
      names = "--streams",
      paramLabel = "GLOB",
      description = "Only streams of the topic whose id matches: * is any text, ? one character.")
  String streams = "*";

  @Option(
      names = "--rejected",
      paramLabel = "TOPIC",
      description = "Where the rejected frames of the labels are, for reasons and marks.")
  Optional<String> rejected = Optional.empty();

  @Option(
      names = "--frames",
      paramLabel = "TOPIC",
      description = "Where the frames of the labels are, for pictures of the worst mistakes.")
  Optional<String> frames = Optional.empty();

  @Mixin StallTimeout stall = new StallTimeout();

  @Override
  public Integer call() {
    checkOptions();
    TopicRange range =
        new TopicRange(
            StartPoint.parse(from),
            to.map(time -> CaptureTime.parse("--to", time, "")),
            StreamGlob.of(streams));
    EvaluationReport scores = new EvaluationReport(truth, report);
    List<VideoSource> sources =
        videos.isEmpty() ? List.of() : SourceFinder.find(videos, Optional.empty(), "");
    Map<String, String> settings = new HashMap<>();
    provider.into(settings);
    List<EvaluatedRun> runs = new ArrayList<>();
    String text;
    try (Interrupts interrupts = Interrupts.install();
        ProgressLine progress = ProgressLine.onStandardError()) {
      for (Candidate candidate : candidates()) {
        Optional<EvaluatedRun> run =
            candidate.topic()
                ? topic(candidate, range, scores.truth(), progress).read(interrupts)
                : new VideoLabels(
                        candidate.name(),
                        Path.of(candidate.place()),
                        eventRules,
                        settings,
                        sources,
                        scores.truth(),
                        stall.limit(),
                        progress)
                    .run(interrupts);
        if (run.isEmpty()) {
          return ExitCode.OK; // interrupted
        }
        runs.add(run.get());
      }
      progress.say("writing the report ...");
      text =
          scores.write(
              runs,
              tuneEvents
                  ? Optional.of(
                      new EventTuner.Limits(
                          startDelay.orElse(0.6),
                          falseAlarms.map(OptionalDouble::of).orElseGet(OptionalDouble::empty)))
                  : Optional.empty());
      intoBundle(scores);
    }
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    out.println(text);
    out.flush();
    return ExitCode.OK;
  }

  /** The default bundle is left alone: it belongs to the installation. */
  private void intoBundle(EvaluationReport scores) {
    if (model.isPresent() && scores.found().isPresent()) {
      EventRulesWriter.writeInto(BundleReader.load(model.get()), scores.found().get());
    }
  }

  /** What is scored: a topic, or the bundle in a folder. */
  private record Candidate(String name, boolean topic, String place) {
    static Candidate parse(String text) {
      return text.startsWith(TOPIC) ? topic(text.substring(TOPIC.length())) : bundle(Path.of(text));
    }

    static Candidate topic(String topic) {
      return new Candidate(TOPIC + topic, true, topic);
    }

    static Candidate bundle(Path folder) {
      Path last = folder.toAbsolutePath().normalize().getFileName();
      return new Candidate(
          last == null ? folder.toString() : last.toString(), false, folder.toString());
    }

    Candidate named(String other) {
      return new Candidate(other, topic, place);
    }
  }

  private List<Candidate> candidates() {
    if (!compare.isEmpty()) {
      Candidate a = Candidate.parse(compare.get(0));
      Candidate b = Candidate.parse(compare.get(1));
      return a.name().equals(b.name())
          ? List.of(a.named(a.name() + " (A)"), b.named(b.name() + " (B)"))
          : List.of(a, b);
    }
    return List.of(
        labels
            .map(Candidate::topic)
            .orElseGet(() -> Candidate.bundle(model.orElseGet(this::standard))));
  }

  private Path standard() {
    return Home.standardBundle()
        .orElseThrow(() -> new ConfigException("no model is named: give --model BUNDLE"));
  }

  private TopicLabels topic(
      Candidate candidate, TopicRange range, Truth known, ProgressLine progress) {
    return new TopicLabels(
        candidate.name(),
        kafka.access(),
        candidate.place(),
        range,
        known,
        new TopicLabels.Side(
            model.map(BundleReader::load), eventRules, multiLabel, rejected, frames),
        progress);
  }

  private void checkOptions() {
    List<String> problems = new ArrayList<>();
    boolean bundles =
        compare.isEmpty()
            ? labels.isEmpty()
            : compare.stream().anyMatch(side -> !side.startsWith(TOPIC));
    boolean topics =
        labels.isPresent() || compare.stream().anyMatch(side -> side.startsWith(TOPIC));
    if (compare.isEmpty() && labels.isEmpty() == videos.isEmpty()) {
      problems.add("nothing to score, or two things: give --videos PATH or --labels TOPIC");
    } else if (bundles && videos.isEmpty()) {
      problems.add("--compare runs the bundles on clips: give --videos PATH");
    } else if (!bundles && !videos.isEmpty()) {
      problems.add("--videos is of no use here: topics hold labels already");
    }
    if (!compare.isEmpty() && labels.isPresent()) {
      problems.add("--labels is of no use with --compare: write topic:%s".formatted(labels.get()));
    }
    if (!topics) {
      rejected.ifPresent(
          name -> problems.add("--rejected %s is for labels of a topic".formatted(name)));
      frames.ifPresent(
          name -> problems.add("--frames %s is for labels of a topic".formatted(name)));
      to.ifPresent(name -> problems.add("--to %s is for labels of a topic".formatted(name)));
    }
    if (multiLabel && model.isPresent()) {
      problems.add("--multi-label is for labels without --model: the bundle says what it is");
    }
    if (tuneEvents && !compare.isEmpty()) {
      problems.add("--tune-events finds the rules of one model: leave out --compare");
    }
    if ((startDelay.isPresent() || falseAlarms.isPresent()) && !tuneEvents) {
      problems.add("--start-delay and --false-alarms are for --tune-events");
    }
    if (falseAlarms.isPresent() && !(falseAlarms.get() >= 0)) {
      problems.add("--false-alarms is %s: give 0 or more".formatted(falseAlarms.get()));
    }
    if (startDelay.isPresent() && !(startDelay.get() > 0)) {
      problems.add("--start-delay is %s: give more than 0".formatted(startDelay.get()));
    }
    if (eventRules.isPresent() && labels.isPresent() && model.isEmpty()) {
      problems.add("--events-rules name classes: give the labels' --model too");
    }
    stall.problem().ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
