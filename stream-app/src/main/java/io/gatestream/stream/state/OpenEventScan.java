package io.gatestream.stream.state;

import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the streams that owe an END among the states that a task begins with, a slice at a time.
 * One per task; its stream thread alone calls it.
 */
public final class OpenEventScan implements AutoCloseable {
  private final KeyValueStore<Bytes, StreamState> store;
  private final SweepBudget budget;
  private @Nullable Bytes last;
  private boolean done;

  public OpenEventScan(KeyValueStore<Bytes, StreamState> store, SweepBudget budget) {
    this.store = store;
    this.budget = budget;
    budget.join(this);
  }

  /**
   * Looks at the next states as far as the thread's budget goes; nothing after the last one.
   *
   * @param now wall clock, milliseconds
   * @param found takes each stream that owes an END
   */
  public void next(long now, Consumer<Bytes> found) {
    if (done || !budget.take(this, now)) {
      return;
    }
    Bytes from = last;
    try (KeyValueIterator<Bytes, StreamState> states = store.range(from, null)) {
      while (states.hasNext()) {
        KeyValue<Bytes, StreamState> next = states.next();
        if (next.key.equals(from)) {
          continue;
        }
        if (next.value.events().oweEnd()) {
          found.accept(next.key);
        }
        last = next.key;
        if (!budget.spend(next.value.tensorBytes())) {
          return;
        }
      }
    }
    done = true;
    budget.leave(this);
  }

  @Override
  public void close() {
    budget.leave(this);
  }
}
