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
   * @throws io.gatestream.errors.OutageException no broker answers, or it refuses
   */
  static CheckedBrokers check(RunConfig config, int stateRecordBytes) {
    TopicChecks checks = new TopicChecks(config, stateRecordBytes);
    int rejectedBytes = checks.run();
    Resources resources = new Resources();
    try {
      Transactions transactions = resources.add(new KafkaTransactions(config));
      return new CheckedBrokers(
          checks.framesPartitions(),
          rejectedBytes,
          transactions,
          PassLimits.of(config, transactions.longestTimeout()));
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  @Override
  public void close() {
    transactions.close();
  }
}
