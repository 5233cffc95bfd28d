package io.gatestream.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Typed readers of one JSON object that collect problems in place of throwing. After a problem a
 * reader gives a harmless stand-in; the caller throws before it uses one. Used by one thread.
 */
final class JsonFields {
  private final JsonNode json;
  private final String prefix;
  private final FieldProblems problems;

  /**
   * Reads the fields of {@code json}.
   *
   * @param prefix of their paths: empty, or that of the object with a dot
   */
  JsonFields(JsonNode json, String prefix, FieldProblems problems) {
    this.json = json;
    this.prefix = prefix;
    this.problems = problems;
  }

  JsonFields object(String name) {
    JsonNode value = json.path(name);
    if (!value.isObject()) {
      wrong(name, "an object");
      value = MissingNode.getInstance();
    }
    return new JsonFields(value, prefix + name + ".", problems);
  }

  Optional<JsonFields> optionalObject(String name) {
    return absent(name) ? Optional.empty() : Optional.of(object(name));
  }

  List<JsonFields> objects(String name) {
    List<JsonFields> found = new ArrayList<>();
    for (JsonNode element : array(name, "a list of objects")) {
      String path = "%s[%d]".formatted(name, found.size());
      if (!element.isObject()) {
        problem(path, "%s is %s: expected an object".formatted(prefix + path, element));
      }
      found.add(new JsonFields(element, prefix + path + ".", problems));
    }
    return found;
  }

  String text(String name) {
    JsonNode value = json.path(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      wrong(name, "a text that is not empty");
      return "?";
    }
    return value.textValue();
  }

  Optional<String> optionalText(String name) {
    return absent(name) ? Optional.empty() : Optional.of(text(name));
  }

  List<String> texts(String name) {
    List<String> found = new ArrayList<>();
    for (JsonNode element : array(name, "a list of texts")) {
      if (!element.isTextual() || element.textValue().isBlank()) {
        wrongElement(name, found.size(), element, "a text that is not empty");
      }
      found.add(element.asText());
    }
    return found;
  }

  int integer(String name, int min, int max) {
    JsonNode value = json.path(name);
    if (!isWithin(value, min, max)) {
      wrong(name, "a whole number from %d to %d".formatted(min, max));
      return min;
    }
    return value.intValue();
  }

  List<Integer> integers(String name, int min, int max) {
    List<Integer> found = new ArrayList<>();
    for (JsonNode element : array(name, "a list of whole numbers")) {
      if (!isWithin(element, min, max)) {
        wrongElement(
            name, found.size(), element, "a whole number from %d to %d".formatted(min, max));
      }
      found.add(element.intValue());
    }
    return found;
  }

  /** A number of more than 64 bits is none of them, though its lowest bits may be. */
  private static boolean isWithin(JsonNode value, int min, int max) {
    return value.isIntegralNumber()
        && value.canConvertToLong()
        && value.longValue() >= min
        && value.longValue() <= max;
  }

  double number(String name) {
    JsonNode value = json.path(name);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      wrong(name, "a number");
      return 1;
    }
    return value.doubleValue();
  }

  /** Empty for null or a field that is not there. */
  OptionalDouble optionalNumber(String name) {
    return absent(name) ? OptionalDouble.empty() : OptionalDouble.of(number(name));
  }

  /** Empty for null or a field that is not there. */
  Optional<List<Float>> optionalFloats(String name) {
    if (absent(name)) {
      return Optional.empty();
    }
    List<Float> found = new ArrayList<>();
    for (JsonNode element : array(name, "a list of numbers")) {
      if (!element.isNumber() || !Float.isFinite(element.floatValue())) {
        wrongElement(name, found.size(), element, "a number");
      }
      found.add(element.floatValue());
    }
    return Optional.of(found);
  }

  boolean flag(String name) {
    JsonNode value = json.path(name);
    if (!value.isBoolean()) {
      wrong(name, "true or false");
    }
    return value.booleanValue();
  }

  /** A constant by its name in lower case with hyphens. */
  <E extends Enum<E>> E choice(String name, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String spelled = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (json.path(name).isTextual() && spelled.equals(json.path(name).textValue())) {
        return constant;
      }
      names.add(spelled);
    }
    wrong(name, "one of " + String.join(", ", names));
    return type.getEnumConstants()[0];
  }

  /** What precedes the name of a field in its path: empty, or the object's own path and a dot. */
  String prefix() {
    return prefix;
  }

  /** Names of the fields, in their order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  boolean absent(String name) {
    return json.path(name).isMissingNode() || json.path(name).isNull();
  }

  void wrong(String name, String expected) {
    JsonNode value = json.path(name);
    problem(
        name,
        "%s%s is %s: expected %s"
            .formatted(prefix, name, value.isMissingNode() ? "missing" : value, expected));
  }

  private void wrongElement(String name, int index, JsonNode element, String expected) {
    String path = "%s[%d]".formatted(name, index);
    problem(path, "%s%s is %s: expected %s".formatted(prefix, path, element, expected));
  }

  /** Notes a problem that field {@code name} is the one to mend for, unless it has one already. */
  void problem(String name, String problem) {
    problems.add(prefix + name, problem);
  }

  /** Whether these fields have no problem so far, so that more can be said about them. */
  boolean areSound(String... names) {
    return Arrays.stream(names).allMatch(name -> problems.isSound(prefix + name));
  }

  private JsonNode array(String name, String expected) {
    JsonNode value = json.path(name);
    if (!value.isArray()) {
      wrong(name, expected);
      return MissingNode.getInstance();
    }
    return value;
  }
}
