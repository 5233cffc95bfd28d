package io.gatestream.stream.state;

import io.gatestream.stream.policy.StreamPolicy;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Removes the tensors of idle streams from a store, a slice at a time. It frees room and decides
 * nothing: a stream that {@link StreamPolicy} calls idle begins anew at its next frame whether or
 * not this has come by (docs/decisions). One per task; its stream thread alone calls it.
 */
public final class IdleStates {
  private final KeyValueStore<Bytes, StreamState> store;
  private final StreamPolicy policy;
  private final SweepBudget budget;
  private @Nullable Bytes last;

  /**
   * Creates it at the store's beginning.
   *
   * @param budget what all tasks of this stream thread may look at
   */
  public IdleStates(
      KeyValueStore<Bytes, StreamState> store, StreamPolicy policy, SweepBudget budget) {
    this.store = store;
    this.policy = policy;
    this.budget = budget;
    budget.join(this);
  }

  /**
   * Looks at the next states as far as the thread's budget goes, and begins again after the last
   * one.
   *
   * @param position offset of the partition's record that was processed last
   * @param now wall clock, milliseconds
   * @param changing called before the store is changed
   * @return how many lost their tensors
   */
  public int sweep(long position, long now, Runnable changing) {
    if (!budget.take(this, now)) {
      return 0; // other tasks have used it up, or have not had their turn
    }
    List<KeyValue<Bytes, StreamState>> idle = new ArrayList<>();
    Bytes from = last;
    last = null;
    try (KeyValueIterator<Bytes, StreamState> states = store.range(from, null)) {
      while (states.hasNext()) {
        KeyValue<Bytes, StreamState> next = states.next();
        if (next.key.equals(from)) {
          continue;
        }
        // the next record's offset is greater than this one's: what is idle then may go now
        if (next.value.tensorBytes() > 0 && policy.isIdle(next.value.lastOffset(), position + 1)) {
          idle.add(next);
        }
        if (!budget.spend(next.value.tensorBytes())) {
          last = next.key;
          break;
        }
      }
    }
    // only now: a store is not changed under its own iterator
    if (!idle.isEmpty()) {
      changing.run();
    }
    idle.forEach(state -> store.put(state.key, state.value.withoutTensors()));
    return idle.size();
  }

  /** Leaves the thread's budget to the other tasks. */
  public void close() {
    budget.leave(this);
  }
}
