package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/**
 * A camera for tests of {@link LiveClock}: when each of its frames was truly captured, what it
 * stamps them with, and when they arrive. All in microseconds.
 */
final class SimulatedCamera {
  static final long SECOND = 1_000_000;

  private final Random random;
  private final List<Long> captured = new ArrayList<>();
  private final List<Long> stamps = new ArrayList<>();
  private final List<Long> arrived = new ArrayList<>();
  private long now;

  SimulatedCamera(long seed, long startMicros) {
    random = new Random(seed);
    now = startMicros;
  }

  Random random() {
    return random;
  }

  long now() {
    return now;
  }

  /** Takes frames at a rate; they arrive up to {@code jitter} late, in order. */
  SimulatedCamera frames(int count, double interval, long jitter) {
    for (int i = 0; i < count; i++) {
      long captureTime = now + Math.round(i * interval);
      captured.add(captureTime);
      stamps.add(captureTime);
      long delay = jitter == 0 ? 0 : (long) (random.nextDouble() * jitter);
      long before = arrived.isEmpty() ? Long.MIN_VALUE : arrived.get(arrived.size() - 1);
      arrived.add(Math.max(before, captureTime + delay));
    }
    now += Math.round(count * interval);
    return this;
  }

  SimulatedCamera pause(long length) {
    now += length;
    return this;
  }

  /** Nothing arrives in this time; then all comes at once. */
  SimulatedCamera hold(long from, long to) {
    for (int i = 0; i < arrived.size(); i++) {
      if (arrived.get(i) >= from && arrived.get(i) < to) {
        arrived.set(i, to);
      }
    }
    return this;
  }

  SimulatedCamera stamps(LongUnaryOperator change) {
    stamps.replaceAll(change::applyAsLong);
    return this;
  }

  SimulatedCamera stamp(int index, long stamp) {
    stamps.set(index, stamp);
    return this;
  }

  int size() {
    return captured.size();
  }

  long captured(int index) {
    return captured.get(index);
  }

  long stamp(int index) {
    return stamps.get(index);
  }

  List<Arrival> arrivals() {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < captured.size(); i++) {
      arrivals.add(new Arrival(arrived.get(i), OptionalLong.of(stamps.get(i))));
    }
    return arrivals;
  }

  List<Arrival> unstamped() {
    return arrivals().stream().map(a -> new Arrival(a.micros(), OptionalLong.empty())).toList();
  }
}
