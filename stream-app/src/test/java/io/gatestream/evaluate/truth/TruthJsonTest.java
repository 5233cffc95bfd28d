package io.gatestream.evaluate.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.errors.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TruthJsonTest {
  @Test
  void severalLabelsAtOnceAndStreamsWithoutAny() throws IOException {
    Truth truth =
        read(
            """
            [{"stream": "cam", "start": 1.5, "end": 3, "label": ["left", "fast"]},
             {"stream": "cam", "start": 2, "end": 4, "label": "left"},
             {"stream": "quiet", "start": 0, "end": 9, "label": []}]
            """,
            true);
    assertThat(truth.intervals("cam"))
        .containsExactly(
            new Interval("cam", 1_500_000, 3_000_000, "fast", 1_500_000),
            new Interval("cam", 1_500_000, 3_000_000, "left", 1_500_000),
            new Interval("cam", 2_000_000, 4_000_000, "left", 2_000_000));
    assertThat(truth.intervals("quiet")).isEmpty();
    assertThat(truth.streams()).containsExactlyInAnyOrder("cam", "quiet");
  }

  @Test
  void csvMayOverlapWhereThatIsAskedFor() throws IOException {
    Truth truth =
        Truth.read(
            new ByteArrayInputStream(
                "stream,start,end,label\na,0,9,x\na,1,2,y\n".getBytes(StandardCharsets.UTF_8)),
            "truth.csv",
            true);
    assertThat(truth.intervals("a")).extracting(Interval::label).containsExactly("x", "y");
  }

  @Test
  void everyBadEntryIsNamedAtOnce() {
    assertThat(
            problems(
                """
                [{"stream": "cam", "start": 0, "end": 2, "label": "left"},
                 {"stream": "cam", "start": "0", "end": 1e999, "label": "left"},
                 {"stream": 7, "start": 5, "end": 5, "label": [1]},
                 {"stream": "cam", "start": 5, "end": 5, "label": "left", "colour": "red"},
                 {"stream": "cam", "start": 5, "end": 4, "label": "left"},
                 {"start": -1, "end": 5},
                 "left",
                 {"stream": "", "start": 5, "end": 6, "label": ""},
                 {"stream": "cam", "start": 1, "end": 3, "label": "right"}]
                """))
        .containsExactly(
            "truth.json entry 2: start is '\"0\"': give seconds such as 12.5",
            "truth.json entry 2: end is '1E+999': give seconds such as 12.5",
            "truth.json entry 3: stream is '7': expected a text",
            "truth.json entry 3: label is '[1]': expected a text or a list of texts",
            "truth.json entry 4: unknown field 'colour'",
            "truth.json entry 5: the end must come after the start",
            "truth.json entry 6: stream is missing: expected a text",
            "truth.json entry 6: label is missing: expected a text or a list of texts",
            "truth.json entry 7: expected an object with [stream, start, end, label]",
            "truth.json entry 8: stream is empty",
            "truth.json entry 8: label is empty",
            "truth.json entry 9: overlaps entry 1");
  }

  @Test
  void whatIsNoArrayIsRefused() {
    assertThat(problems("{}"))
        .containsExactly(
            "truth.json: expected an array of objects with [stream, start, end, label]");
    assertThat(problems("[{]")).singleElement().asString().startsWith("truth.json is no JSON: ");
    assertThat(problems("")).hasSize(1);
  }

  private static Truth read(String json, boolean overlapping) throws IOException {
    return Truth.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "truth.json", overlapping);
  }

  private static List<String> problems(String json) {
    return catchThrowableOfType(DataException.class, () -> read(json, false)).problems();
  }
}
