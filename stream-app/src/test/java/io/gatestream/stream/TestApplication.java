package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Frame;
import io.gatestream.stream.topics.TopicChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An application with topics of its own at a broker of the test: its settings, frames, labels. */
record TestApplication(EmbeddedBroker broker, Path state, String id, int partitions) {
  RunConfig config(String... more) {
    Map<String, String> flags = new HashMap<>();
    flags.put("bootstrap.servers", broker.bootstrapServers());
    flags.put("model", TestBundles.tinyGru().toString());
    flags.put("application.id", id);
    flags.put("frames.topic", id + "-frames");
    flags.put("labels.topic", id + "-labels");
    flags.put("rejected.topic", id + "-rejected");
    flags.put("create.topics", "true");
    flags.put("partitions", Integer.toString(partitions));
    flags.put("stream.threads", "1");
    // A thread that fails leaves its group: its partitions wait for no session to end.
    flags.put("kafka.session.timeout.ms", "900000");
    flags.put("workers", "0");
    flags.put("calibrate", "false");
    flags.put("state.dir", state.toString());
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  TopicPartition labelsOf(int partition) {
    return new TopicPartition(id + "-labels", partition);
  }

  /** Makes the topics and sends the first so many frames of one stream to each partition. */
  @SuppressWarnings("FutureReturnValueIgnored") // the test waits for the labels of every frame
  void send(int frames) {
    new TopicChecks(config(), 1_000_000).run();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < frames; i++) {
        for (int partition = 0; partition < partitions; partition++) {
          Frame frame = TestTopology.frame(0, i, 100L * i).build();
          producer.send(
              new ProducerRecord<>(
                  id + "-frames",
                  partition,
                  frame.getCaptureTime().toEpochMilli(),
                  TestTopology.key("s"),
                  TestTopology.value(frame)));
        }
      }
      producer.flush();
    }
  }

  /** The committed labels of a partition, once there are as many and the application is well. */
  List<String> labels(int partition, int wanted, GatestreamApp app) {
    List<String> labels = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition labelled = labelsOf(partition);
      consumer.assign(List.of(labelled));
      consumer.seekToBeginning(List.of(labelled));
      long end = requireNonNull(consumer.endOffsets(List.of(labelled)).get(labelled));
      while (consumer.position(labelled) < end || labels.size() < wanted) {
        assertThat(app.failure()).isEmpty();
        consumer.poll(Duration.ofMillis(50)).forEach(label -> labels.add(text(label)));
      }
    }
    return labels;
  }

  private static String text(ConsumerRecord<byte[], byte[]> label) {
    HexFormat hex = HexFormat.of();
    return "%s %d %s"
        .formatted(hex.formatHex(label.key()), label.timestamp(), hex.formatHex(label.value()));
  }
}
