package io.gatestream.bench;

import io.gatestream.config.RunConfig;
import io.gatestream.stream.StreamsBaseline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka Streams itself can do on the same topics with the same settings: reads each record,
 * puts a state of the bundle's size as bytes that are ready, and forwards a label that is ready. It
 * looks into nothing. Opened and closed by one thread.
 */
final class BareStreams implements AutoCloseable {
  private static final CloseOptions LEAVE =
      CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
          .withTimeout(Duration.ofSeconds(60));

  private final LongAdder processed = new LongAdder();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final StreamsBaseline baseline;
  private final KafkaStreams streams;

  /**
   * Checks topics and locks the state folder; joins no group yet.
   *
   * @param labels whether a label is forwarded for each record
   * @param pace from one record to the next on average, all partitions together, for what is to be
   *     as slow as something else
   */
  BareStreams(RunConfig config, boolean labels, Duration pace) {
    baseline = StreamsBaseline.open(config);
    try {
      streams =
          baseline.streams(
              new Supplier(
                  config.storage().storeName(),
                  baseline.state(),
                  labels ? Optional.of(baseline.label()) : Optional.empty(),
                  new Pace(pace),
                  processed));
    } catch (RuntimeException | Error e) {
      baseline.close();
      throw e;
    }
    streams.setUncaughtExceptionHandler(
        thrown -> {
          failure.compareAndSet(null, thrown);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
  }

  /** Joins the group and begins to process. */
  void start() {
    streams.start();
  }

  /** Records processed so far, those of transactions that may still abort included. */
  long processed() {
    return processed.sum();
  }

  /** Why it ended by itself. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    try (baseline) {
      streams.close(LEAVE);
    }
  }

  private static final class Supplier implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
    private final String storeName;
    private final byte[] state;
    private final Optional<byte[]> label;
    private final Pace pace;
    private final LongAdder processed;

    Supplier(
        String storeName, byte[] state, Optional<byte[]> label, Pace pace, LongAdder processed) {
      this.storeName = storeName;
      this.state = state;
      this.label = label;
      this.pace = pace;
      this.processed = processed;
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> get() {
      return new Put(this);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(storeName), Serdes.Bytes(), Serdes.ByteArray())
              .withCachingEnabled()
              .withLoggingEnabled(Map.of()));
    }
  }

  /** Holds all stream threads together to a rate. Thread-safe. */
  private static final class Pace {
    private static final long SECOND = 1_000_000_000;

    private final long nanos;
    private final AtomicLong due = new AtomicLong(System.nanoTime());

    Pace(Duration pace) {
      this.nanos = pace.toNanos();
    }

    /** Waits until this record is due; late ones are made up for, but by a second at most. */
    void keep() {
      if (nanos == 0) {
        return;
      }
      long now = System.nanoTime();
      long mine = due.updateAndGet(last -> Math.max(last + nanos, now - SECOND));
      for (long left = mine - now;
          left > 0 && !Thread.currentThread().isInterrupted();
          left = mine - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private static final class Put implements Processor<byte[], byte[], byte[], byte[]> {
    private final Supplier of;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable KeyValueStore<Bytes, byte[]> store;

    Put(Supplier of) {
      this.of = of;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> newContext) {
      context = newContext;
      store = newContext.getStateStore(of.storeName);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (context == null || store == null) {
        throw new IllegalStateException("init has not been called");
      }
      store.put(Bytes.wrap(record.key()), of.state);
      if (of.label.isPresent()) {
        context.forward(record.withValue(of.label.get()));
      }
      of.processed.increment();
      of.pace.keep();
    }
  }
}
