package io.gatestream.ingest;

import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A URL that gives one picture, fetched again and again. Times go by the clock at which each was
 * asked for.
 */
final class SnapshotPictures implements PictureSource {
  /** Pictures a second where none is asked for. */
  static final double STANDARD_RATE = 1;

  private static final long POLL_NANOS = 20_000_000;

  /** Fetches the picture. */
  interface Fetch {
    PictureSource open() throws SourceException;
  }

  private final Fetch fetch;
  private final double rate;
  private final LiveClock clock;
  private final BooleanSupplier stopped;
  private final long begunNanos = System.nanoTime();
  private @Nullable PictureSource current;
  private long asked;

  SnapshotPictures(Fetch fetch, double rate, LiveClock clock, BooleanSupplier stopped) {
    this.fetch = fetch;
    this.rate = rate;
    this.clock = clock;
    this.stopped = stopped;
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    close();
    long due = Math.round(asked / rate * 1e9);
    long late = System.nanoTime() - begunNanos - due;
    while (late < 0) {
      if (stopped.getAsBoolean()) {
        return null;
      }
      LockSupport.parkNanos(Math.min(-late, POLL_NANOS));
      late = System.nanoTime() - begunNanos - due;
    }
    long micros = clock.askedNow();
    long elapsed = (System.nanoTime() - begunNanos) / 1_000;
    asked = (long) Math.floor(elapsed * rate / 1e6) + 1; // a slow camera is not asked in a burst
    PictureSource source = fetch.open();
    current = source;
    Picture picture = source.next();
    if (picture == null) {
      throw new SourceException("the picture does not decode");
    }
    return new Picture(picture.pixels(), micros);
  }

  @Override
  public long endMicros() {
    return (System.nanoTime() - begunNanos) / 1_000;
  }

  @Override
  public OptionalDouble rate() {
    return OptionalDouble.of(rate);
  }

  @Override
  public int rotation() {
    return 0;
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
