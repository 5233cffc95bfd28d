package io.gatestream.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, where there is one. */
@Tag("process")
class ReportBrowserTest {
  private static final Pattern READY =
      Pattern.compile("<body[^>]* data-ready=\"charts (\\d+) errors (\\d+)\"");

  private final Optional<Browser> browser = Browser.find();

  /** A browser that has just ended may still write to its profile. */
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  @BeforeEach
  void needsABrowser() {
    assumeTrue(browser.isPresent(), "no Chromium on the PATH");
  }

  @Test
  void allChartsOfOneRunAreDrawn() throws Exception {
    String document = open(ReportPage.html(SampleReports.one(2, false)));

    // two timelines, curves, reliability and its counts
    assertThat(charts(document)).isEqualTo(5);
    assertThat(document).contains("Confusion matrix").contains("truth: left").contains("stream-1");
    assertThat(document).contains("no label").doesNotContain("<b>of");
  }

  @Test
  void aTradeOffIsDrawnAboveItsTable() throws Exception {
    String document = open(ReportPage.html(SampleReports.withTradeOff()));

    assertThat(charts(document)).as("one more than without").isEqualTo(6);
    assertThat(document).contains("Event rules by delay");
  }

  @Test
  void severalLabelsAtOnceAreDrawnWithoutAConfusionMatrix() throws Exception {
    String document = open(ReportPage.html(SampleReports.one(2, true)));

    assertThat(charts(document)).isEqualTo(5);
    assertThat(document).doesNotContain("<h2>Confusion matrix");
  }

  @Test
  void aComparisonIsDrawn() throws Exception {
    String document = open(ReportPage.html(SampleReports.two()));

    // curves, reliability and its counts, the intervals, and the timelines near the top
    assertThat(charts(document)).isBetween(5, 7);
    assertThat(document).contains("Where they differ").contains("aria-pressed");
  }

  @Test
  void ofManyStreamsOnlyTheNearOnesAreDrawn() throws Exception {
    String document = open(ReportPage.html(SampleReports.one(300, false)));

    assertThat(charts(document)).isBetween(4, 60);
    assertThat(document).contains("stream-299");
  }

  @Test
  void aScriptThatThrowsIsSeen() throws Exception {
    String page = ReportPage.html(SampleReports.one(2, false));
    String broken = page.replace("function legend() {", "function legend() { nowhere();");
    assertThat(broken).isNotEqualTo(page);

    Matcher ready = READY.matcher(open(broken));

    assertThat(ready.find()).isTrue();
    assertThat(ready.group(2)).isEqualTo("1");
  }

  private String open(String page) throws Exception {
    Path file = folder.resolve("report.html");
    Files.writeString(file, page, StandardCharsets.UTF_8);
    return browser.orElseThrow().document(file, folder);
  }

  private static int charts(String document) {
    Matcher ready = READY.matcher(document);
    assertThat(ready.find())
        .as(() -> "the page says that it is ready: " + start(document))
        .isTrue();
    assertThat(ready.group(2)).as("errors of the script").isEqualTo("0");
    return Integer.parseInt(ready.group(1));
  }

  private static String start(String document) {
    int body = Math.max(0, document.indexOf("<body"));
    return document.substring(body, Math.min(document.length(), body + 2_000));
  }
}
