package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gatestream.text.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Standard error as JSON objects, one a line, without the passwords in them. Lines of the log are
 * objects already; any other line, such as an error of a command, becomes the message of one.
 * Thread-safe.
 */
final class JsonLines extends OutputStream {
  /** Larger than any line of the log: log-template.json and log4j2.xml bound those. */
  private static final int LONGEST = 1 << 20;

  private static final String TIME = "@timestamp";

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  JsonLines(OutputStream out) {
    this.out = out;
  }

  /** Puts itself before standard error; to be called before the first logger is made. */
  static void install() {
    JsonLines lines = new JsonLines(System.err);
    System.setErr(new PrintStream(lines, true, UTF_8));
    Runtime.getRuntime().addShutdownHook(new Thread(lines::end, "last-line"));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) ->
            LoggerFactory.getLogger(JsonLines.class)
                .error("the thread '{}' ended", thread.getName(), thrown));
  }

  @Override
  public synchronized void write(int octet) throws IOException {
    if (octet == '\n' || octet == '\r' || line.size() >= LONGEST) {
      writeLine();
    }
    if (octet != '\n' && octet != '\r') {
      line.write(octet);
    }
  }

  @Override
  public synchronized void write(byte[] octets, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      write(octets[i]);
    }
  }

  private void writeLine() throws IOException {
    String text = line.toString(UTF_8);
    line.reset();
    if (!text.isBlank()) {
      out.write((json(text) + "\n").getBytes(UTF_8));
    }
  }

  /** A line that has not ended stays here: half an object is none. */
  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  private synchronized void end() {
    try {
      writeLine();
      out.flush();
    } catch (IOException e) {
      // nobody reads standard error any more
    }
  }

  private static String json(String text) throws JsonProcessingException {
    ObjectNode event = event(text).orElseGet(() -> message(text));
    event
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isTextual()) {
                entry.setValue(TextNode.valueOf(Secrets.mask(entry.getValue().textValue())));
              }
            });
    return MAPPER.writeValueAsString(event);
  }

  /** A line of the log: it has flat fields. */
  private static Optional<ObjectNode> event(String text) {
    if (!text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode read = MAPPER.readTree(text);
      return read instanceof ObjectNode event && event.has(TIME)
          ? Optional.of(event)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode message(String text) {
    String level = "INFO";
    String message = text;
    if (text.startsWith("error: ")) {
      level = "ERROR";
      message = text.substring("error: ".length());
    } else if (text.startsWith("warning: ")) {
      level = "WARN";
      message = text.substring("warning: ".length());
    }
    return MAPPER
        .createObjectNode()
        .put(TIME, Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("log.level", level)
        .put("message", message)
        .put("process.thread.name", Thread.currentThread().getName())
        .put("log.logger", "gatestream");
  }
}
