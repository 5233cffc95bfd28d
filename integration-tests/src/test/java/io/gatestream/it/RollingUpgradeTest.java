package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Other bundles and other versions take over from one instance after the other. */
@ExtendWith(GatestreamExtension.class)
class RollingUpgradeTest {
  private static final int PER_SECOND = 60;

  /** The bundle that comes along, one with another preprocessing, and that one under a new name. */
  private static final List<String> VERSIONS = List.of("1.0.0", "2.0.0", "3.0.0");

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void anotherBundleTakesOverWhileStreamsRunAndOnlyAnotherModelResetsThem(
      Recorded recorded, Gatestream gatestream) {
    String application = "upgraded";
    TopicNames topics = TopicNames.of("upgraded-frames", application);
    Kafka kafka = recorded.kafka();
    Fleet fleet = new Fleet(gatestream, recorded.bootstrapServers(), application, topics);
    Labels expected;
    try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, topics.frames(), PER_SECOND)) {
      fleet.start();
      fleet.start();
      fleet.awaitRunning();
      try (CommittedRecords labels = new CommittedRecords(kafka, topics.labels())) {
        awaitLabelOf(VERSIONS.get(0), labels, fleet);
        for (String version : VERSIONS.subList(1, VERSIONS.size())) {
          Path bundle = bundle(gatestream, version);
          for (Running old : fleet.instances()) {
            fleet.start("--model", bundle.toString()).awaitErr("running: ");
            fleet.terminate(old);
            awaitLabelOf(version, labels, fleet);
          }
        }
      }
      expected = feed.stop(recorded.undisturbed());
      kafka.awaitProcessed(application, topics.frames(), fleet.instances());
    }
    for (Running instance : fleet.instances()) {
      fleet.terminate(instance);
    }
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
    Map<String, List<Label>> found = kafka.labels(topics).byStream();
    assertThat(found.keySet()).isEqualTo(expected.byStream().keySet());
    Set<String> seen = new TreeSet<>();
    long changed = 0;
    for (Map.Entry<String, List<Label>> stream : expected.byStream().entrySet()) {
      changed += check(stream.getKey(), found.get(stream.getKey()), stream.getValue(), seen);
    }
    assertThat(seen).containsExactlyElementsOf(VERSIONS);
    assertThat(changed).as("streams' states that were reset").isPositive();
    System.out.printf("upgrade: %d labels, %d resets by a change%n", expected.count(), changed);
    assertThat(gatestream.crashes()).isEmpty();
  }

  /**
   * Frame by frame the same; equal until the first change; a reset at each change, and only there.
   */
  private static long check(
      String stream, List<Label> found, List<Label> expected, Set<String> versions) {
    assertThat(found).as(stream).hasSameSizeAs(expected);
    long changed = 0;
    String before = "";
    for (int i = 0; i < found.size(); i++) {
      FrameLabel label = found.get(i).decoded();
      FrameLabel undisturbed = expected.get(i).decoded();
      String model = label.getModel().getVersion().equals(VERSIONS.get(0)) ? "old" : "new";
      versions.add(label.getModel().getVersion());
      assertThat(label.getSequence()).as(stream).isEqualTo(undisturbed.getSequence());
      assertThat(label.getCaptureTime()).as(stream).isEqualTo(undisturbed.getCaptureTime());
      boolean isChange = i > 0 && !model.equals(before);
      assertThat(label.getReset())
          .as("%s, %d", stream, i)
          .isEqualTo(isChange ? Reset.MODEL_CHANGED : undisturbed.getReset());
      if (isChange) {
        changed++;
        assertThat(label.getFramesSinceReset()).isEqualTo(1);
      }
      if (changed == 0 && model.equals("old")) {
        assertThat(found.get(i)).isEqualTo(expected.get(i));
      }
      before = model;
    }
    return changed;
  }

  private static void awaitLabelOf(String version, CommittedRecords labels, Fleet fleet) {
    int[] seen = {labels.count()};
    Wait.until(
        () -> "labels of version %s; %s".formatted(version, fleet),
        () -> {
          fleet.requireAlive();
          int now = labels.count();
          boolean found =
              labels.all().subList(seen[0], now).stream()
                  .anyMatch(
                      label -> Label.of(label).decoded().getModel().getVersion().equals(version));
          seen[0] = now;
          return found;
        });
  }

  private static Path bundle(Gatestream gatestream, String version) {
    Path bundle = gatestream.folder().resolve("bundle-" + version);
    Folders.copy(Gatestream.BUNDLE, bundle);
    Path contract = bundle.resolve("model.json");
    try {
      String json = Files.readString(contract);
      String changed =
          json.replace("\"version\": \"1.0.0\"", "\"version\": \"" + version + "\"")
              .replace("\"interpolation\": \"area\"", "\"interpolation\": \"linear\"");
      assertThat(changed).contains("\"" + version + "\"").contains("\"linear\"");
      Files.writeString(contract, changed);
      return bundle;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void aStateOfALaterFormatEndsTheRunAfterFiveTriesAndNamesTheRecord(
      Recorded recorded, Gatestream gatestream) throws Exception {
    String application = "ahead";
    String stream = "cat";
    TopicNames topics = TopicNames.of("ahead-frames", application);
    Kafka kafka = recorded.kafka();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, topics.frames(), Set.of(stream))) {
      feed.feedTo(feed.size() / 2);
      Fleet fleet = new Fleet(gatestream, recorded.bootstrapServers(), application, topics);
      fleet.start();
      kafka.awaitProcessed(application, topics.frames(), fleet.instances());
      fleet.terminate(fleet.oldest());
      long labelled = kafka.labels(topics).count();
      int partition = feed.next(stream).partition();
      long offset = kafka.committed(topics.frames()).size();

      putStateOfALaterFormat(kafka, application, stream, partition);
      Folders.delete(gatestream.folder().resolve("state"));
      feed.feedAll();
      Running run = fleet.start();

      assertThat(run.awaitExit()).as(run::tail).isEqualTo(1);
      assertThat(run.err())
          .containsPattern(
              "(?m)^error: ahead-frames partition %d offset %d: .*no format that this version reads"
                  .formatted(partition, offset));
      assertThat(run.err().lines().filter(line -> line.contains("is replaced")).count())
          .as("tries before the last")
          .isEqualTo(4);
      assertThat(kafka.labels(topics).count()).isEqualTo(labelled);
    }
  }

  private static void putStateOfALaterFormat(
      Kafka kafka, String application, String stream, int partition)
      throws ExecutionException, InterruptedException {
    ByteBuffer state = ByteBuffer.allocate(40).put((byte) 0xC3).put((byte) 1).putLong(0x4711L);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  application + "-streams-changelog", partition, Label.key(stream), state.array()))
          .get();
    }
  }
}
