package io.gatestream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.text.Terminal;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rejected records as lines of text or JSON. */
final class RejectedText {
  private static final int STREAM_WIDTH = 32;
  private static final int MESSAGE_WIDTH = 120;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Terminal terminal;
  private boolean headed;

  RejectedText(Terminal terminal) {
    this.terminal = terminal;
  }

  private static final int REASON_WIDTH = 24;

  /** One line a record; a heading before the first. */
  List<String> table(List<RejectedRecord> records) {
    List<String> lines = new ArrayList<>();
    if (!headed && !records.isEmpty()) {
      headed = true;
      lines.add(terminal.bold(row("time", "stream", "reason", "frames record", "message")));
    }
    for (RejectedRecord record : records) {
      lines.add(
          row(
              Instant.ofEpochMilli(record.timestamp()).toString(),
              cut(record.stream().orElse("(no key)"), STREAM_WIDTH),
              cut(record.reason(), REASON_WIDTH),
              cut(record.origin().orElse("-"), STREAM_WIDTH),
              cut(record.message(), MESSAGE_WIDTH)));
    }
    return lines;
  }

  private static String row(String... cells) {
    return String.format(Locale.ROOT, "%-24s  %-32s  %-16s  %-20s  %s", (Object[]) cells)
        .stripTrailing();
  }

  static String cut(String text, int width) {
    String line = Terminal.printable(text);
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }

  /** One JSON object a record. */
  static List<String> json(List<RejectedRecord> records) {
    return records.stream().map(RejectedText::json).toList();
  }

  private static String json(RejectedRecord record) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("partition", record.partition());
    json.put("offset", record.offset());
    json.put("stream", record.stream().orElse(null));
    json.put("time", Instant.ofEpochMilli(record.timestamp()).toString());
    json.put("reason", record.reason());
    json.put("message", record.message());
    json.put("origin", record.origin().orElse(null));
    record.valueBytes().ifPresent(bytes -> json.put("valueBytes", bytes));
    json.put("valueOmitted", record.omitted());
    json.put("likelyCause", record.likelyCause().orElse(null));
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
