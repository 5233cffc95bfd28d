package io.gatestream.bench;

import io.gatestream.frame.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Measures one row of the table of peers, on a broker of its own. Before that, everybody's labels
 * of the same frames are compared. Used once, by one thread.
 *
 * <p>Gatestream runs twice at the begin of a turn, and then before each rival: what is compared are
 * neighbours in time.
 */
final class PeerRowRun {
  private static final int COMPARED = 24;
  private static final double LOAD = 0.7;

  private final TestBed bed;
  private final PeerPrograms programs;
  private final PeerRow row;
  private final List<Peer> rivals;
  private final PeerSettings settings;
  private final List<PeerTurn> own = new ArrayList<>();
  private final List<PeerRowResult.Pair> pairs = new ArrayList<>();
  private final SameLabels expected = new SameLabels();
  private BenchListener listener = (what, secondsLeft) -> {};
  private long total;
  private double load;
  private int number;

  PeerRowRun(
      TestBed bed, PeerPrograms programs, PeerRow row, List<Peer> rivals, PeerSettings settings) {
    this.bed = bed;
    this.programs = programs;
    this.row = row;
    this.rivals = rivals;
    this.settings = settings;
  }

  PeerRowResult run(BenchListener heard) throws InterruptedException {
    listener = heard;
    Schedule schedule = new Schedule();
    compare(schedule);
    if (row.way() != PeerRow.Way.PACED) {
      schedule.add(row.title() + ": filling the topic", 20, this::fill);
    }
    if (row.way() == PeerRow.Way.DELAY) {
      schedule.add(
          row.title() + ": the rate that the load is a share of",
          turnSeconds(),
          () -> load = LOAD * full(Peer.GATESTREAM).fps());
    }
    for (int i = 1; i <= settings.turns(); i++) {
      turn(schedule, " (%d of %d)".formatted(i, settings.turns()));
    }
    schedule.run(listener);
    return result();
  }

  private double turnSeconds() {
    return settings.warmUp() + settings.seconds() + 8;
  }

  private void compare(Schedule schedule) {
    long frames = (long) COMPARED * bed.settings().streams();
    String topic = bed.kafka().name("compared");
    schedule.add(
        row.title() + ": the labels of gatestream",
        10,
        () -> {
          bed.kafka()
              .fill(bed.kafka().topic("compared", bed.partitions()), bed.cameras(), 0, frames);
          label(Peer.GATESTREAM, topic, frames, expected);
        });
    for (Peer rival : rivals) {
      schedule.add(
          row.title() + ": the labels of " + rival.title(),
          10,
          () -> {
            SameLabels labels = new SameLabels();
            label(rival, topic, frames, labels);
            expected.requireSame(rival, labels);
          });
    }
  }

  /** In one process: where partitions move to a second one, the plain consumer loses states. */
  private void label(Peer peer, String topic, long frames, SameLabels into)
      throws InterruptedException {
    try (PeerRun run =
        new PeerRun(
            bed,
            programs,
            peer,
            nextId(),
            topic,
            1,
            label -> into.add(PeerLabel.of(label.value())))) {
      while (into.size() < frames) {
        run.poll();
      }
    }
  }

  private void turn(Schedule schedule, String which) {
    add(
        schedule,
        which,
        () -> {
          PeerTurn first = measure(Peer.GATESTREAM);
          pairs.add(new PeerRowResult.Pair(Peer.GATESTREAM, first, measure(Peer.GATESTREAM)));
        },
        Peer.GATESTREAM);
    boolean hasNeighbour = true;
    for (Peer rival : rivals) {
      if (!hasNeighbour) {
        add(schedule, which, () -> measure(Peer.GATESTREAM), Peer.GATESTREAM);
      }
      add(
          schedule,
          which,
          () -> {
            PeerTurn before = own.get(own.size() - 1);
            pairs.add(new PeerRowResult.Pair(rival, before, measure(rival)));
          },
          rival);
      hasNeighbour = false;
    }
  }

  private void add(Schedule schedule, String which, Schedule.Action action, Peer peer) {
    schedule.add("%s: %s%s".formatted(row.title(), peer.title(), which), turnSeconds(), action);
  }

  private PeerTurn measure(Peer peer) throws InterruptedException {
    PeerTurn turn =
        switch (row.way()) {
          case FULL -> full(peer);
          case DRAINED -> drained(peer);
          case PACED -> paced(peer, row.streams(), row.streams(), 1_000_000);
          case DELAY -> paced(peer, load, loadStreams(), bed.intervalMicros());
        };
    listener.measured(peer.title(), turn.fps());
    if (peer == Peer.GATESTREAM) {
      own.add(turn);
    }
    return turn;
  }

  /** As many as the model's frame rate needs. */
  private int loadStreams() {
    return Math.max(row.streams(), (int) Math.ceil(load * bed.intervalMicros() / 1e6));
  }

  private String nextId() {
    number++;
    return "peer-%d-".formatted(number);
  }

  private PeerRun start(Peer peer, String id, String topic, PeerRun.Heard heard) {
    return new PeerRun(bed, programs, peer, id, topic, bed.cores(), heard);
  }

  private void fill() throws InterruptedException {
    TestBed.StreamKind kind =
        row.way() == PeerRow.Way.DRAINED ? TestBed.StreamKind.HALF_ON_ONE : TestBed.StreamKind.EVEN;
    Cameras cameras = bed.cameras(kind, row.streams(), bed.pictures());
    // a rival may be faster than the raw loop that this is reckoned from
    double reach = (settings.warmUp() + settings.seconds() + 1) * 1.25;
    total = bed.fill("full", cameras, reach);
  }

