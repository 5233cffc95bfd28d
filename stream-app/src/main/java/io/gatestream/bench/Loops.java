package io.gatestream.bench;

import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The rate of work done by several threads at once. Each thread's clock runs from the end of one
 * call to the end of another, so no call is counted by halves, and all threads work until the last
 * clock has stopped.
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
    ExecutorService executor = Executors.newFixedThreadPool(threads, Loops::thread);
    try {
      for (int i = 0; i < threads; i++) {
        all.add(works.get());
      }
      LongAdder frames = new LongAdder();
      long cpu = Usage.now(0).processNanos();
      long start = System.nanoTime() + warmUpNanos;
      CountDownLatch working = new CountDownLatch(threads);
      List<Future<Double>> rates = new ArrayList<>();
      for (Work work : all) {
        rates.add(executor.submit(() -> rate(work, start, working, frames)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return new Rate(sum, (Usage.now(0).processNanos() - cpu) / 1e3 / frames.sum());
    } catch (ExecutionException e) {
      throw new OutageException("what is measured failed: " + e.getCause(), e.getCause());
    } finally {
      executor.shutdownNow();
      executor.awaitTermination(1, TimeUnit.MINUTES);
      all.forEach(Work::close);
    }
  }

  private double rate(Work work, long start, CountDownLatch working, LongAdder all)
      throws Exception {
    try {
      while (System.nanoTime() - start < 0) {
        all.add(once(work));
      }
      long begin = System.nanoTime();
      long frames = 0;
      long now = begin;
      while (now - begin < nanos) {
        frames += once(work);
        now = System.nanoTime();
      }
      all.add(frames);
      working.countDown();
      while (working.getCount() > 0) {
        all.add(once(work));
      }
      return frames * 1e9 / (now - begin);
    } finally {
      working.countDown(); // where it failed: a count below 0 does not exist
    }
  }

  private static int once(Work work) throws Exception {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return work.run();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "bench-loop");
    thread.setDaemon(true);
    return thread;
  }
}
