package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code labels} on the topic of the undisturbed run. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LabelsCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void jsonHasOneObjectForEachCommittedLabel(Recorded recorded, Gatestream gatestream)
      throws JsonProcessingException {
    Running labels = gatestream.run("labels", arguments(recorded, "--format", "json"));

    assertThat(labels.process().exitValue()).as(labels::tail).isZero();
    List<String> lines = labels.out().lines().toList();
    assertThat(lines).hasSize((int) recorded.undisturbed().count());
    for (String line : lines) {
      JsonNode json = JSON.readTree(line);
      assertThat(json.get("streamId").asText()).isNotEmpty();
      assertThat(json.get("scores").size()).isPositive();
      assertThat(json.get("model").get("name").asText()).isEqualTo("object-motion");
    }
    assertThat(labels.err()).isEmpty();
  }

  @Test
  void aClosedPipeEndsItQuietly(Recorded recorded, Gatestream gatestream) throws IOException {
    Running labels = gatestream.startPiped("labels", arguments(recorded, "--format", "json"));
    try (BufferedReader reader = labels.process().inputReader()) {
      assertThat(reader.readLine()).startsWith("{");
    }

    assertThat(labels.awaitExit()).as(labels::tail).isZero();
    assertThat(labels.err()).isEmpty();
  }

  @Test
  void aMissingTopicIsNamed(Recorded recorded, Gatestream gatestream) {
    Running labels =
        gatestream.run(
            "labels",
            "labels",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--labels-topic",
            "no-such-topic");

    assertThat(labels.process().exitValue()).as(labels::tail).isEqualTo(2);
    assertThat(labels.err()).contains("no-such-topic").contains("does not exist");
    assertThat(labels.err()).doesNotContain("\tat ");
    assertThat(labels.out()).isEmpty();
  }

  private static String[] arguments(Recorded recorded, String... more) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "labels",
                "--bootstrap-servers",
                recorded.bootstrapServers(),
                "--labels-topic",
                recorded.topics().labels()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
