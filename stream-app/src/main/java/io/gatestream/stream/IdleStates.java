package io.gatestream.stream;

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
final class IdleStates {
  private static final long SLICE_BYTES = 4 << 20;

  private final KeyValueStore<Bytes, StreamState> store;
  private final StreamPolicy policy;
  private final int slice;
  private @Nullable Bytes last;

  /**
   * Creates it at the store's beginning.
   *
   * @param slice most states that are looked at in one call
   */
  IdleStates(KeyValueStore<Bytes, StreamState> store, StreamPolicy policy, int slice) {
    this.store = store;
    this.policy = policy;
    this.slice = slice;
  }

  /**
   * Looks at the next states, and begins again after the last one.
   *
   * @param position offset of the partition's record that was processed last
   * @return how many lost their tensors
   */
  int sweep(long position) {
    List<KeyValue<Bytes, StreamState>> idle = new ArrayList<>();
    Bytes from = last;
    last = null;
    try (KeyValueIterator<Bytes, StreamState> states = store.range(from, null)) {
      int seen = 0;
      long bytes = 0;
      while (states.hasNext()) {
        KeyValue<Bytes, StreamState> next = states.next();
        if (next.key.equals(from)) {
          continue;
        }
        // the next record's offset is greater than this one's: what is idle then may go now
        if (next.value.tensorBytes() > 0 && policy.isIdle(next.value, position + 1)) {
          idle.add(next);
        }
        bytes += next.value.tensorBytes();
        if (++seen >= slice || bytes >= SLICE_BYTES) {
          last = next.key;
          break;
        }
      }
    }
    // only now: a store is not changed under its own iterator
    idle.forEach(state -> store.put(state.key, state.value.withoutTensors()));
    return idle.size();
  }
}
