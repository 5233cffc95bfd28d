package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Gives the frames of a live source their times: arrivals and stamps in, times out.
 *
 * <p>Times are microseconds since the source's first frame, on the machine's monotonic clock; they
 * grow with every frame, over all connections, and no step of the wall clock shows in them. Frames
 * come in batches: at the start of a connection what the demuxer had gathered and the first second
 * after it, then mostly one by one. {@link #wantsMore} says where a batch ends. For one thread.
 *
 * @see StampLine
 * @see ArrivalLine
 */
final class LiveClock {
  /** How long a connection's first frames are held, so that its backlog is known. */
  static final long HOLD_STAMPED = 1_000_000;

  static final long HOLD_UNSTAMPED = 2_000_000;
  private static final long LONGEST_HOLD = 5_000_000;
  private static final int FEWEST_HELD = 3;
  private static final long AT_ONCE = 2_000;
  private static final long LONGEST_BACKLOG = 30_000_000;

  private final LongSupplier nanos;
  private final ClockTally tally;
  private boolean stamped;
  private boolean connecting;
  private boolean connectedBefore;
  private long hintMicros;
  private long wrapMicros;
  private TimeLine line;
  private long originMicros;
  private long last = -1;

  /**
   * Makes the clock of one source.
   *
   * @param nanos the machine's monotonic clock
   */
  LiveClock(LongSupplier nanos, ClockTally tally) {
    this.nanos = nanos;
    this.tally = tally;
    this.line = TimeLine.NONE;
  }

  /** Microseconds of the monotonic clock. */
  long now() {
    return nanos.getAsLong() / 1_000;
  }

  /** Where time 0 lies on the monotonic clock; known once there was a frame. */
  long originMicros() {
    return originMicros;
  }

  /**
   * A connection is open.
   *
   * @param stamped whether its format carries stamps
   * @param intervalMicros between frames, as the container says
   * @param wrapMicros after which stamps begin again; 0 for never
   */
  void connect(boolean stamped, long intervalMicros, long wrapMicros) {
    this.stamped = stamped;
    this.hintMicros = intervalMicros;
    this.wrapMicros = wrapMicros;
    connecting = true;
    tally.connected(connectedBefore);
    connectedBefore = true;
  }

  /** Whether these frames cannot be given times until more have come. */
  boolean wantsMore(List<Arrival> held) {
    if (!connecting) {
      return line.wantsMore(held);
    }
    Arrival first = held.get(0);
    Arrival latest = held.get(held.size() - 1);
    long span = latest.micros() - first.micros();
    if (stamped
        && first.stamp().isPresent()
        && latest.stamp().isPresent()
        && Math.abs(latest.stamp().getAsLong() - first.stamp().getAsLong()) > LONGEST_BACKLOG
        && held.size() > LONGEST_BACKLOG / Math.max(1_000, hintMicros)) {
      return false;
    }
    return span < (stamped ? HOLD_STAMPED : HOLD_UNSTAMPED)
        || (held.size() < (stamped ? FEWEST_HELD : FEWEST_HELD + 1) && span < LONGEST_HOLD);
  }

  /** The times of these frames. */
  long[] times(List<Arrival> frames) {
    if (frames.isEmpty()) {
      return new long[0];
    }
    double[] exact = connecting ? begin(frames) : line.next(frames);
    if (line instanceof StampLine stamps && stamps.useless()) {
      line = stamps.byArrival();
    }
    if (line instanceof ArrivalLine) {
      if (stamped) {
        tally.distrusted(frames.size());
      } else {
        tally.unstamped(frames.size());
      }
    }
    long[] times = new long[exact.length];
    for (int i = 0; i < exact.length; i++) {
      last =
          Math.max(
              Math.round(exact[i]) - originMicros, last < 0 ? 0 : last + StampChain.LEAST_STEP);
      times[i] = last;
    }
    return times;
  }

  /** The time of a picture that is asked for now, of a source without a clock of its own. */
  long askedNow() {
    long now = now();
    if (last < 0) {
      originMicros = now;
    }
    last = Math.max(now - originMicros, last < 0 ? 0 : last + StampChain.LEAST_STEP);
    return last;
  }

  private double[] begin(List<Arrival> frames) {
    connecting = false;
    TimeLine before = line;
    double[] times = null;
    if (stamped) {
      StampLine stamps = new StampLine(new StampChain(hint(frames), wrapMicros, tally), tally);
      times = stamps.begin(frames, before);
      line = stamps;
    }
    if (times == null || ((StampLine) line).useless()) {
      ArrivalLine arrivals = new ArrivalLine(hintMicros);
      times = arrivals.begin(frames, before);
      line = arrivals;
    }
    if (before == TimeLine.NONE) {
      originMicros = Math.round(times[0]);
    }
    return times;
  }

  /** How much slower the camera's count runs than the machine's clock. */
  double pace() {
    return line.pace();
  }

  /**
   * The usual spacing of the first frames' stamps, as far as frames that came one by one bear it
   * out; of their arrivals where stamps give none.
   */
  private long hint(List<Arrival> frames) {
    List<Long> steps = new ArrayList<>();
    List<Long> waits = new ArrayList<>();
    for (int i = 1; i < frames.size(); i++) {
      Arrival frame = frames.get(i);
      Arrival before = frames.get(i - 1);
      if (frame.stamp().isPresent() && before.stamp().isPresent()) {
        steps.add(frame.stamp().getAsLong() - before.stamp().getAsLong());
      }
      waits.add(frame.micros() - before.micros());
    }
    OptionalLong stamps = usual(steps, StampChain.LEAST_STEP);
    OptionalLong arrivals = usual(waits, AT_ONCE);
    if (stamps.isPresent() && arrivals.isPresent()) {
      return Math.min(stamps.getAsLong(), arrivals.getAsLong() * 3 / 2);
    }
    return stamps.orElse(arrivals.orElse(hintMicros));
  }

  /** The median, if half of all the values are near it. */
  private static OptionalLong usual(List<Long> values, long least) {
    long[] sorted =
        values.stream()
            .mapToLong(value -> value)
            .filter(value -> value >= least && value < LONGEST_HOLD)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return OptionalLong.empty();
    }
    long median = sorted[sorted.length / 2];
    long near = values.stream().filter(v -> v > median / 2 && v < median * 2).count();
    return 2 * near >= values.size() ? OptionalLong.of(median) : OptionalLong.empty();
  }
}
