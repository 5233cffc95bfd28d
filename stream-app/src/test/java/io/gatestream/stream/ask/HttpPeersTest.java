package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import io.gatestream.http.WebServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpPeersTest {
  private final HttpPeers peers = new HttpPeers("mine", Duration.ofMinutes(1));

  private Reply ask(Answer answer) {
    try (WebServer server =
        WebServer.start(
            "http.port",
            "127.0.0.1",
            0,
            List.of(Page.get("/streams/{id}", request -> answer)),
            WebServer.Gate.OPEN)) {
      return peers.ask("127.0.0.1:" + server.port(), "/streams/a%2Fb?local=true").join();
    }
  }

  @Test
  void whatAnInstanceSaysIsTaken() {
    Reply reply = ask(Answer.json("{\"application\":\"mine\",\"lookedThrough\":[1,2]}"));
    assertThat(reply.found()).isTrue();
    assertThat(reply.partitions()).containsExactly(1, 2);
    assertThat(ask(Answer.json(404, "{\"application\":\"mine\",\"error\":\"none\"}")).status())
        .isEqualTo(404);
    Reply tooLarge = ask(Answer.json(413, "{\"error\":\"too large\"}"));
    assertThat(tooLarge.isRefusal()).isTrue();
    assertThat(tooLarge.error()).isEqualTo("too large");
  }

  @Test
  void anotherApplicationAtTheSamePortIsNotBelieved() {
    for (int status : new int[] {200, 404}) {
      Reply reply =
          ask(Answer.json(status, "{\"application\":\"theirs\",\"lookedThrough\":[1,2]}"));
      assertThat(reply.status()).isEqualTo(Refusal.UNAVAILABLE);
      assertThat(reply.error()).isEqualTo("another application answers there");
      assertThat(reply.partitions()).isEmpty();
    }
  }

  @Test
  void whatIsNoGatestreamIsNotBelieved() {
    assertThat(ask(Answer.text("hello")).error()).isEqualTo("what answers there is no Gatestream");
    assertThat(ask(Answer.json("[]")).status()).isEqualTo(Refusal.UNAVAILABLE);
  }

  @Test
  void whoIsNotThereDoesNotAnswer() {
    WebServer gone = WebServer.start("http.port", "127.0.0.1", 0, List.of(), WebServer.Gate.OPEN);
    gone.close();
    Reply reply = peers.ask("127.0.0.1:" + gone.port(), "/streams/a?local=true").join();
    assertThat(reply.status()).isEqualTo(Refusal.UNAVAILABLE);
    assertThat(reply.error()).startsWith("it does not answer");
    assertThat(peers.ask("no address:1", "/").join().error()).contains("http.advertised");
  }

  @Test
  void aBodyThatNeverEndsIsNotWaitedFor() throws IOException {
    HttpPeers hasty = new HttpPeers("mine", Duration.ofSeconds(1));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answerHeadersOnly(socket));
      server.setDaemon(true);
      server.start();
      Reply reply = hasty.ask("127.0.0.1:" + socket.getLocalPort(), "/streams/a").join();
      assertThat(reply.status()).isEqualTo(Refusal.UNAVAILABLE);
      assertThat(reply.error()).isEqualTo("it does not answer in time");
    }
  }

  /** And stays until the other side has gone, which it does once its patience is over. */
  private static void answerHeadersOnly(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(US_ASCII));
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBodyThatIsTooLargeIsNotRead() {
    String fits = "{\"application\":\"mine\",\"x\":\"%s\"}";
    int frame = fits.length() - 2;
    Reply largest = ask(Answer.json(fits.formatted("x".repeat(HttpPeers.MOST_BYTES - frame))));
    assertThat(largest.found()).isTrue();
    Reply larger = ask(Answer.json(fits.formatted("x".repeat(HttpPeers.MOST_BYTES - frame + 1))));
    assertThat(larger.status()).isEqualTo(Refusal.UNAVAILABLE);
    assertThat(larger.error()).contains("more than 16777216 bytes");
  }
}
