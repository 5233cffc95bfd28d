package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.stream.ask.OpenTask;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.IdleStates;
import io.gatestream.stream.state.OpenEventScan;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.SweepBudget;
import io.gatestream.stream.steps.HotStates;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepsAhead;
import io.gatestream.stream.watch.StreamMetrics;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The states of one task's streams, in its store, the hot ones as objects too; those of idle
 * streams lose their tensors now and then. Used by the task's stream thread alone.
 */
final class TaskStates implements StepsAhead.Seeds, AutoCloseable {
  /** How often idle states are looked for. */
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final KeyValueStore<Bytes, StreamState> store;
  private final StreamPolicy policy;
  private final RecordRules rules;
  private final StreamMetrics metrics;
  private final IdleStates idle;
  private final HotStates hot;
  private final OpenTask asked;

  /** Offset of the last record, -1 before the first. */
  private long position = -1;

  private TaskStates(
      KeyValueStore<Bytes, StreamState> store,
      StreamPolicy policy,
      RecordRules rules,
      HotStates hot,
      OpenTask asked,
      StreamMetrics metrics) {
    this.store = store;
    this.policy = policy;
    this.rules = rules;
    this.hot = hot;
    this.asked = asked;
    this.metrics = metrics;
    this.idle = new IdleStates(store, policy, SweepBudget.ofThisThread());
  }

  /** Those of the task that begins with this context. */
  static TaskStates of(
      ProcessorContext<byte[], byte[]> context,
      String storeName,
      StreamPolicy policy,
      RecordRules rules,
      HotStates hot,
      OpenTasks tasks,
      StreamMetrics metrics) {
    TaskStates states =
        new TaskStates(
            context.getStateStore(storeName),
            policy,
            rules,
            hot,
            tasks.open(context.taskId().partition()),
            metrics);
    if (policy.removesStates()) {
      context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, states::sweep);
    }
    return states;
  }

  private void sweep(long now) {
    if (position >= 0) {
      int removed = idle.sweep(position, now, asked::changing);
      if (removed > 0) {
        hot.clear(); // the store has others of them now
      }
      metrics.removed(removed);
    }
  }

  /**
   * The stream's state, already at the record's offset.
   *
   * @throws ModelRefusedException it is of another model, and the settings refuse that
   */
  StreamState load(Bytes id, long offset) {
    StreamState state = stored(id);
    if (!policy.accepts(state.progress())) {
      metrics.refused();
      throw new ModelRefusedException(
          "stream '%s' has a state of another model (%s), and model.change is 'refuse'"
              .formatted(new String(id.get(), UTF_8), state.progress().modelFingerprint()));
    }
    return rules.at(state, offset);
  }

  /** As it is stored, whatever its model. */
  StreamState loadAsIs(Bytes id) {
    return stored(id);
  }

  /** A look through the states for open events. */
  OpenEventScan scanOpenEvents() {
    return new OpenEventScan(store, SweepBudget.ofThisThread());
  }

  private StreamState stored(Bytes id) {
    StreamState state = hot.get(id);
    if (state == null) {
      state = store.get(id);
      if (state == null) {
        return StreamState.START;
      }
      hot.put(id, state);
    }
    return state;
  }

  /**
   * The state that {@link #load} will give, the same object; null where it would be another. What
   * fails here fails again at the stream's own record, where it counts.
   */
  @Override
  public @Nullable StreamState seed(Bytes key) {
    StreamState state;
    try {
      state = stored(key);
    } catch (TaskMigratedException | TaskCorruptedException e) {
      throw e;
    } catch (RuntimeException e) {
      return null;
    }
    boolean kept = state == StreamState.START || hot.get(key) == state;
    return kept && policy.accepts(state.progress()) ? state : null;
  }

  void put(Bytes id, StreamState state) {
    asked.changing();
    store.put(id, state);
    hot.put(id, state);
  }

  /** The record at an offset is done. */
  void passed(long offset) {
    position = offset;
  }

  @Override
  public void close() {
    asked.close();
    idle.close();
    hot.close();
  }
}
