package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.lookahead.LookaheadInterceptor;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.StateSpec;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StateFolder;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.topics.TopicChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * What Kafka Streams alone is measured with, so that it differs from the application in nothing
 * else: the same topics, settings and state folder, and records as large. The product does not use
 * it. Opened and closed by one thread.
 */
public final class StreamsBaseline implements AutoCloseable {
  private static final String FRAMES = "frames";
  private static final String PROCESSOR = "processor";

  private static final RecordIntake NOTHING =
      new RecordIntake() {
        @Override
        public void offer(ConsumerRecords<byte[], byte[]> polled) {}

        @Override
        public void leave() {}
      };

  private final RunConfig config;
  private final ModelBundle bundle;
  private final StateFolder folder;

  private StreamsBaseline(RunConfig config, ModelBundle bundle, StateFolder folder) {
    this.config = config;
    this.bundle = bundle;
    this.folder = folder;
  }

  /** Checks topics and locks the state folder. */
  public static StreamsBaseline open(RunConfig config) {
    ModelBundle bundle = BundleReader.load(config.model());
    new TopicChecks(
            config.withEvents(false),
            FrameProcessorSupplier.stateRecordBytes(bundle, EventRules.NONE))
        .run();
    return new StreamsBaseline(
        config, bundle, StateFolder.lock(config.storage().stateDir(), config.applicationId()));
  }

  /** Kafka Streams from the frames topic through a processor to the labels topic, not started. */
  public KafkaStreams streams(ProcessorSupplier<byte[], byte[], byte[], byte[]> processor) {
    Topology topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                FRAMES,
                new CaptureTimestamps(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                config.topics().frames())
            .addProcessor(PROCESSOR, processor, FRAMES)
            .addSink(
                FrameTopology.LABELS,
                config.topics().labels(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                PROCESSOR);
    Map<String, Object> settings =
        StreamsSettings.of(
            config,
            folder.path(),
            PassLimits.of(config, OptionalInt.empty()),
            NOTHING,
            new PartitionLags());
    settings.remove(StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG));
    settings.remove(StreamsConfig.mainConsumerPrefix(LookaheadInterceptor.INTAKE));
    return new KafkaStreams(topology, new StreamsConfig(settings));
  }

  /** A state as the application would write it. */
  public byte[] state() {
    float[][] tensors =
        bundle.states().stream().map(StateSpec::initialValues).toArray(float[][]::new);
    try (StreamStateSerde serde = new StreamStateSerde()) {
      return Objects.requireNonNull(serde.serialize("", new StreamState(progress(), tensors, 1)));
    }
  }

  /** A label as the application would write it. */
  public byte[] label() {
    float[] logits = new float[bundle.labels().size()];
    LabelMaker labels = new LabelMaker(bundle, config.scoreLimit(), false);
    return labels.encode(
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
        new Decision.Step(Reset.NONE, 0, progress()),
        labels.classify(logits),
        StreamEvents.NONE);
  }

  private StreamProgress progress() {
    return StreamProgress.START.withStep(bundle.stateFingerprint(), 1, 1, 1, 1, false);
  }

  /** Frees the state folder. */
  @Override
  public void close() {
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
