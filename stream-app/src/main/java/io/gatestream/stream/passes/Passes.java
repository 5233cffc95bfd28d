package io.gatestream.stream.passes;

import io.gatestream.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the passes of all stream threads: a pass is the work from one commit to the next,
 * without the time in which there was nothing to do. A pass that is lost is done again; when the
 * same is lost again and again, the application lives and gets nowhere.
 *
 * <p>Stream threads tell, each of its own passes; any thread may ask.
 */
public final class Passes {
  private static final Logger log = LoggerFactory.getLogger(Passes.class);

  /** Passes that a thread may lose in a row before the application counts as not alive. */
  public static final int MAX_LOST = 3;

  private final PassLimits limits;
  private final Runnable onCommit;
  private final Timer committed;
  private final Counter lost;
  private final Map<Thread, Lost> lostInARow = new ConcurrentHashMap<>();
  private final ThreadLocal<Pass> current = ThreadLocal.withInitial(Pass::new);

  /** The calling thread's. */
  private static final class Pass {
    /** Nanoseconds; from the first record, or the last commit where records were left. */
    long since = System.nanoTime();

    /** Whether something was written since. */
    boolean open;
  }

  public Passes(PassLimits limits, MeterRegistry registry) {
    this(limits, registry, () -> {});
  }

  /**
   * Creates it.
   *
   * @param onCommit called by each stream thread after each of its commits
   */
  public Passes(PassLimits limits, MeterRegistry registry, Runnable onCommit) {
    this.limits = limits;
    this.onCommit = onCommit;
    committed = Metric.PASS.timer(registry);
    lost = Metric.PASSES_LOST.counter(registry);
  }

  /** Records have come for the calling thread. */
  void polled() {
    Pass pass = current.get();
    if (!pass.open) {
      pass.since = System.nanoTime();
    }
  }

  /** Passes that a thread lost one after the other, and when it lost the last. */
  private record Lost(int inARow, long nanos) {}

  /** Something is written that the next commit covers. */
  void begun() {
    current.get().open = true;
  }

  /** All that was done is committed. */
  void committed() {
    onCommit.run();
    Pass pass = current.get();
    long now = System.nanoTime();
    committed.record(Duration.ofNanos(now - pass.since));
    pass.since = now;
    pass.open = false;
    lostInARow.remove(Thread.currentThread());
  }

  /**
   * The calling thread's pass is lost.
   *
   * @param cause as the brokers or Kafka Streams say it
   */
  void lost(String cause) {
    Pass pass = current.get();
    long millis = Duration.ofNanos(System.nanoTime() - pass.since).toMillis();
    pass.open = false;
    lost.increment();
    int inARow =
        lostInARow.merge(
                Thread.currentThread(),
                new Lost(1, System.nanoTime()),
                (before, now) -> new Lost(before.inARow + 1, now.nanos))
            .inARow;
    if (inARow == 2) {
      log.warn(
          "two passes in a row were lost and are done again, the last after {} ms: {}. {}",
          millis,
          cause,
          advice(millis));
    } else if (inARow == MAX_LOST) {
      log.error("{} passes in a row were lost: /live says no until one is committed", inARow);
    } else {
      log.debug("a pass was lost after {} ms: {}", millis, cause);
    }
  }

  private String advice(long millis) {
    String exceeded =
        millis >= limits.transactionTimeoutMillis()
            ? "that is more than kafka.producer.transaction.timeout.ms="
                + limits.transactionTimeoutMillis()
            : millis >= limits.maxPollMillis()
                ? "that is more than kafka.main.consumer.max.poll.interval.ms="
                    + limits.maxPollMillis()
                : "";
    return exceeded.isEmpty()
        ? "It was within its limits: see that no other instance uses a copy of this state folder, and that the brokers are well"
        : "A pass has at least one record of each partition of its stream thread, and "
            + exceeded
            + ": send fewer frames a segment, set max.poll.records lower, give more stream.threads or instances, or raise that limit";
  }

  /** Whether a thread has lost so many passes in a row that it gets nowhere. */
  public boolean areStuck() {
    lostInARow.keySet().removeIf(thread -> !thread.isAlive());
    long now = System.nanoTime();
    lostInARow.values().removeIf(lost -> now - lost.nanos > forgottenNanos());
    return lostInARow.values().stream().anyMatch(lost -> lost.inARow >= MAX_LOST);
  }

  /** A thread that still loses passes loses another before: else its partitions have moved. */
  private long forgottenNanos() {
    return Duration.ofMillis((long) limits.transactionTimeoutMillis() + limits.maxPollMillis())
        .toNanos();
  }
}
