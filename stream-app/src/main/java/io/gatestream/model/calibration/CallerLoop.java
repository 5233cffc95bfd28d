package io.gatestream.model.calibration;

import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The rate of several threads that make calls over and over. Each thread's clock runs between two
 * ends of calls, so no call is counted by halves, after calls that do not count: one at least. All
 * go on until the last clock has stopped.
 */
public final class CallerLoop {
  private final LongSupplier nanos;
  private final long warmUpNanos;
  private final long lengthNanos;

  /** Made over and over by one thread. */
  public interface Call {
    /** Makes it, and gives how many pictures it was. */
    int run() throws Exception;
  }

  /**
   * Measures for so long, after calls for so long that do not count.
   *
   * @param nanos the clock; any thread may read it
   */
  public CallerLoop(LongSupplier nanos, long warmUpNanos, long lengthNanos) {
    this.nanos = nanos;
    this.warmUpNanos = warmUpNanos;
    this.lengthNanos = lengthNanos;
  }

  /** As {@link #rate(List)}, of threads that all make the same call. */
  double rate(int threads, Call call) throws InterruptedException {
    return rate(Collections.nCopies(threads, call));
  }

  /**
   * Pictures a second of all calls together, each made by a thread of its own.
   *
   * @throws OutageException a call failed
   */
  public double rate(List<? extends Call> calls) throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(calls.size(), CallerLoop::thread);
    try {
      CountDownLatch clocks = new CountDownLatch(calls.size());
      List<Future<Double>> rates = new ArrayList<>();
      for (Call call : calls) {
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

  private double rate(Call call, CountDownLatch clocks) throws Exception {
    try {
      long start = nanos.getAsLong();
      do {
        requireGoingOn();
        call.run();
      } while (nanos.getAsLong() - start < warmUpNanos);
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
    Thread thread = new Thread(work, "caller-loop");
    thread.setDaemon(true);
    return thread;
  }
}
