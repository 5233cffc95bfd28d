package io.gatestream.cli;

import io.gatestream.clip.ClipMaker;
import io.gatestream.clip.ClipRequest;
import io.gatestream.clip.ClipSpan;
import io.gatestream.clip.ClipSummary;
import io.gatestream.clip.EventSpan;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.labels.CaptureTime;
import io.gatestream.natives.CompressionLibraries;
import io.gatestream.schema.LabelEvent;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clip}: the video of an event, or of a span of a stream. */
@Command(
    name = "clip",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = {
      "gatestream clip EVENT -o FILE.mp4 --bootstrap-servers HOST:PORT [OPTION]...",
      "gatestream clip --stream S --from TIME --to TIME -o FILE.mp4 --bootstrap-servers HOST:PORT [OPTION]..."
    },
    description = {
      "Makes an MP4 file of an event, with seconds before and after it, or of a span of a stream,"
          + " from the frames topic. It plays at the pace of the capture times.",
      "Pictures are encoded as H.264. H.264 segments are passed on without encoding them again, so"
          + " such a clip begins and ends with a whole segment; --labels encodes them.",
      "Frames that retention took, that were lost or that are damaged are named, and the rest goes"
          + " on. Interrupted, it leaves no file (exit code 1)."
    },
    footerHeading = "%nExamples (each with --bootstrap-servers localhost:9092):%n",
    footer = {
      "  ./gatestream clip 5f0c2f3e-8a51-3c7e-9d0b-1f6f1a2b3c4d -o event.mp4",
      "  ./gatestream clip 5f0c2f3e --before 5 --after 10 --labels -o event.mp4",
      "  ./gatestream clip --stream door-1 --from 2026-11-01T09:30:00Z --to 2026-11-01T09:31:00Z -o door.mp4"
    })
final class ClipCommand implements Callable<Integer> {
  private static final Duration STANDARD = Duration.ofSeconds(2);
  private static final double MOST_SECONDS = Duration.ofDays(1).toSeconds();

