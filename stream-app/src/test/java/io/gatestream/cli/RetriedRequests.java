package io.gatestream.cli;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs, as a process with these arguments, what Kafka 4.3 logs of requests, by its own loggers. */
public final class RetriedRequests {
  static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  static final String REPLICAS = "kafka.server.ReplicaManager";
  static final String CREATION = "kafka.server.DefaultAutoTopicCreationManager";
  static final String OFFSETS = "org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils";
  static final String LOGS = "kafka.log.LogManager";
  static final String NETWORK = "org.apache.kafka.clients.NetworkClient";

  private static final String PRODUCER =
      "[Producer clientId=a-StreamThread-1-producer, transactionalId=a-1] ";

  private RetriedRequests() {}

  public static void main(String[] args) {
    Verbosity.apply(args);
    Logger sender = LoggerFactory.getLogger(SENDER);
    for (String error :
        List.of(
            "CONCURRENT_TRANSACTIONS",
            "OUT_OF_ORDER_SEQUENCE_NUMBER",
            "NETWORK_EXCEPTION. Error Message: Disconnected from node 1",
            "NOT_LEADER_OR_FOLLOWER",
            "NOT_ENOUGH_REPLICAS")) {
      sender.warn(
          PRODUCER
              + "Got error produce response with correlation id 7 on topic-partition labels-1,"
              + " retrying (2147483646 attempts left). Error: {}",
          error);
    }
    sender.warn(
        PRODUCER
            + "Received invalid metadata error in produce request on partition labels-1 due to"
            + " org.apache.kafka.common.errors.NetworkException Going to request metadata update"
            + " now");
    Logger replicas = LoggerFactory.getLogger(REPLICAS);
    replicas.error(
        "[ReplicaManager broker=1] Error processing append operation on partition labels-1",
        new IllegalStateException("out of order sequence number"));
    replicas.error("[ReplicaManager broker=1] Error while writing to highwatermark file");
    LoggerFactory.getLogger(CREATION)
        .warn(
            "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS':"
                + " Topic '__consumer_offsets' already exists.");
    LoggerFactory.getLogger(LOGS)
        .error("Shutdown broker because all log dirs in /tmp/broker have failed");
    LoggerFactory.getLogger(OFFSETS)
        .warn("Not updating high watermark for partition frames-2 as it is no longer assigned.");
    for (int i = 0; i < 3; i++) {
      LoggerFactory.getLogger(NETWORK)
          .warn(
              "[Consumer clientId=b] Connection to node -1 (/127.0.0.1:1) could not be"
                  + " established.");
    }
  }
}
