package io.gatestream.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures that Gatestream is held to, on the user's machine and with the user's model. Used
 * once, by one thread; an interrupt ends it.
 */
public final class Targets {
  private static final int FEW = 100;
  private static final int MANY = 100_000;

  /** What Kafka Streams can read in a second on two cores is below this, of frames as large. */
  private static final double FULL_SIZE = 24_000;

  private static final double SMALL = 150_000;

  private static final String FREE = "a model that costs nothing";
  private static final String BARE = "bare Kafka Streams";
  private static final String FREE_SMALL = FREE + ", small frames";
  private static final String BARE_SMALL = BARE + ", small frames";

  private static final String WITHOUT_EVENTS = ", without events";
  private static final Map<String, String> NO_EVENTS = Map.of("events", "false");

  private static final String INT8 = "int8: end to end";

  /** Than others, in lengths of a measurement. */
  private static final int LONGER = 3;

  private static final String EVEN = "even";
  private static final String HEAP = "heap";
  private static final String SKEWED = "skewed";

  private final TestBed bed;
  private final BenchFrames small;
  private final Optional<Path> int8;
  private final AppRuns runs;
  private final AppRuns brief;
  private final int cores;
  private final Map<String, Series> rates = new LinkedHashMap<>();
  private final Series brokerShare = new Series();
  private final Series heap = new Series();
  private final Series bareHeap = new Series();
  private final Series cpuWhole = new Series();
  private final Series cpuRaw = new Series();
  private final Series cpuFew = new Series();
  private final Series cpuMany = new Series();
  private BenchListener listener = (what, secondsLeft) -> {};
  private long even;
  private long heapFrames;
  private long drained;
  private double paced;
  private long states;

  /**
   * Measures on an open test bed.
   *
   * @param small pictures of a few KB for what must not be held up by reading bytes
   * @param int8 the same model with a quantised encoder, measured in turns with it
   */
  public Targets(TestBed bed, BenchFrames small, Optional<Path> int8) {
    this.bed = bed;
    this.small = small;
    this.int8 = int8;
    this.runs = bed.runs();
    this.brief = runs.lasting(1, Math.min(3, bed.settings().seconds()));
    this.cores = bed.cores();
  }

  /** Measures all of them. */
  public TargetsReport run(BenchListener heard) throws InterruptedException {
    listener = heard;
    Schedule schedule = new Schedule();
    bed.warmKafka(schedule);
    alternations(schedule);
    heap(schedule);
    skewed(schedule);
    free(schedule);
    streams(schedule);
    schedule.run(listener);
    return report();
  }

