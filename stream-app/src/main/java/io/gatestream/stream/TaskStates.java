package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.IdleStates;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.SweepBudget;
import io.gatestream.stream.watch.StreamMetrics;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The states of one task's streams, in its store; those of idle streams lose their tensors now and
 * then. Used by the task's stream thread alone.
 */
final class TaskStates implements AutoCloseable {
  /** How often idle states are looked for. */
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final KeyValueStore<Bytes, StreamState> store;
  private final StreamPolicy policy;
  private final StreamMetrics metrics;
  private final IdleStates idle;

  /** Offset of the last record, -1 before the first. */
  private long position = -1;

  private TaskStates(
      KeyValueStore<Bytes, StreamState> store, StreamPolicy policy, StreamMetrics metrics) {
    this.store = store;
    this.policy = policy;
    this.metrics = metrics;
    this.idle = new IdleStates(store, policy, SweepBudget.ofThisThread());
  }

  /** Those of the task that begins with this context. */
  static TaskStates of(
      ProcessorContext<byte[], byte[]> context,
      String storeName,
      StreamPolicy policy,
      StreamMetrics metrics) {
    TaskStates states = new TaskStates(context.getStateStore(storeName), policy, metrics);
    if (policy.removesStates()) {
      context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, states::sweep);
    }
    return states;
  }

  private void sweep(long now) {
    if (position >= 0) {
      metrics.removed(idle.sweep(position, now));
    }
  }

  /**
   * The stream's state, already at the record's offset.
   *
   * @throws ModelRefusedException it is of another model, and the settings refuse that
   */
  StreamState load(Bytes id, long offset) {
    StreamState state = store.get(id);
    if (state == null) {
      return StreamState.START.at(offset);
    }
    if (!policy.accepts(state.progress())) {
      metrics.refused();
      throw new ModelRefusedException(
          "stream '%s' has a state of another model (%s), and model.change is 'refuse'"
              .formatted(new String(id.get(), UTF_8), state.progress().modelFingerprint()));
    }
    return (policy.isIdle(state.lastOffset(), offset) ? state.withoutTensors() : state).at(offset);
  }

  void put(Bytes id, StreamState state) {
    store.put(id, state);
  }

  /** The record at an offset is done. */
  void passed(long offset) {
    position = offset;
  }

  @Override
  public void close() {
    idle.close();
  }
}
