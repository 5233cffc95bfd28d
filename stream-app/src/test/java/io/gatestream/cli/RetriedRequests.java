package io.gatestream.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs, as a process with these arguments, what Kafka 4.3 logs of requests, by its own loggers. */
public final class RetriedRequests {
  static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  static final String REPLICAS = "kafka.server.ReplicaManager";
  static final String CREATION = "kafka.server.DefaultAutoTopicCreationManager";
  static final String NETWORK = "org.apache.kafka.clients.NetworkClient";

  private static final String PRODUCER =
      "[Producer clientId=a-StreamThread-1-producer, transactionalId=a-1] ";

  private RetriedRequests() {}

  public static void main(String[] args) {
    Verbosity.apply(args);
    for (String error :
        new String[] {"CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER", "NOT_ENOUGH_REPLICAS"}) {
      LoggerFactory.getLogger(SENDER)
          .warn(
              PRODUCER
                  + "Got error produce response with correlation id 7 on topic-partition labels-1, retrying (2147483646 attempts left). Error: {}",
              error);
    }
    Logger replicas = LoggerFactory.getLogger(REPLICAS);
    replicas.error(
        "[ReplicaManager broker=1] Error processing append operation on partition labels-1",
        new IllegalStateException("out of order sequence number"));
    replicas.error("[ReplicaManager broker=1] Error while writing to highwatermark file");
    Logger creation = LoggerFactory.getLogger(CREATION);
    creation.warn(
        "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS': Topic '__consumer_offsets' already exists.");
    for (int i = 0; i < 3; i++) {
      LoggerFactory.getLogger(NETWORK)
          .warn(
              "[Consumer clientId=b] Connection to node -1 (/127.0.0.1:1) could not be established.");
    }
  }
}
