package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.http.Answer;
import io.gatestream.http.Refusal;
import java.io.UncheckedIOException;

/** Views to JSON, and what the page sends from it. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static Answer answer(Object view) {
    return Answer.bytes("application/json; charset=utf-8", bytes(view));
  }

  static Answer answer(int status, Object view) {
    return Answer.json(status, new String(bytes(view), UTF_8));
  }

  /** Without a line break in it. */
  static byte[] bytes(Object view) {
    try {
      return MAPPER.writeValueAsBytes(view);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws Refusal it is none
   */
  static JsonNode read(String text) {
    try {
      JsonNode read = MAPPER.readTree(text);
      if (read != null && read.isObject()) {
        return read;
      }
    } catch (JsonProcessingException e) {
      // refused below
    }
    throw Refusal.badRequest("the body is no JSON object");
  }

  /**
   * A field's text.
   *
   * @throws Refusal it is no text, or longer than {@code most} characters
   */
  static String text(JsonNode object, String field, int most) {
    JsonNode value = object.path(field);
    if (!value.isTextual() || value.textValue().length() > most) {
      throw Refusal.badRequest(
          "'%s' must be a text of at most %d characters".formatted(field, most));
    }
    return value.textValue();
  }
}
