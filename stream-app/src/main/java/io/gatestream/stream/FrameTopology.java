package io.gatestream.stream;

import io.gatestream.config.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * The topology: frames topic, one processor with one store, labels topic, rejected topic and, where
 * there are rules, events topic. Nothing repartitions.
 */
final class FrameTopology {
  static final String LABELS = "labels";
  static final String REJECTED = "rejected";
  static final String EVENTS = "events";
  private static final String FRAMES = "frames";
  private static final String ADVANCE = "advance";

  private FrameTopology() {}

  /**
   * Makes it.
   *
   * @param events whether there is a sink of events
   */
  static Topology of(
      Topics topics,
      AutoOffsetReset start,
      boolean events,
      ProcessorSupplier<byte[], byte[], byte[], byte[]> processors) {
    Topology topology = withoutEvents(topics, start, processors);
    return events
        ? topology.addSink(
            EVENTS, topics.events(), new ByteArraySerializer(), new ByteArraySerializer(), ADVANCE)
        : topology;
  }

  private static Topology withoutEvents(
      Topics topics,
      AutoOffsetReset start,
      ProcessorSupplier<byte[], byte[], byte[], byte[]> processors) {
    return new Topology()
        .addSource(
            start,
            FRAMES,
            new CaptureTimestamps(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.frames())
        .addProcessor(ADVANCE, processors, FRAMES)
        .addSink(
            LABELS, topics.labels(), new ByteArraySerializer(), new ByteArraySerializer(), ADVANCE)
        .addSink(
            REJECTED,
            topics.rejected(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            ADVANCE);
  }
}
