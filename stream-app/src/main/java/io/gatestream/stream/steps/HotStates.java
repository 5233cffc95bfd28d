package io.gatestream.stream.steps;

import io.gatestream.stream.state.StreamState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The states that one task put into its store or loaded last, as objects: each is what the store
 * would give. It spares reading and parsing a state for every frame, and lets a result that was
 * made from a state be known by the state's arrays. It ends with the task's life. Used by the
 * task's stream thread alone.
 */
public final class HotStates {
  /** Of an entry besides tensors: key, progress, references; more than it takes. */
  private static final long ENTRY_BYTES = 512;

  private final Map<Bytes, StreamState> states = new LinkedHashMap<>(64, 0.75f, true);
  private final Budget budget;
  private long bytes;

  public HotStates(Budget budget) {
    this.budget = budget;
  }

  /** What the hot states of all tasks may take together. Thread-safe. */
  public static final class Budget {
    private final long most;
    private final AtomicLong used = new AtomicLong();

    public Budget(long most) {
      this.most = most;
    }

    private boolean isUsedUp() {
      return used.get() > most;
    }
  }

  public @Nullable StreamState get(Bytes key) {
    return states.get(key);
  }

  /** Takes the state that the store has from now on; the states used longest ago make room. */
  public void put(Bytes key, StreamState state) {
    count(bytes(key, state));
    StreamState before = states.put(key, state);
    if (before != null) {
      count(-bytes(key, before));
    }
    Iterator<Map.Entry<Bytes, StreamState>> oldest = states.entrySet().iterator();
    while (budget.isUsedUp() && oldest.hasNext()) {
      Map.Entry<Bytes, StreamState> next = oldest.next();
      count(-bytes(next.getKey(), next.getValue()));
      oldest.remove();
    }
  }

  /** Forgets all: the store was changed by another, or is closed. */
  public void clear() {
    states.clear();
    count(-bytes);
  }

  private void count(long change) {
    bytes += change;
    budget.used.addAndGet(change);
  }

  private static long bytes(Bytes key, StreamState state) {
    return ENTRY_BYTES + key.get().length + state.tensorBytes();
  }
}
