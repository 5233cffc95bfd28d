package io.gatestream.kafka;

import java.util.OptionalInt;
import java.util.Set;

/**
 * What the brokers tell of transactions and of the application's group. Every call blocks for the
 * brokers' timeout at most.
 */
public interface Transactions extends AutoCloseable {
  /** Transactional ids with an open transaction, as far as this user may see them. */
  Set<String> open();

  /** Client ids of the members of the application's group. */
  Set<String> memberClients();

  /** Aborts the open transactions of these ids; who had them open is refused from then on. */
  void abort(Set<String> transactionalIds);

  /** The longest transaction timeout that the brokers allow; empty where it may not be read. */
  OptionalInt longestTimeout();

  @Override
  void close();
}
