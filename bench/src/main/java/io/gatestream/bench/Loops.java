package io.gatestream.bench;

import io.gatestream.model.calibration.CallerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The rate of work done by several threads at once, as {@link CallerLoop} measures it, and what it
 * costs the processor.
 */
final class Loops {
  private final long warmUpNanos;
  private final long nanos;

  /** Measures for so many seconds, after others that do not count. */
  Loops(double warmUpSeconds, double seconds) {
    this.warmUpNanos = Math.round(warmUpSeconds * 1e9);
    this.nanos = Math.round(seconds * 1e9);
  }

  /**
   * What the threads did together.
   *
   * @param fps frames a second
   * @param cpuMicros processor time of this process for each frame, the warm-up included
   */
  record Rate(double fps, double cpuMicros) {}

  /**
   * The rate of {@code threads} threads together.
   *
   * @param works makes the work of each thread, on the thread that calls; closed before this
   *     returns
   */
  Rate rate(int threads, Supplier<Work> works) throws InterruptedException {
    List<Work> all = new ArrayList<>();
    try {
      LongAdder frames = new LongAdder();
      List<CallerLoop.Call> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Work work = works.get();
        all.add(work);
        calls.add(
            () -> {
              int done = work.run();
              frames.add(done);
              return done;
            });
      }
      long cpu = Usage.now(0).processNanos();
      double fps = new CallerLoop(System::nanoTime, warmUpNanos, nanos).rate(calls);
      return new Rate(fps, (Usage.now(0).processNanos() - cpu) / 1e3 / frames.sum());
    } finally {
      all.forEach(Work::close);
    }
  }
}
