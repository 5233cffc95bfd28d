package io.gatestream.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM as a request to close: the command's own thread sees it, closes what it opened
 * and returns 0. A second one halts the process.
 *
 * <p>Signals and not a shutdown hook, because ONNX Runtime frees its environment in a hook of its
 * own and hooks run side by side: sessions must be closed before any hook starts.
 *
 * <p>One at a time; safe for use from any thread. Actions run on the thread that delivers the
 * signal, so they must not block.
 */
public final class Interrupts implements AutoCloseable {
  /** What a shell reports for a command that SIGINT ended. */
  private static final int HALTED = 130;

  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();
  private final List<ProcessSignal> signals = new ArrayList<>();

  private Interrupts() {}

  /** Takes both signals over until {@link #close()}. */
  public static Interrupts install() {
    Interrupts interrupts = new Interrupts();
    for (String name : SIGNALS) {
      interrupts.signals.add(ProcessSignal.handle(name, interrupts::arrived));
    }
    return interrupts;
  }

  private void arrived() {
    if (isRequested()) {
      Runtime.getRuntime().halt(HALTED);
    }
    request();
  }

  /** Asks for the end as a signal does; more than once is the same as once. */
  void request() {
    List<Runnable> due;
    synchronized (actions) {
      requested.countDown();
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Has the action run once when the end is asked for; at once if it was already. */
  public void onRequest(Runnable action) {
    synchronized (actions) {
      if (!isRequested()) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /** Blocks until the end is asked for. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Gives the signals back to whoever handled them before. */
  @Override
  public void close() {
    signals.forEach(ProcessSignal::close);
  }
}
