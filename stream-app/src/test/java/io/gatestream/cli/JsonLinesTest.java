package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(new JsonLines(written), true, UTF_8);

  private List<JsonNode> events() throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (String line : written.toString(UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        events.add(new ObjectMapper().readTree(line));
      }
    }
    return events;
  }

  @Test
  void aLineBecomesTheMessageOfAnObject() throws Exception {
    err.println("error: the frame \"grün\" is broken");
    err.println("warning: late");
    err.println("3 of 5\r4 of 5\r\n");
    err.print("not ended");

    assertThat(events())
        .extracting(
            event -> event.get("log.level").textValue() + " " + event.get("message").textValue())
        .containsExactly(
            "ERROR the frame \"grün\" is broken", "WARN late", "INFO 3 of 5", "INFO 4 of 5");
    assertThat(events()).allMatch(event -> event.get("@timestamp").textValue().endsWith("Z"));
  }

  /** A rule for passwords that ran over a whole object would take its quotes along. */
  @Test
  void passwordsAreMaskedWithinTheValues() throws Exception {
    err.println(
        "{\"@timestamp\":\"t\",\"message\":\"password=hush\",\"error.stack_trace\":"
            + "\"rtsp://user:hush@camera/1\\n\\tat a.B\",\"ecs.version\":\"1.2.0\"}");
    err.println("error: sasl.jaas.config = user hush");

    assertThat(written.toString(UTF_8)).doesNotContain("hush");
    JsonNode event = events().get(0);
    assertThat(event.get("message").textValue()).isEqualTo("password=***");
    assertThat(event.get("error.stack_trace").textValue())
        .isEqualTo("rtsp://***@camera/1\n\tat a.B");
    assertThat(event.get("ecs.version").textValue()).isEqualTo("1.2.0");
  }

  @Test
  void whatOnlyLooksLikeAnObjectIsAMessage() throws Exception {
    List<String> lines = List.of("{\"a\": 1}", "{", "{} {}", "{\"@timestamp\":1} and more");
    lines.forEach(err::println);

    assertThat(events())
        .extracting(event -> event.get("message").textValue())
        .containsExactlyElementsOf(lines);
  }

  @Test
  void aLineWithoutEndIsCutAndTakesNoMoreMemory() throws Exception {
    err.print("x".repeat(3_000_000));
    err.println();

    assertThat(events()).hasSize(3);
    assertThat(events()).allMatch(event -> event.get("message").textValue().length() <= 1 << 20);
  }
}
