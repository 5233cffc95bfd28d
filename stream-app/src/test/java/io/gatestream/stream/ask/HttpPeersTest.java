package io.gatestream.stream.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import io.gatestream.http.WebServer;
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
}
