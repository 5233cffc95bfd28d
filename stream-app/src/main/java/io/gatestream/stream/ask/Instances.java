package io.gatestream.stream.ask;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * The instances of the application, each by the host and port at which it answers. What is known of
 * them is as old as the last rebalance. Each call fails with a {@link io.gatestream.http.Refusal}
 * where the instance has not joined. Thread-safe.
 */
public interface Instances {
  /** This one. */
  String self();

  /** All others that answer. */
  List<String> others();

  /** Where a stream lies if its producer uses Kafka's own partitioner; empty while it moves. */
  Optional<Home> homeOf(Bytes id);

  /** A partition and its instance. */
  record Home(int partition, String instance) {}
}
