package io.gatestream.bench;

import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was seen of one run: when each label was appended, and what had been used at some moments.
 * All times are milliseconds since the epoch. Used by one thread.
 */
final class PeerLog {
  private final long started;
  private final TreeMap<Long, Cpu> readings = new TreeMap<>();
  private final List<Long> appended = new ArrayList<>();
  private final List<Double> resident = new ArrayList<>();
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  /** Processor time used until a moment, nanoseconds. */
  record Cpu(long peer, long broker, long bench, long machine) {}

  PeerLog(long started) {
    this.started = started;
  }

  void read(long millis, Cpu cpu) {
    readings.put(millis, cpu);
  }

  void resident(long bytes) {
    resident.add((double) bytes);
  }

  void appended(long millis) {
    appended.add(millis);
    first = Math.min(first, millis);
    last = Math.max(last, millis);
  }

  long labelled() {
    return appended.size();
  }

  boolean hasLabel() {
    return !appended.isEmpty();
  }

  /** When the first label was appended. */
  long first() {
    return first;
  }

  /**
   * A span that begins so long after the first label and lasts at most so long. It ends before the
   * topic runs dry, where that is earlier.
   *
   * @param total frames in the topic
   * @throws OutageException that is less than half as long
   */
  PeerTurn steady(double warmUp, double seconds, long total) {
    long from = first + Math.round(warmUp * 1e3);
    long until = from + Math.round(seconds * 1e3);
    long full = Math.round(total * 0.95);
    if (appended.size() >= full) {
      until = Math.min(until, appended.stream().sorted().skip(full - 1).findFirst().orElseThrow());
    }
    if (until - from < seconds * 500) {
      throw new OutageException(
          "%d frames were too few for %.1f s: they were labelled at once"
              .formatted(total, warmUp + seconds));
    }
    return between(from, until);
  }

  /** From the first label to the last. */
  PeerTurn drained() {
    return between(first, last);
  }

  /** The span between the readings next to two moments. */
  PeerTurn between(long from, long until) {
    Map.Entry<Long, Cpu> begin = readings.floorEntry(from);
    Map.Entry<Long, Cpu> end = readings.ceilingEntry(until);
    if (begin == null) {
      begin = readings.firstEntry();
    }
    if (end == null) {
      end = readings.lastEntry();
    }
    long low = begin.getKey();
    long high = end.getKey();
    long frames = appended.stream().filter(at -> at >= low && at < high).count();
    double seconds = (high - low) / 1e3;
    if (frames == 0 || seconds <= 0) {
      throw new OutageException("no frame was labelled while it was measured");
    }
    return turn(frames, seconds, begin.getValue(), end.getValue());
  }

  private PeerTurn turn(long frames, double seconds, Cpu from, Cpu to) {
    double peer = to.peer - from.peer;
    double broker = to.broker - from.broker;
    double bench = to.bench - from.bench;
    double machine = to.machine - from.machine;
    Figure memory = new Figure(resident.isEmpty() ? List.of(0.0) : resident);
    return new PeerTurn(
        frames / seconds,
        peer / frames / 1e3,
        broker / frames / 1e3,
        Math.max(0, machine - peer - broker - bench) / (seconds * 1e9),
        memory.median(),
        memory.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        (first - started) / 1e3,
        0,
        0);
  }
}
