package io.gatestream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Everything that {@code bench} measures, one after the other. Used once, by one thread; an
 * interrupt ends it.
 */
public final class Bench {
  private static final List<Integer> LOADS = List.of(50, 70, 90);
  private static final int OVERLOAD = 200;
  private static final String FULL = "full";

  private final TestBed bed;
  private final BenchSettings settings;
  private final AppRuns runs;
  private final RawLoop loop;
  private final int cores;

  private final List<Loops.Rate> rawApart = new ArrayList<>();
  private final List<Loops.Rate> rawTogether = new ArrayList<>();
  private final Series endToEnd = new Series();
  private final Series naive = new Series();
  private final Series naivePerCore = new Series();
  private final List<Delay> delays = new ArrayList<>();
  private final List<Delay> overload = new ArrayList<>();
  private final List<AppRuns.Result> results = new ArrayList<>();
  private long total;

  /** Measures on an open test bed. */
  public Bench(TestBed bed) {
    this.bed = bed;
    this.settings = bed.settings();
    this.runs = bed.runs();
    this.loop = bed.rawLoop();
    this.cores = bed.cores();
  }

  /** Measures all there is. */
  public BenchReport run(BenchListener listener) throws InterruptedException {
    StageLimits stages = new StageLimits(bed);
    Schedule schedule = new Schedule();
    stages.decode(schedule);
    stages.encode(schedule);
    stages.step(schedule);
    bed.warmKafka(schedule);
    schedule.add("filling the topic", 10, this::fill);
    stages.kafka(schedule, bed.kafka().name(FULL));
    bed.warmUp(schedule, FULL, () -> total);
    for (int i = 1; i <= settings.repetitions(); i++) {
      alternation(schedule, " (%d of %d)".formatted(i, settings.repetitions()));
    }
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(FULL));
    DelayRun delay = new DelayRun(bed);
    LOADS.forEach(load -> delay(schedule, delay, load, Map.of(), delays));
    delay(schedule, delay, OVERLOAD, Map.of("overload", "latest"), overload);
    schedule.run(listener);
    return new BenchReport(
        bed.setup(), stages.figures(), rates(), delays, overload.get(0), meaning());
  }

  private void delay(
      Schedule schedule, DelayRun delay, int load, Map<String, String> flags, List<Delay> results) {
    schedule.add(
        "delays at %d %% of that rate".formatted(load),
        settings.warmUp() + settings.seconds() + 6,
        () ->
            results.add(
                delay.at(
                    load,
                    endToEnd.figure().median() * load / 100,
                    flags,
                    settings.streams(),
                    settings.warmUp(),
                    settings.seconds())));
  }

  /** What alternates, so that a slow minute of the machine hits all. */
  private void alternation(Schedule schedule, String which) {
    schedule.add(
        "end to end" + which,
        runs.estimate(),
        () -> {
          AppRuns.Result result = whole(Map.of());
          results.add(result);
          endToEnd.add(result.fps());
        });
    schedule.add("without Kafka" + which, rawSeconds(), () -> rawApart.add(loop.rate(cores, 1)));
    schedule.add(
        "without Kafka, one call on all cores" + which,
        rawSeconds(),
        () -> rawTogether.add(loop.rate(1, cores)));
    schedule.add(
        "the naive way" + which, runs.estimate(), () -> naive.add(whole(bed.naiveFlags()).fps()));
    schedule.add(
        "the naive way, a stream thread a core" + which,
        runs.estimate(),
        () -> naivePerCore.add(whole(bed.naivePerCoreFlags()).fps()));
  }

  private double rawSeconds() {
    return settings.seconds() * 1.2 + 0.3;
  }

  private AppRuns.Result whole(Map<String, String> flags) throws InterruptedException {
    return runs.steady(AppRuns.Kind.WHOLE, bed.kafka().name(FULL), total, flags);
  }

  private void fill() throws InterruptedException {
    total = bed.fill(FULL, bed.cameras());
  }

  private BenchReport.Rates rates() {
    boolean isApart =
        figure(rawApart, Loops.Rate::fps).median() >= figure(rawTogether, Loops.Rate::fps).median();
    List<Loops.Rate> raw = isApart ? rawApart : rawTogether;
    return new BenchReport.Rates(
        figure(raw, Loops.Rate::fps),
        isApart
            ? "%d callers of one session, one frame and one core each".formatted(cores)
            : "1 caller, each encoder call on all cores",
        endToEnd.figure(),
        naive.figure(),
        naivePerCore.figure(),
        figure(raw, Loops.Rate::cpuMicros),
        figure(results, AppRuns.Result::cpuMicros),
        bed.kafka().knowsCpu()
            ? Optional.of(figure(results, AppRuns.Result::brokerShare))
            : Optional.empty());
  }

  private static <T> Figure figure(List<T> measured, ToDoubleFunction<T> value) {
    return new Figure(measured.stream().map(value::applyAsDouble).toList());
  }

  private BenchReport.Meaning meaning() {
    double fps = endToEnd.figure().median();
    double rate = 1e6 / bed.intervalMicros();
    return new BenchReport.Meaning(
        rate,
        (int) (fps / rate),
        Math.max(8, 4 * cores),
        bed.config().compute().streamThreads(),
        residentBytes(),
        fps * bed.pictures().meanBytes(),
        mean(AppRuns.Result::labelBytes).map(bytes -> bytes * fps),
        mean(AppRuns.Result::changelogBytes).map(bytes -> bytes * fps));
  }

  private Optional<Double> mean(Function<AppRuns.Result, Optional<Double>> bytes) {
    List<Double> known = results.stream().flatMap(result -> bytes.apply(result).stream()).toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(new Figure(known).median());
  }

  private static Optional<Long> residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
