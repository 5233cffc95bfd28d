package io.gatestream.evaluate.truth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads a truth file in JSON: an array of objects, each a row. One thread. */
final class TruthJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Plain digits of numbers with larger exponents could fill the memory. */
  private static final int MAX_SCALE = 18;

  private final String name;
  private final TruthRows rows;

  TruthJson(String name, TruthRows rows) {
    this.name = name;
    this.rows = rows;
  }

  void read(InputStream in) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(in);
    } catch (JacksonException e) {
      rows.problem("%s is no JSON: %s".formatted(name, e.getOriginalMessage()));
      return;
    }
    if (!root.isArray()) {
      rows.problem("%s: expected an array of objects with %s".formatted(name, TruthRows.COLUMNS));
      return;
    }
    for (int entry = 0; entry < root.size(); entry++) {
      entry("entry " + (entry + 1), root.get(entry));
    }
  }

  private void entry(String place, JsonNode entry) {
    boolean sound = entry.isObject();
    if (!sound) {
      rows.problem(place, "expected an object with %s".formatted(TruthRows.COLUMNS));
      return;
    }
    for (Iterator<String> fields = entry.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!TruthRows.COLUMNS.contains(field)) {
        rows.problem(place, "unknown field '%s'".formatted(field));
        sound = false;
      }
    }
    Optional<String> stream = text(place, entry, "stream");
    Optional<List<String>> labels = labels(place, entry.path("label"));
    Optional<String> start = seconds(place, entry, "start");
    Optional<String> end = seconds(place, entry, "end");
    if (sound && stream.isPresent() && labels.isPresent() && start.isPresent() && end.isPresent()) {
      rows.add(place, stream.get(), start.get(), end.get(), labels.get());
    }
  }

  private Optional<String> text(String place, JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    if (!value.isTextual()) {
      rows.problem(place, "%s is %s: expected a text".formatted(field, shown(value)));
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  private Optional<String> seconds(String place, JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    boolean readable = value.isNumber() && Math.abs(value.decimalValue().scale()) <= MAX_SCALE;
    if (!readable) {
      rows.problem(place, "%s is %s: give seconds such as 12.5".formatted(field, shown(value)));
      return Optional.empty();
    }
    return Optional.of(value.decimalValue().toPlainString());
  }

  private Optional<List<String>> labels(String place, JsonNode value) {
    List<String> labels = new ArrayList<>();
    boolean sound = value.isTextual() || value.isArray();
    if (value.isTextual()) {
      labels.add(value.textValue());
    }
    for (JsonNode label : value) {
      sound &= label.isTextual();
      labels.add(label.asText());
    }
    if (!sound) {
      rows.problem(
          place, "label is %s: expected a text or a list of texts".formatted(shown(value)));
    }
    return sound ? Optional.of(labels) : Optional.empty();
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "missing" : "'%s'".formatted(value);
  }
}
