package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.metrics.ListedMeters;
import io.gatestream.model.TestBundles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(120)
class GatestreamAppTest {
  @TempDir Path folder;

  /** Members that stay would make the others wait a session timeout for their partitions. */
  @Test
  void aCleanCloseLeavesTheGroup() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder.resolve("broker"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Map<String, String> flags =
          Map.of(
              "bootstrap.servers",
              broker.bootstrapServers(),
              "model",
              TestBundles.tinyGru().toString(),
              "create.topics",
              "true",
              "partitions",
              "2",
              "calibrate",
              "false",
              "state.dir",
              folder.resolve("state").toString());
      RunConfig config =
          RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
      try (GatestreamApp app = GatestreamApp.open(config)) {
        app.start();
        while (!app.isReady()) {
          Thread.sleep(20);
        }
        assertThat(members(admin)).isPositive();
        assertThat(app.failure()).isEmpty();
        ListedMeters.require(app.metrics());
      }
      assertThat(members(admin)).isZero();
    }
  }

  /** Static members: neither the restarted nor the other one notices. */
  @Test
  void aRestartOfAStaticMemberMovesNoPartition() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder.resolve("broker"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      try (GatestreamApp other = GatestreamApp.open(member(broker, "other"))) {
        Map<String, Integer> before;
        other.start();
        try (GatestreamApp app = GatestreamApp.open(member(broker, "restarted"))) {
          app.start();
          while (!app.isReady() || !other.isReady() || partitions(admin).size() < 2) {
            Thread.sleep(20);
          }
          before = partitions(admin);
        }
        assertThat(partitions(admin)).as("closed, and still a member").isEqualTo(before);
        double rebalances = rebalances(other);
        assertThat(rebalances).isPositive();
        try (GatestreamApp app = GatestreamApp.open(member(broker, "restarted"))) {
          app.start();
          while (!app.isReady()) {
            Thread.sleep(20);
          }
          assertThat(partitions(admin)).isEqualTo(before);
          assertThat(rebalances(other)).isEqualTo(rebalances);
        }
      }
    }
  }

  @Test
  void aSecondApplicationOfTheSameIdAndAnotherProtocolAreNamed() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder.resolve("broker"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      for (String protocol : List.of("classic", "streams")) {
        String id = "in-" + protocol;
        try (GatestreamApp app =
            GatestreamApp.open(config(broker, id, "kafka.group.protocol", protocol))) {
          app.start();
          while (!app.isReady()) {
            Thread.sleep(20);
          }
          assertThatThrownBy(
                  () ->
                      GatestreamApp.open(
                          config(
                              broker,
                              id,
                              "kafka.group.protocol",
                              protocol,
                              "frames.topic",
                              "others",
                              "state.dir",
                              folder.resolve("second").toString())))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("'%s' is in use for the frames topic 'frames'".formatted(id));
          String another = protocol.equals("classic") ? "streams" : "classic";
          assertThatThrownBy(
                  () -> GatestreamApp.open(config(broker, id, "kafka.group.protocol", another)))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("kafka.group.protocol=" + protocol);
          assertThat(app.failure()).isEmpty();
        }
      }
    }
  }

  private RunConfig member(EmbeddedBroker broker, String instance) {
    return config(
        broker,
        "static",
        "kafka.group.instance.id",
        instance,
        "stream.threads",
        "1",
        "state.dir",
        folder.resolve("state-" + instance).toString());
  }

  private RunConfig config(EmbeddedBroker broker, String id, String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "application.id",
                id,
                "model",
                TestBundles.tinyGru().toString(),
                "create.topics",
                "true",
                "partitions",
                "2",
                "calibrate",
                "false",
                "state.dir",
                folder.resolve("state").toString()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  /** The partition of each static member that has one. */
  private static Map<String, Integer> partitions(Admin admin) throws Exception {
    Map<String, Integer> partitions = new TreeMap<>();
    requireNonNull(admin.describeConsumerGroups(List.of("static")).all().get().get("static"))
        .members()
        .forEach(
            member ->
                member
                    .assignment()
                    .topicPartitions()
                    .forEach(
                        at ->
                            partitions.put(
                                member.groupInstanceId().orElseThrow(), at.partition())));
    return partitions;
  }

  /** Rebalances that an instance took part in. */
  private static double rebalances(GatestreamApp app) {
    return app.metrics().getMeters().stream()
        .filter(
            meter -> meter.getId().getName().equals("kafka.consumer.coordinator.rebalance.total"))
        .mapToDouble(meter -> meter.measure().iterator().next().getValue())
        .sum();
  }

  private static int members(Admin admin) throws Exception {
    return requireNonNull(
            admin.describeConsumerGroups(List.of("gatestream")).all().get().get("gatestream"))
        .members()
        .size();
  }

  /** Breaks what registers the metrics of a store, on the thread that opens it. */
  public static final class BreaksStores implements MetricsReporter {
    static final AtomicBoolean BROKEN = new AtomicBoolean();

    @Override
    public void init(List<KafkaMetric> metrics) {}

    @Override
    public void metricChange(KafkaMetric metric) {
      if (metric.metricName().tags().keySet().stream().anyMatch(tag -> tag.startsWith("rocksdb"))) {
        BROKEN.set(true);
        throw new UnsatisfiedLinkError("librocksdbjni.so: failed to map segment");
      }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
  }

  /** A dead thread would keep the task's lock: replaced threads would wait for it for ever. */
  @Test
  void anErrorWhileAStoreOpensEndsTheApplication() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder.resolve("broker"))) {
      Map<String, String> flags =
          new HashMap<>(
              Map.of(
                  "bootstrap.servers",
                  broker.bootstrapServers(),
                  "model",
                  TestBundles.tinyGru().toString(),
                  "create.topics",
                  "true",
                  "partitions",
                  "1",
                  "calibrate",
                  "false",
                  "kafka.metric.reporters",
                  BreaksStores.class.getName(),
                  "state.dir",
                  folder.resolve("state").toString()));
      RunConfig config =
          RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
      try (GatestreamApp app = GatestreamApp.open(config)) {
        app.start();
        app.await();
        assertThat(BreaksStores.BROKEN).isTrue();
        assertThat(app.failure().orElseThrow())
            .hasMessageContaining("UnsatisfiedLinkError")
            .hasMessageContaining("failed to map segment")
            .hasMessageContaining("start it again");
      }
    }
  }
}
