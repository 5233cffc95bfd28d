package io.gatestream.stream.passes;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Transactions;
import io.gatestream.stream.topics.AccessNeeds;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the open transactions of dead instances, so that nobody waits for their timeout: the own
 * ones of an earlier run before the start, those of others whenever partitions move. Best effort:
 * what cannot be aborted here ends by its timeout.
 *
 * <p>A thread of its own does all but {@link #beforeStart}; {@link #partitionsMove} and {@link
 * #partitionsStay} may be called by any thread and never block.
 */
public final class TransactionFence implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TransactionFence.class);

  /** Members that die one after the other are found one after the other. */
  private static final Duration WHILE_MOVING = Duration.ofMillis(500);

  /** A process that had lost its membership may have begun another transaction, and died then. */
  private static final Duration OTHERWISE = Duration.ofSeconds(30);

  private final Transactions transactions;
  private final DeadTransactions dead;
  private final Supplier<Set<String>> ownThreads;
  private final String needs;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread = new Thread(this::watch, "gatestream-transaction-fence");
  private volatile boolean moving;
  private volatile boolean closed;
  private boolean warned;

  /**
   * Does nothing before it is asked to.
   *
   * @param ownThreads names of the stream threads of this process; called by the fence's thread
   * @param needs what to grant where access is refused, and what happens without it
   */
  TransactionFence(
      Transactions transactions,
      DeadTransactions dead,
      Supplier<Set<String>> ownThreads,
      String needs) {
    this.transactions = transactions;
    this.dead = dead;
    this.ownThreads = ownThreads;
    this.needs = needs;
    thread.setDaemon(true);
  }

  /**
   * That of an application whose threads are made and not yet started; empty where it uses no
   * transactions.
   */
  public static Optional<TransactionFence> of(
      RunConfig config, Transactions transactions, LeavingClients clients, KafkaStreams streams) {
    ProcessNames names = new ProcessNames(config.applicationId());
    return clients
        .transactionalId()
        .flatMap(names::ofTransaction)
        .map(
            own ->
                new TransactionFence(
                    transactions,
                    new DeadTransactions(names, own.process()),
                    () ->
                        streams.metadataForLocalThreads().stream()
                            .map(ThreadMetadata::threadName)
                            .collect(Collectors.toSet()),
                    AccessNeeds.ofTakeOver(config)));
  }

  /** Aborts what an earlier run of this process left, of whatever thread; then watches. */
  public void beforeStart() {
    bestEffort(() -> abort(dead.beforeStart(transactions.open()), "an earlier run"));
    thread.start();
  }

  /** Partitions have come to this process or go from it: somebody may have died. */
  public void partitionsMove() {
    moving = true;
    wakes.release();
  }

  /** Every partition is at work. */
  public void partitionsStay() {
    moving = false;
  }

  private void watch() {
    try {
      while (!closed) {
        Duration pause = moving ? WHILE_MOVING : OTHERWISE;
        if (wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wakes.drainPermits();
        }
        if (!closed) {
          look();
        }
      }
    } catch (InterruptedException e) {
      log.debug("closed");
    }
  }

  /** Looks once. */
  void look() {
    bestEffort(
        () -> {
          Set<String> open = transactions.open();
          if (dead.concerns(open)) {
            abort(
                dead.among(open, transactions.memberClients(), ownThreads.get()),
                "an instance that died");
          }
        });
  }

  private void abort(Set<String> ids, String whose) {
    if (ids.isEmpty()) {
      return;
    }
    transactions.abort(ids);
    log.info("aborted open transactions of {}: {}", whose, ids);
  }

  private void bestEffort(Runnable look) {
    try {
      look.run();
    } catch (AuthorizationException | UnsupportedVersionException e) {
      if (!warned) {
        warned = true;
        log.warn(
            "transactions of dead instances cannot be aborted ({}): {}", e.getMessage(), needs);
      }
    } catch (InterruptException e) {
      Thread.currentThread().interrupt(); // closing
    } catch (KafkaException | IllegalStateException | OutageException e) {
      log.debug("dead instances are looked for later again", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
