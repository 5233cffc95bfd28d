package io.gatestream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.config.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Some parts of what {@code bench} measures, for machines that are there for minutes: what is known
 * is handed over before each next measurement, so that a run that is cut off leaves it. Used once,
 * by one thread; an interrupt ends it.
 */
final class BenchParts {
  private static final String FULL = "full";
  private static final int LOAD = 70;

  /** 333 cameras at 30 frames a second, which one large GPU is to serve. */
  private static final double CAMERAS_FPS = 9_990;

  /** A sender and its labels' reader need some of the cores too. */
  private static final double CAMERAS_NEED = 1.1;

  /** What can be asked for. */
  enum Part {
    DECODE,
    ENCODE,
    STEP,
    END_TO_END,
    DELAY;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final TestBed bed;
  private final Set<Part> parts;
  private final Consumer<ObjectNode> known;
  private final StageLimits stages;
  private final Series endToEnd = new Series();
  private final List<Delay> delays = new ArrayList<>();
  private long total;

  /**
   * Measures on an open test bed.
   *
   * @param known takes all that is measured so far
   */
  BenchParts(TestBed bed, Set<Part> parts, Consumer<ObjectNode> known) {
    this.bed = bed;
    this.parts = parts;
    this.known = known;
    this.stages = new StageLimits(bed);
  }

  /** Measures all parts. */
  ObjectNode run(BenchListener listener) throws InterruptedException {
    Schedule schedule = new Schedule();
    if (parts.contains(Part.DECODE)) {
      stages.decode(schedule);
    }
    if (parts.contains(Part.ENCODE)) {
      stages.encode(schedule);
    }
    if (parts.contains(Part.STEP)) {
      stages.step(schedule);
    }
    if (parts.contains(Part.END_TO_END) || parts.contains(Part.DELAY)) {
      whole(schedule);
    }
    schedule.run(
        (what, left) -> {
          known.accept(json());
          listener.measuring(what, left);
        });
    ObjectNode json = json();
    known.accept(json);
    return json;
  }

  private void whole(Schedule schedule) {
    BenchSettings settings = bed.settings();
    double warmUp = 4 * settings.seconds();
    AppRuns runs = bed.runs();
    bed.warmKafka(schedule);
    schedule.add("filling the topic", 10, this::fill);
    schedule.add(
        "warming up, end to end", warmUp, () -> runs.warm(bed.kafka().name(FULL), total, warmUp));
    for (int i = 1; i <= settings.repetitions(); i++) {
      schedule.add(
          "end to end (%d of %d)".formatted(i, settings.repetitions()),
          runs.estimate(),
          () ->
              endToEnd.add(
                  runs.steady(AppRuns.Kind.WHOLE, bed.kafka().name(FULL), total, Map.of()).fps()));
    }
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(FULL));
    if (parts.contains(Part.DELAY)) {
      delays(schedule);
    }
  }

  private void delays(Schedule schedule) {
    BenchSettings settings = bed.settings();
    DelayRun run = new DelayRun(bed);
    double seconds = settings.warmUp() + settings.seconds() + 6;
    schedule.add(
        "delays at %d %% of that rate".formatted(LOAD),
        seconds,
        () -> delay(run, endToEnd.figure().median() * LOAD / 100));
    schedule.add(
        "delays at %.0f frames a second, where that is less than it takes".formatted(CAMERAS_FPS),
        0,
        () -> {
          if (endToEnd.figure().median() > CAMERAS_NEED * CAMERAS_FPS) {
            delay(run, CAMERAS_FPS);
          }
        });
  }

  private void delay(DelayRun run, double fps) throws InterruptedException {
    BenchSettings settings = bed.settings();
    int load = (int) Math.round(100 * fps / endToEnd.figure().median());
    delays.add(
        run.at(load, fps, Map.of(), settings.streams(), settings.warmUp(), settings.seconds()));
  }

  /** On a GPU the raw loop says nothing of the rate end to end, and all cores decode for it. */
  private void fill() throws InterruptedException {
    double reach = bed.runs().reach();
    if (bed.config().compute().provider() == Provider.CPU) {
      total = bed.fill(FULL, bed.cameras(), reach);
    } else {
      total = Math.round(1.3 * stages.decodeRate() * reach) + 512;
      bed.kafka().fill(bed.kafka().topic(FULL, bed.partitions()), bed.cameras(), 0, total);
    }
  }

  private ObjectNode json() {
    JsonMapper mapper = new JsonMapper();
    ObjectNode json = mapper.createObjectNode();
    json.set("setup", mapper.valueToTree(bed.setup()));
    ArrayNode figures = json.putArray("stages");
    for (StageFigure stage : stages.figures()) {
      figures
          .addObject()
          .put("stage", stage.stage())
          .put("setting", stage.setting())
          .put("fps", stage.fps().median())
          .put("spread", stage.fps().spread());
    }
    endToEnd
        .figureSoFar()
        .ifPresent(
            figure -> {
              json.put("endToEndFps", figure.median());
              json.put("endToEndSpread", figure.spread());
            });
    json.set("delays", mapper.valueToTree(delays));
    return json;
  }

  /** As lines of text. */
  String text() {
    BenchLines lines = new BenchLines();
    lines.setup(bed.setup());
    lines.head("Frames a second");
    stages
        .figures()
        .forEach(stage -> lines.figure(stage.stage() + ", " + stage.setting(), stage.fps()));
    Optional<Figure> rate = endToEnd.figureSoFar();
    rate.ifPresent(figure -> lines.figure("end to end", figure));
    for (Delay delay : delays) {
      lines.line(
          "  delay at %d %%, %.0f frames a second as %d streams: p50 %.0f, p95 %.0f, p99 %.0f ms,"
              + " %d without a label",
          delay.load(),
          delay.fps(),
          delay.streams(),
          delay.p50(),
          delay.p95(),
          delay.p99(),
          delay.unlabelled());
    }
    return lines.toString();
  }
}
