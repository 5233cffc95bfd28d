package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.StreamStateRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** States that the versions before have written into the changelog are restored and go on. */
@ExtendWith(GatestreamExtension.class)
class StateFormatTest {
  private static final String APPLICATION = "format";
  private static final TopicNames TOPICS = TopicNames.of("format-frames", APPLICATION);
  private static final String CHANGELOG = APPLICATION + "-streams-changelog";
  private static final Set<String> STREAMS = Set.of("room", "cat");

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void aChangelogOfOlderFormatsGivesTheSameLabels(Recorded recorded, Gatestream gatestream)
      throws Exception {
    Kafka kafka = recorded.kafka();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames(), STREAMS)) {
      feed.feedTo(feed.size() / 2);
      process(recorded, gatestream, "before");
      writeOlderFormats(kafka);
      Folders.delete(gatestream.folder().resolve("state")); // only the changelog is left
      feed.feedAll();
      process(recorded, gatestream, "after");
    }
    kafka
        .labels(TOPICS)
        .withoutActive()
        .requireEqual(recorded.undisturbed().of(STREAMS).withoutActive(), "older formats restored");
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
  }

  private static void process(Recorded recorded, Gatestream gatestream, String name) {
    Running run = gatestream.startRun(name, recorded.bootstrapServers(), APPLICATION, TOPICS);
    run.awaitErr("running: ");
    recorded.kafka().awaitProcessed(APPLICATION, TOPICS.frames(), List.of(run));
    run.terminateInTime();
  }

  /** Each stream's newest state once more, in an older format: a restore ends with this one. */
  private static void writeOlderFormats(Kafka kafka) throws Exception {
    List<Schema> formats = List.of(format(2), format(3)); // one for each stream
    GenericData model = new GenericData();
    Map<ByteBuffer, ConsumerRecord<byte[], byte[]>> newest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(CHANGELOG)) {
      newest.put(ByteBuffer.wrap(record.key()), record);
    }
    assertThat(newest).hasSameSizeAs(STREAMS);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      int next = 0;
      for (ConsumerRecord<byte[], byte[]> record : newest.values()) {
        Schema format = formats.get(next++ % formats.size());
        BinaryMessageEncoder<GenericRecord> encoder = new BinaryMessageEncoder<>(model, format);
        // writer: this version's; reader: the older format, so what that has not is left out
        BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(model, format);
        decoder.addSchema(StreamStateRecord.getClassSchema());
        ByteBuffer encoded = encoder.encode(decoder.decode(record.value()));
        byte[] value = new byte[encoded.remaining()];
        encoded.get(value);
        assertThat(header(value)).as("schema").isNotEqualTo(header(record.value()));
        producer
            .send(
                new ProducerRecord<>(
                    CHANGELOG, record.partition(), record.timestamp(), record.key(), value))
            .get();
      }
    }
  }

  /** Marker and fingerprint of the schema. */
  private static byte[] header(byte[] value) {
    return java.util.Arrays.copyOf(value, 10);
  }

  /** What a version before has written. */
  static Schema format(int number) {
    try (InputStream in =
        StateFormatTest.class.getResourceAsStream(
            "/state/StreamStateRecord-%d.avsc".formatted(number))) {
      return new Schema.Parser().parse(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
