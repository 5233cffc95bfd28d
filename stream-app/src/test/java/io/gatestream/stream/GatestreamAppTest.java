package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.model.TestBundles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
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
