package io.gatestream.stream.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.stream.watch.MonitorServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MonitorServerTest {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final HttpClient client = HttpClient.newHttpClient();
  private MonitorServer server;

  @BeforeEach
  void start() {
    Map<String, Supplier<Answer>> pages =
        Map.of(
            "/ready",
            MonitorServer.question(ready::get),
            "/metrics",
            () -> Answer.text("frames{unit=\"µs\"} 1\n"),
            "/streams",
            () -> Answer.json("[]"),
            "/empty",
            () -> Answer.text(""),
            "/broken",
            () -> {
              throw new IllegalStateException("password=hidden");
            });
    server = MonitorServer.start("127.0.0.1", 0, pages);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aQuestionIsAnsweredAnewEachTime() throws Exception {
    assertThat(send("GET", "/ready").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/ready").body()).isEqualTo("no\n");
    ready.set(true);
    assertThat(send("GET", "/ready").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/ready?verbose=1").body()).isEqualTo("yes\n");
  }

  @Test
  void pagesHaveTheirTypeAndAreUtf8() throws Exception {
    HttpResponse<String> metrics = send("GET", "/metrics");
    assertThat(metrics.body()).isEqualTo("frames{unit=\"µs\"} 1\n");
    assertThat(metrics.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(send("GET", "/streams").headers().firstValue("content-type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(send("GET", "/empty").body()).isEmpty();
  }

  @Test
  void headAnswersWithoutABodyAndOtherMethodsAreRefused() throws Exception {
    HttpResponse<String> head = send("HEAD", "/metrics");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/metrics").headers().firstValue("allow")).hasValue("GET, HEAD");
  }

  @Test
  void anUnknownPageNamesThoseThatAre() throws Exception {
    for (String path : new String[] {"/", "/live/", "/metricsx", "/metrics/more"}) {
      HttpResponse<String> answer = send("GET", path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("/metrics");
    }
  }

  @Test
  void aPageThatFailsSaysNothingOfTheInside() throws Exception {
    HttpResponse<String> answer = send("GET", "/broken");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("hidden");
    assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
  }

  /** A monitor that opens a connection and asks nothing keeps no thread. */
  @Test
  void silentConnectionsDoNotKeepOthersOut() throws Exception {
    Socket[] silent = new Socket[20];
    try {
      for (int i = 0; i < silent.length; i++) {
        silent[i] = new Socket(InetAddress.getLoopbackAddress(), server.port());
      }
      assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> MonitorServer.start("127.0.0.1", taken.getLocalPort(), Map.of()).close())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("http.port " + taken.getLocalPort());
    }
    assertThatThrownBy(() -> MonitorServer.start("no-such-host.invalid", 0, Map.of()).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void afterCloseNobodyAnswers() throws Exception {
    int port = server.port();
    server.close();
    assertThatThrownBy(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                  InputStream in = socket.getInputStream()) {
                if (in.read() < 0) {
                  throw new IOException("closed");
                }
              }
            })
        .isInstanceOf(IOException.class);
  }
}
