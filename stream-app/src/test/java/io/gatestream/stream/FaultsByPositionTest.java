package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.Frame;
import io.gatestream.stream.FaultyStages.Stage;
import io.gatestream.stream.topics.TopicChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults at chosen frames, with a broker, real stream threads and real transactions. Labels are
 * held against those of the topology on the test driver, where nothing fails.
 */
@Tag("process")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsByPositionTest {
  private static final int FRAMES = 60;

  @TempDir static Path folder;
  private EmbeddedBroker broker;
  private List<String> undisturbed;

  @BeforeAll
  void start() throws Exception {
    broker = EmbeddedBroker.start(0, folder.resolve("broker"));
    ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());
    try (ModelRuntime runtime = TestRuntimes.open(bundle);
        TestTopology topology = new TestTopology(bundle, runtime)) {
      for (int i = 0; i < FRAMES; i++) {
        topology.send(frame(i));
      }
      undisturbed =
          topology.labelRecords().stream()
              .map(label -> text(label.key(), label.timestamp(), label.value()))
              .toList();
    }
    assertThat(undisturbed).hasSize(FRAMES);
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  private static Frame.Builder frame(int sequence) {
    return TestTopology.frame(0, sequence, 100L * sequence);
  }

  private static String text(byte[] key, long timestamp, byte[] value) {
    return "%s %d %s"
        .formatted(
            java.util.HexFormat.of().formatHex(key),
            timestamp,
            java.util.HexFormat.of().formatHex(value));
  }

  /**
   * Without workers each fault meets a stream thread; with them the lookahead may meet it first.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aPassingFaultInAnyStageReplacesTheThreadAndChangesNoLabel(int workers) throws Exception {
    String id = "passing-" + workers;
    FaultyStages faults =
        new FaultyStages()
            .fault(Stage.DECODE, 5, 1)
            .fault(Stage.ENCODE, 17, 1)
            .fault(Stage.STEP, 18, 1)
            .fault(Stage.STEP, 30, 4)
            .fault(Stage.PUT, 41, 1)
            .fault(Stage.PUT, 0, 1);
    try (GatestreamApp app = GatestreamApp.open(config(id, workers), faults)) {
      send(id);
      app.start();
      assertThat(labels(id, FRAMES, app)).isEqualTo(undisturbed);
      assertThat(app.failure()).isEmpty();
    }
    assertThat(labels(id)).as("none twice").isEqualTo(undisturbed);
    assertThat(faults.outstanding()).isEmpty();
    assertThat(faults.streamThreads())
        .as("stream threads that step and put ended, and the last one")
        .isGreaterThanOrEqualTo(5 + 2 + 1);
  }

  @Test
  void aLastingFaultInAnyStageStopsTheApplicationAndNamesTheRecord() throws Exception {
    Map<Stage, GatestreamApp> apps = new EnumMap<>(Stage.class);
    try {
      for (Stage stage : Stage.values()) {
        send(lasting(stage));
        GatestreamApp app =
            GatestreamApp.open(
                config(lasting(stage), 1), new FaultyStages().fault(stage, 20, Integer.MAX_VALUE));
        apps.put(stage, app);
        app.start();
      }
      for (Stage stage : Stage.values()) {
        GatestreamApp app = requireNonNull(apps.get(stage));
        app.await();
        assertThat(app.failure().orElseThrow())
            .hasMessageContaining(lasting(stage) + "-frames partition 0 offset 20: ")
            .hasMessageContaining("injected into " + stage);
      }
    } finally {
      apps.values().forEach(GatestreamApp::close);
    }
    for (Stage stage : Stage.values()) {
      List<String> before = labels(lasting(stage));
      assertThat(before).hasSizeLessThanOrEqualTo(20);
      assertThat(before).isEqualTo(undisturbed.subList(0, before.size()));
      // what a supervisor does once the fault is mended
      try (GatestreamApp app = GatestreamApp.open(config(lasting(stage), 1))) {
        app.start();
        assertThat(labels(lasting(stage), FRAMES, app)).isEqualTo(undisturbed);
      }
    }
  }

  private static String lasting(Stage stage) {
    return "lasting-" + stage.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void theFaultsHitWhatTheyShould() {
    // the encoder knows frames by their grey: no two may share it
    List<Byte> greys = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      greys.add(frame(i).getPayload().get(0));
    }
    assertThat(greys).doesNotHaveDuplicates();
  }

  private RunConfig config(String id, int workers) {
    Map<String, String> flags = new HashMap<>();
    flags.put("bootstrap.servers", broker.bootstrapServers());
    flags.put("model", TestBundles.tinyGru().toString());
    flags.put("application.id", id);
    flags.put("frames.topic", id + "-frames");
    flags.put("labels.topic", id + "-labels");
    flags.put("rejected.topic", id + "-rejected");
    flags.put("create.topics", "true");
    flags.put("partitions", "1");
    flags.put("stream.threads", "1");
    // A thread that fails leaves its group: its partitions wait for no session to end.
    flags.put("kafka.session.timeout.ms", "900000");
    flags.put("workers", Integer.toString(workers));
    flags.put("calibrate", "false");
    flags.put("state.dir", folder.resolve("state").toString());
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the test waits for the labels of every frame
  private void send(String id) {
    new TopicChecks(config(id, 0), 1).run();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < FRAMES; i++) {
        Frame frame = frame(i).build();
        producer.send(
            new ProducerRecord<>(
                id + "-frames",
                0,
                frame.getCaptureTime().toEpochMilli(),
                TestTopology.key("s"),
                TestTopology.value(frame)));
      }
      producer.flush();
    }
  }

  /** The labels that are committed now. */
  private List<String> labels(String id) {
    return labels(id, 0, null);
  }

  /** The committed labels, once there are as many or the application has failed. */
  private List<String> labels(String id, int wanted, @Nullable GatestreamApp app) {
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
      TopicPartition partition = new TopicPartition(id + "-labels", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
      while (consumer.position(partition) < end || labels.size() < wanted) {
        if (app != null) {
          assertThat(app.failure()).isEmpty();
        }
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(label -> labels.add(text(label.key(), label.timestamp(), label.value())));
      }
    }
    return labels;
  }
}
