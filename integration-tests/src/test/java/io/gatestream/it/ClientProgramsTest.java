package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Python programs of docs/clients.md as they stand: frames in, labels out. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ClientProgramsTest {
  private static final int PARTITIONS = 6;
  private static final TopicNames TOPICS = TopicNames.of("client-frames", "client-programs");
  private static final List<String> STREAMS =
      List.of("door-1", "door-2", "yard", "cam 1", "gate/7");

  @Test
  void pythonSendsFramesAndReadsTheirLabels(Kafka kafka, Gatestream gatestream) {
    ClientsPython python = new ClientsPython(gatestream.folder());
    List<String> pictures = pictures();
    kafka.createTopic(TOPICS.frames(), PARTITIONS);
    Running run = gatestream.startRun("run", kafka.bootstrapServers(), "client-programs", TOPICS);
    run.awaitErr("running: ");

    for (int i = 0; i < STREAMS.size(); i++) {
      List<String> arguments =
          new ArrayList<>(
              List.of("--topic", TOPICS.frames(), kafka.bootstrapServers(), STREAMS.get(i)));
      arguments.addAll(pictures);
      Running produce = python.run("produce-" + i, "produce.py", arguments);
      assertThat(produce.process().exitValue()).as(produce::tail).isZero();
      assertThat(produce.out())
          .startsWith("%s: %d frames on partition ".formatted(STREAMS.get(i), pictures.size()));
    }
    int frames = STREAMS.size() * pictures.size();
    Running consume =
        python.run(
            "consume",
            "consume.py",
            List.of(
                "--topic",
                TOPICS.labels(),
                "--count",
                Integer.toString(frames),
                kafka.bootstrapServers()));

    assertThat(consume.process().exitValue()).as(consume::tail).isZero();
    assertThat(partitions(kafka.committed(TOPICS.frames()))).isEqualTo(partitionsOfJava(kafka));
    Labels labels = kafka.labels(TOPICS);
    assertThat(labels.byStream()).containsOnlyKeys(STREAMS);
    assertThat(labels.byStream().values()).allSatisfy(of -> assertThat(of).hasSameSizeAs(pictures));
    assertThat(consume.out().lines()).containsExactlyInAnyOrderElementsOf(lines(labels));
    assertThat(run.terminate()).as(run::tail).isZero();
    assertThat(kafka.accountProblems("client-programs", TOPICS)).isEmpty();
  }

  private static List<String> pictures() {
    try (Stream<Path> files = Files.list(Gatestream.BUNDLE.resolve("golden"))) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".jpg") || name.endsWith(".png"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The partition of each stream; fails where a stream lies on several. */
  private static Map<String, Integer> partitions(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, Integer> partitions = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String stream = new String(record.key(), StandardCharsets.UTF_8);
      assertThat(partitions.putIfAbsent(stream, record.partition()))
          .as("another partition of %s", stream)
          .isIn(null, record.partition());
    }
    return partitions;
  }

  /** Where Kafka's own producer puts each stream, by murmur2. */
  private static Map<String, Integer> partitionsOfJava(Kafka kafka) {
    String topic = "client-programs-java";
    kafka.createTopic(topic, PARTITIONS);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      Map<String, Integer> partitions = new TreeMap<>();
      for (String stream : STREAMS) {
        partitions.put(
            stream,
            producer
                .send(new ProducerRecord<>(topic, Label.key(stream), new byte[1]))
                .get()
                .partition());
      }
      return partitions;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What consume.py is to print of each label. */
  private static List<String> lines(Labels labels) {
    return labels.byStream().values().stream()
        .flatMap(List::stream)
        .map(Label::decoded)
        .map(ClientProgramsTest::line)
        .toList();
  }

  private static String line(FrameLabel label) {
    return String.format(
        Locale.ROOT,
        "%s %d %s %.3f %s",
        label.getStreamId(),
        label.getSequence(),
        label.getScores().get(0).getLabel(),
        label.getScores().get(0).getScore(),
        label.getReset());
  }
}
