package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.kafka.KafkaTransactions;
import io.gatestream.kafka.Transactions;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.topics.TopicChecks;

/**
 * Brokers, topics and group as an application found them before it joins.
 *
 * @param partitions of the frames topic; 0 where that is not known
 * @param rejectedBytes of the largest record that the rejected topic takes
 * @param transactions closed by this object
 */
record CheckedBrokers(
    int partitions, int rejectedBytes, Transactions transactions, PassLimits limits)
    implements AutoCloseable {
  /**
   * Checks them.
   *
   * @param stateRecordBytes of one state: the changelog must take it
   * @throws io.gatestream.errors.ConfigException topics or group cannot be used so
   * @throws IllegalStateException no broker answers
   */
  static CheckedBrokers check(RunConfig config, int stateRecordBytes) {
    TopicChecks checks = new TopicChecks(config, stateRecordBytes);
    int rejectedBytes = checks.run();
    Transactions transactions = new KafkaTransactions(config);
    try {
      return new CheckedBrokers(
          checks.framesPartitions(),
          rejectedBytes,
          transactions,
          PassLimits.of(config, transactions.longestTimeout()));
    } catch (RuntimeException | Error e) {
      transactions.close();
      throw e;
    }
  }

  @Override
  public void close() {
    transactions.close();
  }
}
