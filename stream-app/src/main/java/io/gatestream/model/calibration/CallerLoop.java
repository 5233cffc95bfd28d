package io.gatestream.model.calibration;

import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The rate of several threads that make the same call over and over. Each thread's clock runs
 * between two ends of calls, after a first call that does not count, and all go on until the last
 * clock has stopped.
 */
final class CallerLoop {
  private final LongSupplier nanos;
  private final long lengthNanos;

  /** Made over and over; gives how many pictures it was. */
  interface Call {
    int run();
  }

  /** Measures for so long by the clock {@code nanos}, which any thread may read. */
  CallerLoop(LongSupplier nanos, long lengthNanos) {
    this.nanos = nanos;
    this.lengthNanos = lengthNanos;
  }

  /**
   * Pictures a second of {@code threads} threads together.
   *
   * @throws OutageException a call failed
   */
  double rate(int threads, Call call) throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(threads, CallerLoop::thread);
    try {
      CountDownLatch clocks = new CountDownLatch(threads);
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(executor.submit(() -> rate(call, clocks)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new OutageException("what is measured fails: " + e.getCause(), e.getCause());
    } finally {
      executor.shutdownNow();
      executor.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private double rate(Call call, CountDownLatch clocks) throws InterruptedException {
    try {
      call.run();
      long begin = nanos.getAsLong();
      long now = begin;
      long pictures = 0;
      while (now - begin < lengthNanos) {
        requireGoingOn();
        pictures += call.run();
        now = nanos.getAsLong();
      }
      clocks.countDown();
      while (clocks.getCount() > 0) {
        requireGoingOn();
        call.run();
      }
      return pictures * 1e9 / (now - begin);
    } finally {
      clocks.countDown(); // where it failed; a count below 0 does not exist
    }
  }

  private static void requireGoingOn() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "calibration");
    thread.setDaemon(true);
    return thread;
  }
}
