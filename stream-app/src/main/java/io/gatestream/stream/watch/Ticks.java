package io.gatestream.stream.watch;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls something now and then on a daemon thread of its own, until it is closed. */
public final class Ticks implements AutoCloseable {
  private final ScheduledExecutorService timer;

  private Ticks(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  public static Ticks every(Duration period, String name, Runnable work) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            run -> {
              Thread thread = new Thread(run, name);
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        timer.scheduleWithFixedDelay(
            work, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    return new Ticks(timer);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
