package io.gatestream.stream.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LargestRecordTest {
  private static int largest(Map<String, String> settings) {
    Map<String, String> flags =
        new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "model", "bundle"));
    flags.putAll(settings);
    return TopicChecks.largestRecord(
        RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty()));
  }

  @Test
  void rejectedRecordsAreNoLargerThanTheProducerSends() {
    assertThat(largest(Map.of())).isEqualTo(16_777_216);
    assertThat(largest(Map.of("max.record.bytes", "5000"))).isEqualTo(5_000);
    assertThat(largest(Map.of("kafka.producer.max.request.size", "3000000"))).isEqualTo(3_000_000);
    assertThatThrownBy(() -> largest(Map.of("kafka.producer.max.request.size", "x")))
        .isInstanceOf(ConfigException.class);
  }
}
