package io.gatestream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Over real sockets: clients of the JDK set no Host header of one's own. */
class TokenGateTest {
  private static final String TOKEN = "0123456789abcdef";

  private static String status(TokenGate gate, String method, String path, String... headers)
      throws IOException {
    List<Page> pages =
        List.of(
            Page.get("/", request -> Answer.text("")),
            Page.get("/api/config", request -> Answer.text("")),
            new Page("PUT", "/api/review", request -> Answer.text("")),
            new Page("DELETE", "/api/review", request -> Answer.text("")));
    try (WebServer server = WebServer.start("--port", "127.0.0.1", 0, pages, gate);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "%s %s HTTP/1.1\r\nConnection: close\r\n%s\r\n\r\n"
              .formatted(method, path, String.join("\r\n", headers));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return line.split(" ", -1)[1];
    }
  }

  @Test
  void withoutATokenOnlyThisMachineByItsOwnNameIsAnswered() throws IOException {
    TokenGate gate = new TokenGate("127.0.0.1", Optional.empty());
    for (String host : List.of("localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1")) {
      assertThat(status(gate, "GET", "/api/config", "Host: " + host)).as(host).isEqualTo("200");
    }
    for (String host : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil:80")) {
      assertThat(status(gate, "GET", "/", "Host: " + host)).as(host).isEqualTo("403");
    }
  }

  @Test
  void withATokenThePageIsThereAndNothingElseIs() throws IOException {
    TokenGate gate = new TokenGate("127.0.0.1", Optional.of(TOKEN));
    String host = "Host: cams.example";
    assertThat(status(gate, "GET", "/", host)).isEqualTo("200");
    assertThat(status(gate, "GET", "/api/config", host)).isEqualTo("401");
    assertThat(status(gate, "GET", "/api/config", host, "Authorization: Bearer wrong"))
        .isEqualTo("401");
    assertThat(status(gate, "GET", "/api/config", host, "Authorization: Bearer " + TOKEN))
        .isEqualTo("200");
    assertThat(gate.login("wrong-token")).isEmpty();
    String cookie = gate.login(TOKEN + "\n").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(status(gate, "GET", "/api/config", host, "Cookie: a=b; " + pair)).isEqualTo("200");
    assertThat(status(gate, "GET", "/api/config", host, "Cookie: " + pair + "x")).isEqualTo("401");
  }

  @Test
  void writesComeFromThePageItself() throws IOException {
    TokenGate gate = new TokenGate("127.0.0.1", Optional.empty());
    String host = "Host: localhost:8080";
    String json = "Content-Type: application/json; charset=utf-8";
    assertThat(status(gate, "PUT", "/api/review", host, json)).isEqualTo("200");
    assertThat(status(gate, "PUT", "/api/review", host, json, "Origin: http://localhost:8080"))
        .isEqualTo("200");
    assertThat(status(gate, "PUT", "/api/review", host, json, "Origin: http://localhost:9999"))
        .isEqualTo("403");
    assertThat(status(gate, "PUT", "/api/review", host, json, "Origin: null")).isEqualTo("403");
    assertThat(status(gate, "PUT", "/api/review", host, "Content-Type: text/plain"))
        .isEqualTo("400");
    assertThat(status(gate, "DELETE", "/api/review", host, "Origin: https://evil.example"))
        .isEqualTo("403");
    assertThat(status(gate, "DELETE", "/api/review", host)).isEqualTo("200");
  }
}
