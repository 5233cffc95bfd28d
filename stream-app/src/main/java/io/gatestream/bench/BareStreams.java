package io.gatestream.bench;

import io.gatestream.config.RunConfig;
import io.gatestream.lookahead.LookaheadInterceptor;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.StateSpec;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.CaptureTimestamps;
import io.gatestream.stream.FrameProcessorSupplier;
import io.gatestream.stream.FrameTopology;
import io.gatestream.stream.LabelMaker;
import io.gatestream.stream.Resources;
import io.gatestream.stream.StreamsSettings;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StateFolder;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.topics.TopicChecks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
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
 * looks into nothing. For measuring; opened and closed by one thread.
 */
public final class BareStreams implements AutoCloseable {
  private static final CloseOptions LEAVE =
      CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
          .withTimeout(Duration.ofSeconds(60));
  private static final String SOURCE = "frames";
  private static final String PUT = "put";

  private static final RecordIntake NOTHING =
      new RecordIntake() {
        @Override
        public void offer(ConsumerRecords<byte[], byte[]> polled) {}

        @Override
        public void leave() {}
      };

  private final LongAdder processed = new LongAdder();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Resources resources = new Resources();
  private final KafkaStreams streams;

  /**
   * Checks topics and locks the state folder; joins no group yet.
   *
   * @param labels whether a label is forwarded for each record
   * @param pace from one record to the next on average, all partitions together, for what is to be
   *     as slow as something else
   */
  public BareStreams(RunConfig config, boolean labels, Duration pace) {
    ModelBundle bundle = BundleReader.load(config.model());
    try {
      new TopicChecks(config, FrameProcessorSupplier.stateRecordBytes(bundle)).run();
      StateFolder folder =
          resources.add(StateFolder.lock(config.storage().stateDir(), config.applicationId()));
      Map<String, Object> settings =
          StreamsSettings.of(
              config,
              folder.path(),
              PassLimits.of(config, OptionalInt.empty()),
              NOTHING,
              new PartitionLags());
      settings.remove(StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG));
      settings.remove(StreamsConfig.mainConsumerPrefix(LookaheadInterceptor.INTAKE));
      streams =
          new KafkaStreams(topology(config, bundle, labels, pace), new StreamsConfig(settings));
      resources.add(() -> streams.close(LEAVE));
      streams.setUncaughtExceptionHandler(
          thrown -> {
            failure.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
          });
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private Topology topology(RunConfig config, ModelBundle bundle, boolean labels, Duration pace) {
    byte[] state = state(bundle);
    Pace shared = new Pace(pace);
    Optional<byte[]> label = labels ? Optional.of(label(config, bundle)) : Optional.empty();
    Topology topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new CaptureTimestamps(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                config.topics().frames())
            .addProcessor(
                PUT,
                new Supplier(
                    config.storage().storeName(),
                    () -> new Put(config.storage().storeName(), state, label, shared, processed)),
                SOURCE);
    return labels
        ? topology.addSink(
            FrameTopology.LABELS,
            config.topics().labels(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PUT)
        : topology;
  }

  /** A state as the application would write it. */
  private static byte[] state(ModelBundle bundle) {
    float[][] tensors =
        bundle.states().stream().map(StateSpec::initialValues).toArray(float[][]::new);
    try (StreamStateSerde serde = new StreamStateSerde()) {
      byte[] bytes = serde.serialize("", new StreamState(progress(bundle), tensors, 1));
      if (bytes == null) {
        throw new IllegalStateException("no bytes of a state");
      }
      return bytes;
    }
  }

  private static StreamProgress progress(ModelBundle bundle) {
    return StreamProgress.START.withStep(bundle.stateFingerprint(), 1, 1, 1, 1, false);
  }

  /** A label as the application would write it. */
  private static byte[] label(RunConfig config, ModelBundle bundle) {
    float[] logits = new float[bundle.labels().size()];
    return new LabelMaker(bundle, config.scoreLimit())
        .encode(
            Frame.newBuilder()
                .setStreamId("camera-000")
                .setSession(Instant.EPOCH)
                .setSequence(1)
                .setCaptureTime(Instant.EPOCH)
                .setSourceTime(0)
                .setEncoding(Encoding.JPEG)
                .setPayload(ByteBuffer.allocate(0))
                .build(),
            0,
            1,
            0,
            new Decision.Step(Reset.NONE, 0, progress(bundle)),
            logits);
  }

  /** Joins the group and begins to process. */
  public void start() {
    streams.start();
  }

  /** Records processed so far, those of transactions that may still abort included. */
  public long processed() {
    return processed.sum();
  }

  /** Why it ended by itself. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    resources.close();
  }

  private record Supplier(
      String storeName, java.util.function.Supplier<Processor<byte[], byte[], byte[], byte[]>> put)
      implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
    @Override
    public Processor<byte[], byte[], byte[], byte[]> get() {
      return put.get();
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
    private final String storeName;
    private final byte[] state;
    private final Optional<byte[]> label;
    private final Pace pace;
    private final LongAdder processed;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable KeyValueStore<Bytes, byte[]> store;

    Put(String storeName, byte[] state, Optional<byte[]> label, Pace pace, LongAdder processed) {
      this.storeName = storeName;
      this.state = state;
      this.label = label;
      this.pace = pace;
      this.processed = processed;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> newContext) {
      context = newContext;
      store = newContext.getStateStore(storeName);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (context == null || store == null) {
        throw new IllegalStateException("init has not been called");
      }
      store.put(Bytes.wrap(record.key()), state);
      if (label.isPresent()) {
        context.forward(record.withValue(label.get()), FrameTopology.LABELS);
      }
      processed.increment();
      pace.keep();
    }
  }
}
