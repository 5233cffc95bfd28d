package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.config.LogFormat;
import io.gatestream.process.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardErrorTest {
  private static final Map<String, String> IN_ENVIRONMENT = Map.of("GATESTREAM_LOG_FORMAT", "json");

  private static LogFormat format(Map<String, String> environment, String... args) {
    return StandardError.format(args, environment);
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("run.properties"), "log.format=json\n");
    String config = "--config=" + file;

    assertThat(format(Map.of(), "run")).isEqualTo(LogFormat.TEXT);
    assertThat(format(Map.of(), "run", "--log-format", "JSON")).isEqualTo(LogFormat.JSON);
    assertThat(format(Map.of(), "run", "--log-format=json")).isEqualTo(LogFormat.JSON);
    assertThat(format(IN_ENVIRONMENT, "broker")).isEqualTo(LogFormat.JSON);
    assertThat(format(IN_ENVIRONMENT, "run", "--log-format", "text")).isEqualTo(LogFormat.TEXT);
    assertThat(format(Map.of(), "run", config)).isEqualTo(LogFormat.JSON);
    assertThat(format(Map.of("GATESTREAM_LOG_FORMAT", "text"), "run", config))
        .isEqualTo(LogFormat.TEXT);
  }

  /** The command tells what is wrong. */
  @Test
  void whatCannotBeReadChangesNothing() {
    assertThat(format(Map.of(), "run", "--log-format")).isEqualTo(LogFormat.TEXT);
    assertThat(format(Map.of(), "run", "--log-format", "xml")).isEqualTo(LogFormat.TEXT);
    assertThat(format(IN_ENVIRONMENT, "run", "--config", "/nowhere")).isEqualTo(LogFormat.JSON);
    assertThat(format(IN_ENVIRONMENT, "run", "--config", "\0")).isEqualTo(LogFormat.JSON);
  }

  @Test
  @Tag("process")
  void everyLineOfTheLogIsAnObject() throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=US-ASCII"),
            LoggedLines.class,
            "run",
            "--log-format",
            "json");
    List<JsonNode> events = events(outcome.output());

    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(events).hasSize(4);
    JsonNode place = events.get(0);
    assertThat(place.get("log.level").textValue()).isEqualTo("INFO");
    assertThat(place.get("log.logger").textValue()).isEqualTo(LoggedLines.class.getName());
    assertThat(place.get("process.thread.name").textValue()).isEqualTo("main");
    assertThat(place.get("message").textValue()).isEqualTo("the \"grüne\" door\nis open");
    assertThat(place.get("labels.stream").textValue()).isEqualTo("door");
    assertThat(place.get("@timestamp").textValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    JsonNode failure = events.get(1);
    assertThat(failure.get("error.type").textValue())
        .isEqualTo(IllegalStateException.class.getName());
    assertThat(failure.get("error.message").textValue()).isEqualTo("password=***");
    assertThat(failure.get("error.stack_trace").textValue())
        .startsWith("java.lang.IllegalStateException: password=***\n\tat io.gatestream.cli.")
        .contains("Caused by: java.io.IOException: rtsp://***@camera/1");
    assertThat(failure.has("labels.stream")).isFalse();
    assertThat(events.get(2).get("message").textValue()).isEqualTo("no line of the log");
    JsonNode uncaught = events.get(3);
    assertThat(uncaught.get("message").textValue()).isEqualTo("the thread 'worker' ended");
    assertThat(uncaught.get("error.stack_trace").textValue()).contains("\tat ");
  }

  @Test
  @Tag("process")
  void errorsOfCommandsAreObjectsToo() throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
            MainProcess.class,
            "run",
            "--log-format=json",
            "--verbose",
            "--otlp-endpoint",
            "collector");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(events(outcome.output()))
        .hasSizeGreaterThan(1)
        .allMatch(event -> event.get("log.level").textValue().equals("ERROR"))
        .allMatch(event -> event.get("error.stack_trace").textValue().contains("\tat "))
        .anyMatch(event -> event.get("message").textValue().startsWith("otlp.endpoint is "));
  }

  private static List<JsonNode> events(String output) throws Exception {
    ObjectMapper strict = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    List<JsonNode> events = new ArrayList<>();
    for (String line : output.lines().toList()) {
      events.add(strict.readTree(line));
    }
    assertThat(events).allMatch(JsonNode::isObject);
    return events;
  }
}
