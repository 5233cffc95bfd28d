package io.gatestream.evaluate.report;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Chart.js (MIT) from its webjar. The build's version is the only one there is. */
final class ChartLibrary {
  private ChartLibrary() {}

  /** The library as one script with its licence in front. */
  static String source() {
    String folder = "/META-INF/resources/webjars/chart.js/%s/".formatted(version());
    String licence = Resource.text(folder + "LICENSE.md").replace("*/", "* /");
    String code = Resource.text(folder + "dist/chart.umd.js");
    // The map is no part of the page, and a browser's tools would ask for it.
    return "/*\n%s*/\n%s"
        .formatted(licence, code.replaceAll("(?m)^//# sourceMappingURL=.*$", "").strip());
  }

  private static String version() {
    Properties properties = new Properties();
    try {
      properties.load(
          new StringReader(
              Resource.text("/META-INF/maven/org.webjars.npm/chart.js/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "of no version");
  }
}