  private PeerTurn full(Peer peer) throws InterruptedException {
    try (PeerRun run = start(peer, nextId(), bed.kafka().name("full"), label -> {})) {
      while (run.log().labelled() < total
          && (!run.log().hasLabel()
              || System.currentTimeMillis() - run.log().first()
                  < (settings.warmUp() + settings.seconds() + 1) * 1e3)) {
        run.poll();
      }
      return run.log().steady(settings.warmUp(), settings.seconds(), total);
    }
  }

  private PeerTurn drained(Peer peer) throws InterruptedException {
    try (PeerRun run = start(peer, nextId(), bed.kafka().name("full"), label -> {})) {
      while (run.log().labelled() < total) {
        run.poll();
      }
      return run.log().drained();
    }
  }

  /**
   * Each stream has a frame in the topic before the peer starts. Once these have their labels, the
   * others come when they are due.
   */
  private PeerTurn paced(Peer peer, double fps, int streams, long interval)
      throws InterruptedException {
    String id = nextId();
    String topic = bed.kafka().topic(id + "frames", bed.partitions());
    PacedClock clock = new PacedClock(fps);
    Cameras cameras =
        new Cameras(
            StreamIds.even(streams, bed.partitions()),
            bed.pictures(),
            clock.startMicros(),
            interval);
    bed.kafka().fill(topic, cameras, 0, streams);
    PeerDelays delays = new PeerDelays();
    try (PeerRun run = start(peer, id, topic, delays(delays))) {
      while (run.log().labelled() < streams) {
        run.poll();
      }
      clock.restart();
      try (PacedSender sender = new PacedSender(bed.kafka().sink(topic), cameras, clock, streams)) {
        return timed(run, sender, clock, delays);
      }
    }
  }

  private PeerRun.Heard delays(PeerDelays delays) {
    return label -> {
      if (row.way() == PeerRow.Way.DELAY) {
        delays.add(PeerLabel.of(label.value()).captureMicros(), Micros.of(Instant.now()));
      }
    };
  }

  private PeerTurn timed(PeerRun run, PacedSender sender, PacedClock clock, PeerDelays delays)
      throws InterruptedException {
    long from = clock.startMicros() + Math.round(settings.warmUp() * 1e6);
    long to = from + Math.round(settings.seconds() * 1e6);
    delays.count(from, to);
    pollUntil(run, sender, from);
    long before = run.log().labelled();
    // a machine that is busy with something else may need longer for the first one
    do {
      pollUntil(run, sender, to);
    } while (run.log().labelled() == before);
    long until = Math.max(to, Micros.of(Instant.now()));
    if (row.way() == PeerRow.Way.DELAY) {
      sender.endBefore(clock.firstDue(to));
      long frames = clock.firstDue(to) - clock.firstDue(from);
      // all get their label, however late: those that are missing would be the slow ones
      while (delays.size() < frames) {
        run.poll();
      }
    }
    return run.log()
        .between(from / 1_000, until / 1_000)
        .withDelay(delays.millis(50), delays.millis(99));
  }

  /** Once at least. */
  private static void pollUntil(PeerRun run, PacedSender sender, long micros)
      throws InterruptedException {
    do {
      run.poll();
      sender.sent();
    } while (Micros.of(Instant.now()) < micros);
  }

  private PeerRowResult result() {
    List<PeerRowResult.Lane> lanes = new ArrayList<>();
    lanes.add(new PeerRowResult.Lane(Peer.GATESTREAM, List.copyOf(own)));
    List<PeerRowResult.Comparison> comparisons = new ArrayList<>();
    OptionalDouble sent = sentFps();
    for (Peer rival : rivals) {
      lanes.add(new PeerRowResult.Lane(rival, turnsOf(rival)));
      comparisons.addAll(PeerRowResult.comparisons(row, rival, pairs, sent));
    }
    return new PeerRowResult(
        row, bed.setup(), sentText(), lanes, itself(), comparisons, targets(lanes.get(0)));
  }

  private List<PeerTurn> turnsOf(Peer rival) {
    return pairs.stream()
        .filter(pair -> pair.rival() == rival)
        .map(PeerRowResult.Pair::turn)
        .toList();
  }

  private OptionalDouble sentFps() {
    return switch (row.way()) {
      case PACED -> OptionalDouble.of(row.streams());
      case DELAY -> OptionalDouble.of(load);
      default -> OptionalDouble.empty();
    };
  }

  private String sentText() {
    int streams = row.way() == PeerRow.Way.DELAY ? loadStreams() : row.streams();
    String rate =
        sentFps().isPresent() ? " at %.0f a second".formatted(sentFps().getAsDouble()) : "";
    return "%dx%d JPEG of %.1f KB as %d streams%s"
        .formatted(
            row.size().width(),
            row.size().height(),
            bed.pictures().meanBytes() / 1e3,
            streams,
            rate);
  }

  /** By what the row is about: its rate, where that is not given. */
  private Figure itself() {
    boolean byCpu = sentFps().isPresent() || row == PeerRow.CPU;
    return new Figure(
        pairs.stream()
            .filter(pair -> pair.rival() == Peer.GATESTREAM)
            .map(
                pair ->
                    byCpu
                        ? pair.before().cpuMicros() / pair.turn().cpuMicros()
                        : pair.turn().fps() / pair.before().fps())
            .toList());
  }

  private List<Target> targets(PeerRowResult.Lane gatestream) {
    return switch (row) {
      case CPU ->
          List.of(
              Target.atMost(
                  "processor time a frame, microseconds",
                  gatestream.figure(PeerTurn::cpuMicros),
                  PeerRow.CPU_MICROS));
      case DELAY ->
          List.of(
              Target.atMost(
                  "delay p99, milliseconds", gatestream.figure(PeerTurn::p99), PeerRow.DELAY_P99));
      default -> List.of();
    };
  }
}
