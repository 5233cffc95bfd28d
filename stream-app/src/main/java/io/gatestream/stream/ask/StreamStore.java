package io.gatestream.stream.ask;

import io.gatestream.stream.state.StreamState;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * The stored states of the partitions that this process has, as they were written last, committed
 * or not. Each call fails with a {@link io.gatestream.http.Refusal} where the partition is not had
 * here. Thread-safe.
 */
public interface StreamStore {
  Optional<StreamState> get(int partition, Bytes id);

  /**
   * The states that come next, by the bytes of their ids, without their tensors.
   *
   * @param after which id; empty for the beginning
   */
  List<StoredStream> range(int partition, Optional<Bytes> after, int limit);

  /** One of many. */
  record StoredStream(Bytes id, StreamState state) {}
}
