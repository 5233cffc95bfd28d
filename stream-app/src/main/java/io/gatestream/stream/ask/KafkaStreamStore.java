package io.gatestream.stream.ask;

import io.gatestream.stream.state.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Asks Kafka Streams by its interactive queries. They read what lies on disk and pass over the
 * cache that the stream thread writes to, so they take none of its locks for longer than a read of
 * RocksDB. They change nothing. What is committed is on disk: the cache is flushed before.
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
    return Optional.ofNullable(
        ask(partition, KeyQuery.<Bytes, StreamState>withKey(id).skipCache()).getResult());
  }

  @Override
  public List<StoredStream> range(int partition, Optional<Bytes> after, int limit) {
    RangeQuery<Bytes, StreamState> query =
        after
            .map(RangeQuery::<Bytes, StreamState>withLowerBound)
            .orElseGet(RangeQuery::withNoBounds)
            .withAscendingKeys();
    List<StoredStream> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, StreamState> states = ask(partition, query).getResult()) {
      while (found.size() < limit && states.hasNext()) {
        KeyValue<Bytes, StreamState> next = states.next();
        if (!after.equals(Optional.of(next.key))) {
          found.add(new StoredStream(next.key, next.value.aside()));
        }
      }
    } catch (StreamsException | IllegalStateException e) {
      throw Unavailable.moves(partition);
    }
    return found;
  }

  private <R> QueryResult<R> ask(int partition, Query<R> query) {
    QueryResult<R> result;
    try {
      result =
          streams
              .query(
                  StateQueryRequest.inStore(storeName)
                      .withQuery(query)
                      .withPartitions(Set.of(partition))
                      .requireActive())
              .getPartitionResults()
              .get(partition);
    } catch (StreamsException | IllegalStateException e) { // not started, or stopped
      throw Unavailable.moves(partition);
    }
    if (result == null || result.isFailure()) {
      throw Unavailable.moves(partition);
    }
    return result;
  }
}
