package io.gatestream.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end by itself on Ctrl-C or SIGTERM: the signal runs {@code stop}, waits until the
 * command is done and then ends the process with exit code 0.
 *
 * <p>{@code stop} runs on the shutdown thread, the command on the caller's.
 */
final class StopOnInterrupt {
  private static final long PATIENCE_SECONDS = 20;

  private StopOnInterrupt() {}

  /**
   * Runs {@code command}, which has to release everything and to print what it has to before it
   * returns, soon after {@code stop}.
   */
  static void during(Runnable command, Runnable stop) {
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              Runtime.getRuntime().halt(await(finished) ? Main.DONE : Main.FAILED);
            },
            "stop-on-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      command.run();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        finished.countDown(); // the signal came first and waits for this
      }
    }
  }

  private static boolean await(CountDownLatch finished) {
    try {
      return finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
