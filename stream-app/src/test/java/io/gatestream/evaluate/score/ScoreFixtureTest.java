package io.gatestream.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** metrics.json against the values of scikit-learn and of the plain reference in Python. */
class ScoreFixtureTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static List<String> names() {
    return ScoreCase.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void metricsAreThoseOfTheReference(String name) throws IOException {
    ScoreCase fixture = ScoreCase.read(name);
    JsonNode actual = MAPPER.readTree(MetricsJson.text(fixture.evaluation().metrics()));
    agree(name, fixture.json().get("expected"), actual);
  }

  /** Each value that is expected; there may be others. */
  private static void agree(String path, JsonNode expected, JsonNode actual) {
    assertThat(actual).as(path).isNotNull();
    if (expected.isArray()) {
      assertThat(actual.size()).as(path).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        agree(path + "[" + i + "]", expected.get(i), actual.get(i));
      }
    } else if (expected.isObject()) {
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        agree(path + "." + field.getKey(), field.getValue(), actual.get(field.getKey()));
      }
    } else if (expected.isNumber()) {
      assertThat(actual.isNumber()).as("%s: %s is a number", path, actual).isTrue();
      assertThat(actual.doubleValue()).as(path).isCloseTo(expected.doubleValue(), within(1e-9));
    } else {
      assertThat(actual).as(path).isEqualTo(expected);
    }
  }

  @Test
  void fixturesHoldTheHardCases() {
    assertThat(expected("ties", "mAP").isNumber()).isTrue();
    assertThat(expected("only-empty-truth", "mAP").isNull()).isTrue();
    assertThat(expected("only-empty-truth", "editScore").isNumber()).isTrue();
    assertThat(expected("perfectly-quiet", "editScore").isNull()).isTrue();
    assertThat(expected("absent-classes", "classes").get(2).get("averagePrecision").isNull())
        .isTrue();
    assertThat(expected("single-label", "falseAlarmsPerHour").doubleValue()).isPositive();
  }

  private static JsonNode expected(String name, String key) {
    return ScoreCase.read(name).json().get("expected").get(key);
  }
}