  @Parameters(
      arity = "0..1",
      paramLabel = "EVENT",
      description = "Id of an event as './gatestream events' prints it, or how it begins.")
  Optional<String> event = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.mp4",
      required = true,
      description = "The file to make.")
  Path output = Path.of("");

  @Option(names = "--force", description = "Replace a file that is there.")
  boolean force;

  @Option(
      names = "--before",
      paramLabel = "SECONDS",
      description = "Of an event: begin so long before it. Default: 2.")
  Optional<Double> before = Optional.empty();

  @Option(
      names = "--after",
      paramLabel = "SECONDS",
      description = "Of an event: end so long after it. Default: 2.")
  Optional<Double> after = Optional.empty();

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Id of a stream, in place of an event.")
  Optional<String> stream = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Of a stream: first capture time, ISO-8601 with its zone.")
  Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Of a stream: last capture time, ISO-8601 with its zone.")
  Optional<String> to = Optional.empty();

  @Option(
      names = "--labels",
      description =
          "Draw each frame's best label with its score, and the classes that are on, into the"
              + " picture. Only ASCII is drawn.")
  boolean labels;

  @Option(
      names = "--frames-topic",
      paramLabel = "TOPIC",
      description = "The topic with the frames. Default: frames.")
  Optional<String> framesTopic = Optional.empty();

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description = "The topic with the labels, for --labels. Default: labels.")
  Optional<String> labelsTopic = Optional.empty();

  @Option(
      names = "--events-topic",
      paramLabel = "TOPIC",
      description = "The topic with the event. Default: events.")
  Optional<String> eventsTopic = Optional.empty();

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    check();
    Optional<ClipSpan> asked = stream.map(this::spanOfStream);
    Settings settings = settings();
    CompressionLibraries.load();
    KafkaAccess access = settings.kafkaAccess();
    try (Interrupts interrupts = Interrupts.install();
        ClipLine line = ClipLine.onStandardError()) {
      Optional<ClipSpan> span =
          asked.or(() -> spanOfEvent(access, settings.get(RunSettings.EVENTS_TOPIC), interrupts));
      ClipMaker maker = new ClipMaker(access);
      interrupts.onRequest(maker::stop);
      Optional<ClipSummary> made =
          span.flatMap(
              found ->
                  maker.make(
                      new ClipRequest(
                          found,
                          settings.get(RunSettings.FRAMES_TOPIC),
                          labels
                              ? Optional.of(settings.get(RunSettings.LABELS_TOPIC))
                              : Optional.empty(),
                          output,
                          force),
                      line));
      line.clear();
      made.ifPresentOrElse(this::tell, () -> note("interrupted: no file is made"));
      return made.isPresent() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private void check() {
    List<String> problems = new ArrayList<>();
    if (event.isPresent() == stream.isPresent()) {
      problems.add(
          "give either the id of an EVENT, or --stream with --from and --to (--help has examples)");
    }
    if (stream.isPresent() && (from.isEmpty() || to.isEmpty())) {
      problems.add("--stream needs --from and --to");
    }
    if (stream.isPresent() && (before.isPresent() || after.isPresent())) {
      problems.add("--before and --after are for an EVENT: widen --from and --to");
    }
    if (event.isPresent() && (from.isPresent() || to.isPresent())) {
      problems.add("--from and --to are for --stream: give --before and --after with an EVENT");
    }
    if (labelsTopic.isPresent() && !labels) {
      problems.add("--labels-topic is for --labels: give this as well");
    }
    if (eventsTopic.isPresent() && event.isEmpty()) {
      problems.add("--events-topic is for an EVENT");
    }
    event.filter(String::isBlank).ifPresent(id -> problems.add("the id of the EVENT is empty"));
    checkSeconds("--before", before, problems);
    checkSeconds("--after", after, problems);
    if (!output.toString().toLowerCase(Locale.ROOT).endsWith(".mp4")) {
      problems.add(
          "--output is '%s': a clip is an MP4 file, give a name that ends with .mp4"
              .formatted(output));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static void checkSeconds(String option, Optional<Double> given, List<String> problems) {
    given
        .filter(seconds -> !(seconds >= 0 && seconds <= MOST_SECONDS))
        .ifPresent(
            seconds ->
                problems.add(
                    "%s is %s: give seconds from 0 to %.0f"
                        .formatted(option, seconds, MOST_SECONDS)));
  }

  private Settings settings() {
    Map<String, String> flags = kafka.flags();
    framesTopic.ifPresent(name -> flags.put(RunSettings.FRAMES_TOPIC.key(), name));
    labelsTopic.ifPresent(name -> flags.put(RunSettings.LABELS_TOPIC.key(), name));
    eventsTopic.ifPresent(name -> flags.put(RunSettings.EVENTS_TOPIC.key(), name));
    return kafka.settings(flags);
  }

  private ClipSpan spanOfStream(String id) {
    return ClipSpan.of(
        id,
        CaptureTime.parse("--from", from.orElseThrow(), ""),
        CaptureTime.parse("--to", to.orElseThrow(), ""));
  }

  /** Empty where it was interrupted. */
  private Optional<ClipSpan> spanOfEvent(KafkaAccess access, String topic, Interrupts interrupts) {
    Optional<EventSpan> found =
        EventSpan.find(
            access, topic, event.orElseThrow(), reader -> interrupts.onRequest(reader::stop));
    found.filter(EventSpan::isOpen).ifPresent(this::tellOpen);
    return found.map(one -> one.span(length(before), length(after)));
  }

  private void tellOpen(EventSpan open) {
    LabelEvent known = open.event();
    note(
        "event '%s' of stream '%s' has not ended: the clip goes to what its last record knows of, %s, and on by --after"
            .formatted(known.getLabel(), known.getStreamId(), known.getEndCaptureTime()));
  }

  private static Duration length(Optional<Double> seconds) {
    return seconds.map(given -> Duration.ofMillis(Math.round(given * 1e3))).orElse(STANDARD);
  }

  private void tell(ClipSummary made) {
    made.notes().forEach(ClipCommand::note);
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "%s: %.1f s, %d frames, %dx%d, from %s",
                output,
                made.length().toMillis() / 1e3,
                made.frames(),
                made.width(),
                made.height(),
                made.first()));
    spec.commandLine().getOut().flush();
  }

  private static void note(String line) {
    System.err.println("clip: " + Terminal.printable(line));
  }
}
