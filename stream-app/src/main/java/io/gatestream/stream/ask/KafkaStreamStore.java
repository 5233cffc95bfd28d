package io.gatestream.stream.ask;

import io.gatestream.stream.state.StreamState;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads the store by the read-only view that Kafka Streams gives of it, through the cache of its
 * stream thread. It changes nothing: what other threads read does not fill the cache.
 *
 * <p>{@link KafkaStreams#query} is not used. In Kafka 4.3.1 it takes the position of a RocksDB
 * store and then the store, while a put takes the store first, so both could wait for each other
 * for good (KAFKA-19629). The view never takes the position.
 */
public final class KafkaStreamStore implements StreamStore {
  private final KafkaStreams streams;
  private final String storeName;

  public KafkaStreamStore(KafkaStreams streams, String storeName) {
    this.streams = streams;
    this.storeName = storeName;
  }

  @Override
  public Optional<StreamState> get(int partition, Bytes id) {
    return ask(partition, store -> Optional.ofNullable(store.get(id)));
  }

  @Override
  public List<StoredStream> range(int partition, Optional<Bytes> after, int limit) {
    return ask(partition, store -> next(store, after, limit));
  }

  private static List<StoredStream> next(
      ReadOnlyKeyValueStore<Bytes, StreamState> store, Optional<Bytes> after, int limit) {
    List<StoredStream> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, StreamState> states =
        after.isPresent() ? store.range(after.get(), null) : store.all()) {
      while (found.size() < limit && states.hasNext()) {
        KeyValue<Bytes, StreamState> next = states.next();
        if (!after.equals(Optional.of(next.key))) {
          found.add(new StoredStream(next.key, next.value.aside()));
        }
      }
    }
    return found;
  }

  private <R> R ask(
      int partition, Function<ReadOnlyKeyValueStore<Bytes, StreamState>, R> question) {
    try {
      return question.apply(
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      storeName, QueryableStoreTypes.<Bytes, StreamState>keyValueStore())
                  .withPartition(partition)));
    } catch (StreamsException | IllegalStateException | ConcurrentModificationException e) {
      throw Unavailable.moves(partition); // not started, not its owner, restoring, or stopped
    }
  }
}
