package io.gatestream.stream.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.KafkaAccess;
import io.gatestream.http.WebServer;
import io.gatestream.model.StateSpec;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages over HTTP, of one instance with one partition. */
class StreamPagesTest {
  private final OpenTasks tasks = new OpenTasks();
  private final StreamPages pages =
      new StreamPages(
          new StreamPages.Parts(
              "app",
              1,
              KafkaAccess.of("nowhere:1"),
              "labels",
              List.of(new StateSpec("h", "h_next", List.of(1, 2), List.of())),
              "",
              Duration.ofMinutes(5),
              tasks));
  private final WebServer server =
      WebServer.start("http.port", "127.0.0.1", 0, pages.pages(), WebServer.Gate.OPEN);
  private final HttpClient client = HttpClient.newHttpClient();

  /** How many questions have read the store. */
  private final Semaphore reads = new Semaphore(0);

  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile float[] tensor = {1.5f, -2};
  private volatile boolean holds;

  @AfterEach
  void close() {
    goOn.countDown();
    server.close();
    pages.close();
  }

  private void connect() {
    tasks.open(0);
    pages.connect(
        new StreamStore() {
          @Override
          public Optional<StreamState> get(int partition, Bytes id) {
            if (holds) {
              reads.release();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
            return StateJson.id(id).equals("door")
                ? Optional.of(new StreamState(StreamProgress.START, new float[][] {tensor}, -1))
                : Optional.empty();
          }

          @Override
          public List<StoredStream> range(int partition, Optional<Bytes> after, int limit) {
            return List.of();
          }
        },
        new Instances() {
          @Override
          public String self() {
            return "a:1";
          }

          @Override
          public List<String> others() {
            return List.of();
          }

          @Override
          public Optional<Home> homeOf(Bytes id) {
            return Optional.of(new Home(0, "a:1"));
          }
        });
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void beforeTheInstanceJoinsItSaysThatItStarts() throws IOException, InterruptedException {
    for (String path : List.of("/streams", "/streams/door", "/streams/door?local=true")) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).contains("1");
      assertThat(response.body()).contains("this instance starts");
    }
  }

  @Test
  void tensorsHaveNamesAndShapes() throws IOException, InterruptedException {
    connect();
    assertThat(get("/streams/door?tensors=true").body())
        .contains("\"tensors\":[{\"name\":\"h\",\"shape\":[1,2],\"values\":[1.5,-2.0]}]");
    assertThat(get("/streams/door").body()).doesNotContain("tensors").contains("\"session\":null");
  }

  @Test
  void aStateThatIsTooLargeIsRefusedWithItsTensorsOnly() throws IOException, InterruptedException {
    connect();
    tensor = new float[StateJson.MOST_NUMBERS + 1];
    HttpResponse<String> refused = get("/streams/door?tensors=true");
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("65537").contains("65536");
    assertThat(get("/streams/door").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsWrongInTheAddressIsNamed() throws IOException, InterruptedException {
    connect();
    for (String wrong : List.of("0", "1001", "-1", "many", "")) {
      HttpResponse<String> response = get("/streams?limit=" + wrong);
      assertThat(response.statusCode()).as(wrong).isEqualTo(400);
      assertThat(response.body()).contains("give 1 to 1000");
    }
    assertThat(get("/streams/door?local=perhaps").statusCode()).isEqualTo(400);
    assertThat(get("/streams/nobody").statusCode()).isEqualTo(404);
  }

  @Test
  void fewQuestionsAtOnceAreAnsweredAndInstancesHavePlacesOfTheirOwn()
      throws IOException, InterruptedException {
    connect();
    holds = true;
    List<CompletableFuture<HttpResponse<String>>> held =
        List.of(
            client.sendAsync(request("/streams/door"), HttpResponse.BodyHandlers.ofString()),
            client.sendAsync(request("/streams/door"), HttpResponse.BodyHandlers.ofString()));
    reads.acquire(2);
    HttpResponse<String> busy = get("/streams/door");
    assertThat(busy.statusCode()).isEqualTo(503);
    assertThat(busy.body()).contains("2 questions");
    assertThat(get("/streams?local=true").statusCode()).isEqualTo(200);
    goOn.countDown();
    held.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    assertThat(get("/streams/door").statusCode()).isEqualTo(200);
  }
}