  private void alternations(Schedule schedule) {
    schedule.add("filling the topic", 12, () -> even = bed.fill(EVEN, bed.cameras()));
    bed.warmUp(schedule, EVEN, () -> even);
    Map<String, String> naive = bed.naiveFlags();
    Map<String, String> perCore = bed.naivePerCoreFlags();
    repeat(
        which -> {
          schedule.add(
              "end to end" + which,
              runs.estimate(),
              () -> {
                AppRuns.Result result = whole(Map.of());
                add("end to end", result.fps());
                brokerShare.add(result.brokerShare());
                cpuWhole.add(result.cpuMicros());
              });
          schedule.add(
              "without Kafka" + which,
              bed.settings().seconds() * 1.2 + 0.3,
              () -> {
                Loops.Rate rate = bed.rawLoop().rate(cores, 1);
                add("without Kafka", rate.fps());
                cpuRaw.add(rate.cpuMicros());
              });
          schedule.add("naive" + which, runs.estimate(), () -> add("naive", whole(naive).fps()));
          schedule.add(
              "naive, a stream thread a core" + which,
              runs.estimate(),
              () -> add("naive, a stream thread a core", whole(perCore).fps()));
          int8.ifPresent(
              bundle ->
                  schedule.add(
                      "int8: end to end" + which,
                      runs.estimate(),
                      () -> add(INT8, whole(Map.of("model", bundle.toString())).fps())));
        });
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(EVEN));
  }

  /** Kafka's client fetches a hundred frames at once, which weigh less in a longer measurement. */
  private void heap(Schedule schedule) {
    double span = LONGER * bed.settings().seconds();
    AppRuns longer = runs.lasting(bed.settings().warmUp(), span);
    schedule.add(
        "filling the topic", 12, () -> heapFrames = bed.fill(HEAP, bed.cameras(), longer.reach()));
    repeat(
        BenchSettings.FEWEST_REPETITIONS,
        which -> {
          schedule.add(
              "heap, end to end" + which,
              longer.estimate(),
              () -> {
                AppRuns.Result result =
                    longer.steady(AppRuns.Kind.WHOLE, bed.kafka().name(HEAP), heapFrames, Map.of());
                heap.add(result.heapBytes());
                paced = result.fps();
              });
          schedule.add(
              "heap, bare Kafka Streams at that rate" + which,
              longer.estimate(),
              () ->
                  bareHeap.add(
                      longer.bareAt(paced, bed.kafka().name(HEAP), heapFrames).heapBytes()));
        });
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(HEAP));
  }

  private AppRuns.Result whole(Map<String, String> flags) throws InterruptedException {
    return runs.steady(AppRuns.Kind.WHOLE, bed.kafka().name(EVEN), even, flags);
  }

  private void skewed(Schedule schedule) {
    Cameras cameras =
        bed.cameras(TestBed.StreamKind.HALF_ON_ONE, bed.settings().streams(), bed.pictures());
    // start and end weigh in what is measured from the first label to the last
    double longer = LONGER * bed.settings().seconds();
    schedule.add(
        "filling a topic with half the streams on one partition",
        8,
        () -> {
          int streams = bed.settings().streams();
          drained = Math.round(bed.roughRate() * longer / streams + 1) * streams;
          bed.kafka().fill(bed.kafka().topic(SKEWED, bed.partitions()), cameras, 0, drained);
        });
    double each = longer * 1.3 + 6;
    repeat(
        which -> {
          schedule.add(
              "half the streams on one partition" + which,
              each,
              () -> add("skewed: end to end", drain(Map.of())));
          schedule.add(
              "the same, naive, a stream thread a core" + which,
              each,
              () -> add("skewed: naive, a stream thread a core", drain(bed.naivePerCoreFlags())));
        });
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(SKEWED));
  }

  private double drain(Map<String, String> flags) throws InterruptedException {
    return runs.drained(bed.kafka().name(SKEWED), drained, flags);
  }

  /** With the frames of everything else, and with small ones, of which more can be read. */
  private void free(Schedule schedule) {
    free(schedule, "full", FULL_SIZE, bed.pictures(), FREE, BARE);
    free(schedule, "small", SMALL, small, FREE_SMALL, BARE_SMALL);
  }

  private void free(
      Schedule schedule,
      String topic,
      double fastest,
      BenchFrames frames,
      String model,
      String bare) {
    Cameras cameras = bed.cameras(TestBed.StreamKind.EVEN, bed.settings().streams(), frames);
    long total = Math.round(fastest * brief.reach());
    schedule.add(
        "filling a topic with %d frames".formatted(total),
        20,
        () -> bed.kafka().fill(bed.kafka().topic(topic, bed.partitions()), cameras, 0, total));
    for (AppRuns.Kind kind : List.of(AppRuns.Kind.FREE, AppRuns.Kind.BARE)) {
      schedule.add("warming up", brief.estimate(), () -> brief(kind, topic, total));
    }
    repeat(
        which -> {
          schedule.add(
              model + which,
              brief.estimate(),
              () -> add(model, brief(AppRuns.Kind.FREE, topic, total)));
          schedule.add(
              model + WITHOUT_EVENTS + which,
              brief.estimate(),
              () -> add(model + WITHOUT_EVENTS, brief(AppRuns.Kind.FREE, topic, total, NO_EVENTS)));
          schedule.add(
              bare + which,
              brief.estimate(),
              () -> add(bare, brief(AppRuns.Kind.BARE, topic, total)));
        });
    schedule.add("deleting the topic", 0.1, () -> bed.kafka().delete(topic));
  }

  private double brief(AppRuns.Kind kind, String topic, long total) throws InterruptedException {
    return brief(kind, topic, total, Map.of());
  }

  private double brief(AppRuns.Kind kind, String topic, long total, Map<String, String> flags)
      throws InterruptedException {
    return brief.steady(kind, bed.kafka().name(topic), total, flags).fps();
  }

  /** Each stream has a state before the first measurement, made by a run whose model is free. */
  private void streams(Schedule schedule) {
    schedule.add("making states of %d and %d streams".formatted(FEW, MANY), 40, this::makeStates);
    repeat(
        which -> {
          schedule.add(
              "%d streams".formatted(FEW) + which,
              runs.estimate(),
              () -> cpuFew.add(add("%d streams".formatted(FEW), streams(FEW))));
          schedule.add(
              "%d streams".formatted(MANY) + which,
              runs.estimate(),
              () -> cpuMany.add(add("%d streams".formatted(MANY), streams(MANY))));
        });
  }

  private void makeStates() throws InterruptedException {
    states = Math.round(1.3 * bed.roughRate() * runs.reach() * bed.settings().repetitions()) + 512;
    for (int streams : new int[] {FEW, MANY}) {
      String topic = bed.kafka().topic("of-%d".formatted(streams), bed.partitions());
      Cameras empty = bed.cameras(TestBed.StreamKind.EVEN, streams, BenchFrames.none());
      bed.kafka().fill(topic, empty, 0, streams);
      runs.leaveStates("with-%d".formatted(streams), topic, streams);
      Cameras real = bed.cameras(TestBed.StreamKind.EVEN, streams, bed.pictures());
      bed.kafka().fill(topic, real, streams, streams + states);
    }
  }

  private AppRuns.Result streams(int streams) throws InterruptedException {
    return runs.steady(
        AppRuns.Kind.WHOLE,
        "with-%d".formatted(streams),
        bed.kafka().name("of-%d".formatted(streams)),
        states,
        Map.of());
  }

  private interface Turn {
    void add(String which);
  }

  private void repeat(Turn turn) {
    repeat(bed.settings().repetitions(), turn);
  }

  private static void repeat(int repetitions, Turn turn) {
    for (int i = 1; i <= repetitions; i++) {
      turn.add(" (%d of %d)".formatted(i, repetitions));
    }
  }

  private void add(String what, double fps) {
    listener.measured(what, fps);
    rates.computeIfAbsent(what, key -> new Series()).add(fps);
  }

  /** Adds a rate and gives the processor time of a frame. */
  private double add(String what, AppRuns.Result result) {
    add(what, result.fps());
    return result.cpuMicros() + result.brokerCpuMicros();
  }

  private Figure rate(String what) {
    Series series = rates.get(what);
    if (series == null) {
      throw new IllegalStateException("not measured: " + what);
    }
    return series.figure();
  }

  private TargetsReport report() {
    Figure whole = rate("end to end");
    Figure raw = rate("without Kafka");
    List<Target> targets = new ArrayList<>();
    Figure gross = whole.over(raw);
    if (bed.kafka().knowsCpu()) {
      targets.add(
          Target.atLeast(
              "end to end to raw limit, net of the broker's processor time",
              gross.over(brokerShare.figure().map(used -> 1 - used)),
              0.95));
    }
    targets.add(Target.atLeast("end to end to raw limit, gross", gross, 0.93));
    targets.add(
        Target.atLeast(
            "end to end to naive, encoder on all cores", whole.over(rate("naive")), 1.4));
    targets.add(
        Target.atLeast(
            "end to end to naive, a stream thread a core",
            whole.over(rate("naive, a stream thread a core")),
            1.05));
    targets.add(
        Target.atLeast(
            "the same, half the streams on one partition",
            rate("skewed: end to end").over(rate("skewed: naive, a stream thread a core")),
            1.3));
    if (int8.isPresent()) {
      targets.add(
          Target.atLeast(
              "int8 to float32, end to end, on a CPU with VNNI", rate(INT8).over(whole), 1.7));
    }
    targets.add(
        Target.atLeast(
            "a model that costs nothing to bare Kafka Streams", rate(FREE).over(rate(BARE)), 0.8));
    targets.add(
        Target.atLeast(
            "the same with events to without, small frames",
            rate(FREE_SMALL).over(rate(FREE_SMALL + WITHOUT_EVENTS)),
            0.98));
    String few = "%d streams".formatted(FEW);
    String many = "%d streams".formatted(MANY);
    targets.add(
        Target.atMost(
            "time of a frame, %s to %s".formatted(many, few), rate(few).over(rate(many)), 1.25));
    if (bed.kafka().knowsCpu()) {
      targets.add(
          Target.atMost(
              "processor time of a frame, %s to %s".formatted(many, few),
              cpuMany.figure().over(cpuFew.figure()),
              1.25));
    }
    double own = heapLimit();
    targets.add(
        Target.atMost(
            "Java heap allocated for a frame, bytes",
            heap.figure(),
            own + bed.pictures().meanBytes()));
    double bare = bareHeap.figure().median();
    targets.add(
        Target.atMost(
            "of these, not by Kafka Streams at that rate (%.0f), bytes".formatted(bare),
            heap.figure().map(bytes -> bytes - bare),
            own));
    Map<String, Figure> figures = new LinkedHashMap<>();
    rates.forEach((what, series) -> figures.put(what, series.figure()));
    return new TargetsReport(
        bed.setup(),
        figures,
        whole.overItself(),
        cpuRaw.figure().over(cpuWhole.figure()),
        rate(FREE_SMALL).over(rate(BARE_SMALL)),
        targets);
  }

  /** Features, four times the state and 4 KiB: what may come on top of the record's value. */
  private double heapLimit() {
    return 4.0 * bed.bundle().featureSize() + 4.0 * bed.bundle().stateBytes() + 4096;
  }
}
