package io.gatestream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.http.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AssetsTest {
  private static HttpResponse<String> get(WebServer server, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static WebServer start() {
    return WebServer.start(
        "--port", "127.0.0.1", 0, Assets.pages(), new TokenGate("127.0.0.1", Optional.empty()));
  }

  @Test
  void thePageAndAllThatItNamesAreThere() throws Exception {
    try (WebServer server = start()) {
      HttpResponse<String> page = get(server, "/");
      assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("content-security-policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
      assertThat(page.body()).doesNotContain("<style", "onclick", "https://");
      List<String> named =
          Pattern.compile("(?:src|href)=\"(/[^\"]+)\"")
              .matcher(page.body())
              .results()
              .map(found -> found.group(1))
              .toList();
      assertThat(named).isNotEmpty();
      for (String path : named) {
        assertThat(get(server, path).statusCode()).as(path).isEqualTo(200);
      }
      assertThat(get(server, "/lib/lit-html/directives/repeat.js").statusCode()).isEqualTo(200);
      assertThat(get(server, "/lib/chart.js/dist/chart.umd.js").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void filesOfOthersAreNotServed() throws Exception {
    try (WebServer server = start()) {
      for (String path :
          new String[] {
            "/app/../index.html",
            "/app/%2e%2e/%2e%2e/log4j2.xml",
            "/app/..%2F..%2Flog4j2.xml",
            "/app//etc/passwd",
            "/lib/lit-html/%2e%2e/%2e%2e/x.js",
            "/lib/chart.js/",
            "/app/.hidden.js",
            "/app/none.js"
          }) {
        assertThat(get(server, path).statusCode()).as(path).isEqualTo(404);
      }
    }
  }
}
