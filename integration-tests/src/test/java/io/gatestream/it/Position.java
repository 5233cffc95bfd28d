package io.gatestream.it;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record lies in its topic. */
record Position(int partition, long offset) {
  static Position of(ConsumerRecord<?, ?> record) {
    return new Position(record.partition(), record.offset());
  }
}
