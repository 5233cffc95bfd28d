package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.ClientFault;
import org.apache.kafka.common.KafkaException;

/** Turns what a Kafka client's constructor throws into words: it hides the reason in a cause. */
final class ClientFailure {
  private ClientFailure() {}

  static ConfigException of(KafkaException failure) {
    return new ConfigException("Kafka client settings: " + ClientFault.of(failure), failure);
  }
}
