package io.gatestream.stream;

import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.topics.ChangelogTopic;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes a processor for each task, and owns the store of stream states. */
final class FrameProcessorSupplier implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
  private final FrameProcessor.Parts parts;
  private final int maxStateBytes;
  private final Serde<StreamState> states;

  /**
   * Creates the supplier.
   *
   * @param maxStateBytes of one state, from the bundle's state tensors: the changelog must take it
   */
  FrameProcessorSupplier(FrameProcessor.Parts parts, int maxStateBytes, Serde<StreamState> states) {
    this.parts = parts;
    this.maxStateBytes = maxStateBytes;
    this.states = states;
  }

  /**
   * Upper bound of a state's record in the changelog: the tensors, an event of each class, and room
   * for names and counts.
   */
  static int stateRecordBytes(ModelBundle bundle, EventRules events) {
    int bytes = Math.addExact(bundle.stateBytes(), 64 * 1024);
    for (EventRule rule : events.rules()) { // its name twice, ids, times and counts
      bytes = Math.addExact(bytes, 6 * rule.name().length() + 300);
    }
    return bytes;
  }

  @Override
  public Processor<byte[], byte[], byte[], byte[]> get() {
    return new FrameProcessor(parts);
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    return Set.of(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(parts.storeName()), Serdes.Bytes(), states)
            .withCachingEnabled()
            .withLoggingEnabled(ChangelogTopic.settings(maxStateBytes)));
  }
}
