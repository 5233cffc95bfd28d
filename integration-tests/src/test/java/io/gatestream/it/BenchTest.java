package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code bench} as a user runs it, as short as it goes: figures that fit together, not their size.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class BenchTest {
  private static final String[] RATES = {
    "rawLimitFps", "endToEndFps", "naiveFps", "naivePerCoreFps"
  };

  @Test
  void oneRunMeasuresEverythingOnABrokerOfItsOwn(Gatestream gatestream) throws IOException {
    JsonNode json = bench(gatestream);

    requireFigures(json);
    assertThat(json.get("ratioToRawLimitNetOfBroker").asDouble())
        .isGreaterThanOrEqualTo(json.get("ratioToRawLimit").asDouble());
    assertThat(json.get("setup").get("ownBroker").asBoolean()).isTrue();
    Running run = gatestream.run("help", "bench", "--help");
    assertThat(run.out()).contains("--targets");
  }

  @Test
  void onTheUsersBrokersItLeavesNothing(Recorded recorded, Gatestream gatestream) throws Exception {
    JsonNode json =
        bench(
            gatestream,
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--frames",
            Gatestream.SAMPLES.resolve("room.mp4").toString());

    requireFigures(json);
    assertThat(json.has("ratioToRawLimitNetOfBroker")).isFalse();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", recorded.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get())
          .noneMatch(topic -> topic.startsWith("gatestream-bench"));
      assertThat(admin.listGroups().all().get())
          .noneMatch(group -> group.groupId().startsWith("gatestream-bench"));
    }
  }

  @Test
  void wrongValuesAreNamedTogetherBeforeAnythingIsMeasured(Gatestream gatestream) {
    Running run = gatestream.run("bench", "bench", "--seconds", "0", "--repetitions", "2");

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains("--seconds", "--repetitions").doesNotContain("\tat ");
    Running int8 = gatestream.run("int8", "bench", "--int8", "some-bundle");
    assertThat(int8.process().exitValue()).as(int8::tail).isEqualTo(2);
    assertThat(int8.err()).contains("--targets").doesNotContain("\tat ");
    Running both = gatestream.run("both", "bench", "--only", "step", "--targets");
    assertThat(both.process().exitValue()).as(both::tail).isEqualTo(2);
    assertThat(both.err()).contains("--only and --targets").doesNotContain("\tat ");
    Running part = gatestream.run("part", "bench", "--only", "sleep");
    assertThat(part.process().exitValue()).as(part::tail).isEqualTo(2);
    assertThat(part.err()).contains("--only", "end-to-end").doesNotContain("\tat ");
  }

  /** The default build has no CUDA libraries: said at once, not after minutes on the CPU. */
  @Test
  void aProviderThatCannotBeHadIsNamedBeforeAnythingIsMeasured(Gatestream gatestream) {
    Running run = gatestream.run("cuda", "bench", "--provider", "cuda");

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).containsPattern("lib\\w+\\.so|-Pcuda").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  private static JsonNode bench(Gatestream gatestream, String... more) throws IOException {
    Path file = gatestream.folder().resolve("bench.json");
    List<String> arguments =
        new ArrayList<>(
            List.of("bench", "--seconds", "0.5", "--streams", "8", "--json", file.toString()));
    arguments.addAll(List.of(more));
    Running run = gatestream.start("bench", arguments.toArray(String[]::new));
    run.awaitExit(600);

    assertThat(run.process().exitValue()).as(run::tail).isZero();
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(run.out())
        .contains("1. Stage limits", "end to end to raw limit", "5. What it means");
    assertThat(Folders.files(gatestream.folder().resolve("tmp")))
        .as("left behind")
        .noneMatch(path -> path.contains("gatestream-bench"));
    return new ObjectMapper().readTree(file.toFile());
  }

  private static void requireFigures(JsonNode json) {
    for (String rate : RATES) {
      assertThat(json.get(rate).asDouble()).as(rate).isPositive();
      assertThat(json.get("values").get(rate)).as(rate).hasSize(3);
      assertThat(json.get("spread").get(rate).asDouble()).as(rate).isNotNegative();
    }
    // the median of ratios lies between the ratios of the turns
    requireBetween(json, "ratioToRawLimit", "rawLimitFps");
    requireBetween(json, "ratioToNaive", "naiveFps");
    requireBetween(json, "ratioToNaivePerCore", "naivePerCoreFps");
    for (String load : new String[] {"50", "70", "90"}) {
      JsonNode delay = json.get("delayMillis").get(load);
      assertThat(delay.get("p50").asDouble()).as(delay.toString()).isPositive();
      assertThat(delay.get("p95").asDouble()).isGreaterThanOrEqualTo(delay.get("p50").asDouble());
      assertThat(delay.get("p99").asDouble()).isGreaterThanOrEqualTo(delay.get("p95").asDouble());
      assertThat(delay.get("sentFps").asDouble())
          .isCloseTo(
              json.get("endToEndFps").asDouble() * Integer.parseInt(load) / 100, within(1e-6));
    }
    for (String stage : new String[] {"decode", "encode", "step", "produce", "consume", "put"}) {
      assertThat(json.get("stages")).anyMatch(entry -> entry.get("stage").asText().equals(stage));
    }
    for (String of : new String[] {"workers", "encoderCallers", "encoderThreads", "encoderBatch"}) {
      assertThat(json.get("meaning").get(of).asInt()).as(of).isPositive();
    }
    json.get("stages").forEach(stage -> assertThat(stage.get("fps").asDouble()).isPositive());
  }

  private static void requireBetween(JsonNode json, String ratio, String below) {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int i = 0; i < 3; i++) {
      double turn =
          json.get("values").get("endToEndFps").get(i).asDouble()
              / json.get("values").get(below).get(i).asDouble();
      least = Math.min(least, turn);
      most = Math.max(most, turn);
    }
    assertThat(json.get(ratio).asDouble()).as(ratio).isBetween(least - 1e-9, most + 1e-9);
  }
}
