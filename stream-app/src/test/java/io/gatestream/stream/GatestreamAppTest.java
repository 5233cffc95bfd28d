package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigException;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.model.TestBundles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
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
      try (GatestreamApp app = new GatestreamApp(config)) {
        app.start();
        while (!app.isReady()) {
          Thread.sleep(20);
        }
        assertThat(members(admin)).isPositive();
        assertThat(app.failure()).isEmpty();
      }
      assertThat(members(admin)).isZero();
    }
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
      try (GatestreamApp app = new GatestreamApp(config)) {
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

  /** Before brokers are asked, and in place of an error of the JVM half way. */
  @Test
  void moreSlotsThanDirectMemoryIsAWrongSetting() {
    Map<String, String> flags =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:1",
            "model",
            TestBundles.tinyGru().toString(),
            "calibrate",
            "false",
            "fetch.bytes",
            Integer.toString(Integer.MAX_VALUE),
            "state.dir",
            folder.resolve("state").toString());
    RunConfig config =
        RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
    assertThatThrownBy(() -> new GatestreamApp(config).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("GATESTREAM_DIRECT")
        .hasMessageContaining("fetch.bytes");
  }

  private static int members(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of("gatestream"))
        .all()
        .get()
        .get("gatestream")
        .members()
        .size();
  }
}
