package io.gatestream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page in docs/ that is made from the code: tests compare it, or write it anew. */
public final class GeneratedPage {
  private static final String WRITE = "pages.write";
  private static final String COMMAND =
      "./mvnw -q -pl stream-app -am test -Dtest=SettingsPageTest,MetricsPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -D"
          + WRITE;

  private GeneratedPage() {}

  /** Fails where a page differs from what the code makes; with {@code -Dpages.write} writes it. */
  public static void check(String name, String body) throws IOException {
    // tests run in their module's folder or, from an IDE, in that of the project
    Path page = Path.of(Files.exists(Path.of("mvnw")) ? "" : "..").resolve("docs").resolve(name);
    String text =
        "<!-- Made from the code. Do not edit: change the code and run %s -->\n\n%s"
            .formatted(COMMAND, body);
    if (System.getProperty(WRITE) != null) {
      Files.writeString(page, text);
    }
    assertThat(page)
        .as("docs/%s is not what the code makes; write it anew with %s", name, COMMAND)
        .hasContent(text);
  }
}
