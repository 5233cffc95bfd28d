package io.gatestream.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  private final ReportData data = SampleReports.one(3, false);
  private final String page = ReportPage.html(data);

  @Test
  void theDataParseBackAsTheyWere() throws Exception {
    Matcher found = DATA.matcher(page);

    assertThat(found.find()).isTrue();
    JsonNode expected = JSON.readTree(JSON.writeValueAsString(data));
    assertThat(JSON.readTree(found.group(1)).equals(expected)).as("equal data").isTrue();
  }

  @Test
  void nothingIsLoadedFromAnywhere() {
    String markup = withoutScripts(page);

    assertThat(markup).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
    assertThat(markup).doesNotContainPattern("(?i)<(link|iframe|object|embed|img|base)\\b");
    assertThat(page)
        .doesNotContainPattern("(?i)<script[^>]*\\bsrc=")
        .doesNotContain("sourceMappingURL");
    assertThat(page).contains("default-src 'none'");
  }

  /** The contents of script elements, as an HTML parser finds their ends. */
  private static String withoutScripts(String html) {
    return Pattern.compile("(<script[^>]*>).*?</script>", Pattern.DOTALL)
        .matcher(html)
        .replaceAll("$1");
  }

  @Test
  void everyScriptEndsWhereItShould() {
    assertThat(Pattern.compile("<script").matcher(page).results().count())
        .isEqualTo(Pattern.compile("</script>").matcher(page).results().count())
        .isEqualTo(4);
    assertThat(page).doesNotContain("<b>of").endsWith("</html>\n");
  }

  @Test
  void theLibraryBringsItsLicence() {
    assertThat(page).contains("Permission is hereby granted").contains("Chart.js v4");
  }

  @Test
  void anOlderPageIsReplaced(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "x".repeat(1_000_000));

    ReportPage.write(file, data);

    assertThat(file).content().isEqualTo(page);
  }

  @Test
  void aMissingTrackIsRefused() {
    StreamTimeline none = new StreamTimeline("door", List.of(), List.of());

    assertThatThrownBy(
            () ->
                new ReportData(
                    "",
                    List.of(),
                    List.of(),
                    null,
                    false,
                    List.of(),
                    data.runs(),
                    List.of(none),
                    null))
        .hasMessageContaining("door");
  }
}
