package io.gatestream.labels;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a search for the records of a stream came across. For one thread. */
public final class SeenRecords {
  /** Enough to tell a user what there is. */
  private static final int MOST_STREAMS = 1_000;

  private final SortedSet<String> streams = new TreeSet<>();
  private final Map<Integer, Long> cut = new HashMap<>();
  private int partition = -1;

  SeenRecords() {}

  /** Read from the oldest record that is left, others before it being gone. */
  void cut(int partition) {
    cut.put(partition, Long.MAX_VALUE);
  }

  void add(String stream, ConsumerRecord<byte[], byte[]> record) {
    if (streams.size() < MOST_STREAMS) {
      streams.add(stream);
    }
    cut.computeIfPresent(record.partition(), (at, oldest) -> Math.min(oldest, record.timestamp()));
  }

  /** The stream was found in a partition. */
  void found(int partition) {
    this.partition = partition;
  }

  boolean found() {
    return partition >= 0;
  }

  /** Ids of all streams that records were seen of. */
  public SortedSet<String> streams() {
    return streams;
  }

  /** Where the stream was found. */
  public OptionalInt partition() {
    return partition < 0 ? OptionalInt.empty() : OptionalInt.of(partition);
  }

  /**
   * Since when there are records, milliseconds since the epoch, where older ones are gone from the
   * stream's partition, or from any that was read; {@code Long.MAX_VALUE} where none is left.
   */
  public OptionalLong keptSince() {
    return cut.entrySet().stream()
        .filter(one -> partition < 0 || one.getKey() == partition)
        .mapToLong(Map.Entry::getValue)
        .max();
  }
}
