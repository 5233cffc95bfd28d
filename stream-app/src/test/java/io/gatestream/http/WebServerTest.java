package io.gatestream.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebServerTest {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private WebServer server;

  @BeforeEach
  void start() {
    List<Page> pages =
        List.of(
            Page.get("/ready", request -> ready()),
            Page.get("/metrics", request -> Answer.text("frames{unit=\"µs\"} 1\n")),
            Page.get("/streams", request -> Answer.json("[]")),
            Page.get("/streams/{id}", request -> Answer.text(request.segment("id"))),
            Page.get("/files/{path*}", request -> Answer.text(request.segment("path"))),
            Page.get("/query", request -> Answer.text(request.query("a b").orElse("none"))),
            new Page("PUT", "/streams/{id}", request -> Answer.text(request.text(10))),
            Page.get("/empty", request -> Answer.text("")),
            Page.get(
                "/written",
                request ->
                    Answer.written(
                        "text/event-stream",
                        out -> {
                          out.write("data: 1\n\n".getBytes(UTF_8));
                          out.flush();
                          asked.await();
                          out.write("data: 2\n\n".getBytes(UTF_8));
                        })),
            Page.get(
                "/broken",
                request -> {
                  throw new IllegalStateException("password=hidden");
                }));
    server = start(0, pages);
  }

  private static WebServer start(int port, List<Page> pages) {
    return WebServer.start("http.port", "127.0.0.1", port, pages, WebServer.Gate.OPEN);
  }

  private Answer ready() {
    return ready.get() ? Answer.text("yes\n") : Answer.text(Refusal.UNAVAILABLE, "no\n");
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
  void segmentsAndQueriesAreDecodedOnceAndAPlusInThePathStaysOne() throws Exception {
    assertThat(send("GET", "/streams/a%2Fb%20c+d%253").body()).isEqualTo("a/b c+d%3");
    assertThat(send("GET", "/files/lit/x.js").body()).isEqualTo("lit/x.js");
    assertThat(send("GET", "/query?x=1&a+b=%C3%A4+%2B&a+b=2").body()).isEqualTo("ä +");
    assertThat(send("GET", "/query").body()).isEqualTo("none");
    assertThat(send("GET", "/streams/a/b").statusCode()).isEqualTo(404);
  }

  @Test
  void aBodyHasALimitAndAPathMayTakeSeveralMethods() throws Exception {
    assertThat(put("/streams/a", "0123456789").body()).isEqualTo("0123456789");
    assertThat(put("/streams/a", "0123456789+").statusCode()).isEqualTo(413);
    assertThat(send("DELETE", "/streams/a").headers().firstValue("allow"))
        .hasValue("GET, HEAD, PUT");
  }

  private HttpResponse<String> put(String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What is written as it comes arrives as it comes, and keeps none of the threads of pages. */
  @Test
  void manyMayReadWhatIsWrittenAsItComes() throws Exception {
    List<BufferedReader> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/written"))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
      assertThat(reader.readLine()).isEqualTo("data: 1");
      readers.add(reader);
    }
    assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
    asked.countDown();
    for (BufferedReader reader : readers) {
      assertThat(reader.lines()).contains("data: 2");
    }
  }

  @Test
  void aGateRefusesAndItsHeadersStandOnEveryAnswer() throws Exception {
    server.close();
    server =
        WebServer.start(
            "http.port",
            "127.0.0.1",
            0,
            List.of(Page.get("/", request -> Answer.text("in"))),
            new WebServer.Gate() {
              @Override
              public void pass(Request request) {
                if (request.cookie("token").isEmpty()) {
                  throw new Refusal(Refusal.UNAUTHORIZED, "no \"token\"");
                }
              }

              @Override
              public Map<String, String> headers() {
                return Map.of("X-Gate", "1");
              }
            });
    assertThat(send("GET", "/").statusCode()).isEqualTo(401);
    assertThat(send("GET", "/").body()).isEqualTo("{\"error\":\"no \\\"token\\\"\"}\n");
    assertThat(send("GET", "/").headers().firstValue("x-gate")).hasValue("1");
    HttpResponse<String> in =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .header("Cookie", "a=b; token=1")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(in.body()).isEqualTo("in");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort(), List.of()).close())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("http.port " + taken.getLocalPort());
    }
    assertThatThrownBy(
            () ->
                WebServer.start(
                        "http.port", "no-such-host.invalid", 0, List.of(), WebServer.Gate.OPEN)
                    .close())
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
