package io.gatestream.evaluate.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

public class TruthTest {
  @Test
  void startIsInclusiveAndEndExclusive() throws IOException {
    Truth truth = read("stream,start,end,label\ncam,1.5,3,left\n");
    assertThat(label(truth, "cam", 1_499_999)).isEmpty();
    assertThat(label(truth, "cam", 1_500_000)).contains("left");
    assertThat(label(truth, "cam", 2_999_999)).contains("left");
    assertThat(label(truth, "cam", 3_000_000)).isEmpty();
    assertThat(label(truth, "other", 2_000_000)).isEmpty();
  }

  @Test
  void columnsMayComeInAnyOrderWithBlankLinesQuotesAndSpaces() throws IOException {
    Truth truth = read("label, end ,start,stream\r\n\r\n\"left, slowly\",2.000001,0,cam\r\n");
    assertThat(label(truth, "cam", 2_000_000)).contains("left, slowly");
    assertThat(label(truth, "cam", 2_000_001)).isEmpty();
  }

  @Test
  void byteOrderMarkIsIgnored() throws IOException {
    assertThat(read("\uFEFFstream,start,end,label\ncam,0,1,left\n").streams())
        .containsExactly("cam");
  }

  @Test
  void changeIsCarriedOverTouchingIntervalsOfOneLabel() throws IOException {
    Truth truth =
        read("stream,start,end,label\ncam,2,3,left\ncam,1,2,left\ncam,3,4,right\ncam,5,6,right\n");
    assertThat(truth.at("cam", 2_500_000).orElseThrow().changed()).isEqualTo(1_000_000);
    assertThat(truth.at("cam", 3_500_000).orElseThrow().changed()).isEqualTo(3_000_000);
    assertThat(truth.at("cam", 5_500_000).orElseThrow().changed()).isEqualTo(5_000_000);
  }

  @Test
  void everyBadRowIsNamedAtOnce() {
    assertThat(
            problems(
                """
                stream,start,end,label
                cam,0,2,left
                cam,1.5,3,right
                cam,5,5,left
                cam,x,-1,left
                ,7,8,
                cam,7,8
                other,1,2,left
                """))
        .containsExactly(
            "truth.csv row 4: the end must come after the start",
            "truth.csv row 5: start is 'x': give seconds such as 12.5",
            "truth.csv row 5: end is '-1': give seconds such as 12.5",
            "truth.csv row 6: stream is empty",
            "truth.csv row 6: label is empty",
            "truth.csv row 7: 3 values under 4 columns",
            "truth.csv row 3: overlaps row 2");
  }

  @Test
  void intervalInsideALongOneOverlapsIt() {
    assertThat(problems("stream,start,end,label\na,0,9,x\na,1,2,x\na,3,4,x\n"))
        .containsExactly("truth.csv row 3: overlaps row 2", "truth.csv row 4: overlaps row 2");
  }

  @Test
  void unknownMissingAndRepeatedColumnsAreNamed() {
    assertThat(problems("stream,start,start,lable\n"))
        .containsExactly(
            "truth.csv row 1: unknown column 'lable'",
            "truth.csv row 1: column 'start' is there 2 times, not once",
            "truth.csv row 1: column 'end' is there 0 times, not once",
            "truth.csv row 1: column 'label' is there 0 times, not once");
  }

  @Test
  void emptyFileAndMissingFileAreNamed() {
    assertThat(problems("")).containsExactly("truth.csv is empty: the first row names the columns");
    ConfigException missing =
        catchThrowableOfType(ConfigException.class, () -> Truth.read(Path.of("no-such.csv")));
    assertThat(missing).hasMessageContaining("no-such.csv");
  }

  @Property(tries = 200)
  void lookupAgreesWithASearchThroughAllRows(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 0, max = 60) Integer> bounds,
      @ForAll @IntRange(min = 0, max = 61) int time)
      throws IOException {
    List<Integer> cuts = List.copyOf(new TreeSet<>(bounds));
    StringBuilder csv = new StringBuilder("stream,start,end,label\n");
    Optional<String> expected = Optional.empty();
    for (int i = 0; i + 1 < cuts.size(); i += 1 + i % 2) {
      csv.append("cam,%d,%d,label-%d%n".formatted(cuts.get(i), cuts.get(i + 1), i));
      if (cuts.get(i) <= time && time < cuts.get(i + 1)) {
        expected = Optional.of("label-" + i);
      }
    }
    assertThat(label(read(csv.toString()), "cam", time * 1_000_000L)).isEqualTo(expected);
  }

  public static Truth read(String csv) throws IOException {
    return Truth.read(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "truth.csv");
  }

  private static Optional<String> label(Truth truth, String stream, long time) {
    return truth.at(stream, time).map(Interval::label);
  }

  private static List<String> problems(String csv) {
    return catchThrowableOfType(DataException.class, () -> read(csv)).problems();
  }

  @Test
  void sessionsShareATruthUnlessItNamesThemOneByOne() {
    Truth shared = Truth.of(List.of(new Interval("cam", 0, 1, "a", 0)));
    assertThat(shared.nameOf("cam", 1)).hasValue("cam");
    assertThat(shared.nameOf("cam", 3)).hasValue("cam");
    assertThat(shared.nameOf("cam#2", 1)).isEmpty();

    Truth each =
        Truth.of(
            List.of(
                new Interval("cam", 0, 1, "a", 0),
                new Interval("cam#3", 0, 1, "a", 0),
                new Interval("door#x", 0, 1, "a", 0),
                new Interval("door", 0, 1, "a", 0)));
    assertThat(each.nameOf("cam", 1)).hasValue("cam");
    assertThat(each.nameOf("cam", 2)).isEmpty();
    assertThat(each.nameOf("cam", 3)).hasValue("cam#3");
    assertThat(each.nameOf("door", 2)).as("door#x is another stream").hasValue("door");
  }
}
