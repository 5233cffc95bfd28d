package io.gatestream.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.OverloadMode;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayRequestTest {
  private static ReplayRequest request(String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "model", "bundle"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ReplayRequest(
        RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty()),
        "again",
        "labels-again",
        "rejected-again",
        Optional.of("events-again"),
        ReplayRange.ALL,
        false,
        Optional.empty());
  }

  @Test
  void labelsThatSkippedAsTheMomentHadItAreNotReplayed() {
    assertThatThrownBy(() -> request("overload", "latest"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("overload is 'latest'")
        .hasMessageContaining("replay with overload=keep-all");
    assertThat(request("overload", "keep-all").application(3).overload().mode())
        .isEqualTo(OverloadMode.KEEP_ALL);
  }
}
