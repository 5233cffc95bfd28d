package io.gatestream.evaluate.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page as text: style, script, chart library and data in one HTML file that loads nothing.
 * Stateless.
 */
public final class ReportPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private ReportPage() {}

  /**
   * Writes the page, in place of one that is there.
   *
   * @throws OutageException it cannot be written
   */
  public static void write(Path file, ReportData data) {
    try {
      Files.writeString(file, html(data), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new OutageException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** The page's text. */
  public static String html(ReportData data) {
    Map<String, String> parts =
        Map.of(
            "style", Resource.text("/report/page.css"),
            "data", json(data),
            "library", script(ChartLibrary.source()),
            "script", script(Resource.text("/report/page.js")));
    Matcher places = PLACE.matcher(Resource.text("/report/page.html"));
    // In one pass: what was put in is not searched for places.
    return places.replaceAll(
        place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), place.group())));
  }

  /** JSON that no HTML parser takes for a tag. */
  static String json(ReportData data) {
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the report's data are no JSON", e);
    }
  }

  /** JavaScript that does not end its element. In code {@code <\/} means the same as {@code </}. */
  private static String script(String source) {
    return source.replace("</script", "<\\/script").replace("<!--", "<\\!--");
  }
}
