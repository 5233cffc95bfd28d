package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.frame.LabelCodec;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The dashboard in a real browser, on real topics. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DashboardPageTest {
  private static final String HOSTILE = "<img src=x onerror=window.hacked=1>/\"'&%2F";

  @BeforeAll
  static void browser() {
    assumeTrue(Chromium.executable().isPresent(), "no Chromium here");
  }

  private static Running start(
      Gatestream gatestream, String name, Recorded recorded, TopicNames topics, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "dashboard",
                "--bootstrap-servers",
                recorded.bootstrapServers(),
                "--frames-topic",
                topics.frames(),
                "--labels-topic",
                topics.labels(),
                "--events-topic",
                topics.events(),
                "--rejected-topic",
                topics.rejected(),
                "--reviews-topic",
                name.replaceFirst("-again$", "") + "-reviews"));
    Collections.addAll(arguments, more);
    return gatestream.start(name, Map.of(), arguments);
  }

  private static String address(Running dashboard) {
    return dashboard.awaitOut("(http://\\S+:[0-9]+)");
  }

  private static Locator tile(Page page, String stream) {
    return page.locator("[data-stream=" + quoted(stream) + "]");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The wall is open before the application runs, and ends with its last labels. */
  @Test
  void theWallFollowsStreamsWhileTheyRun(Recorded recorded, Gatestream gatestream) {
    String application = "watched";
    TopicNames topics = TopicNames.of(Recorded.FRAMES, application);
    Running dashboard =
        start(gatestream, "wall", recorded, topics, "--port", "0", "--application-id", application);
    try (Chromium browser = Chromium.launch()) {
      Page page = browser.open(address(dashboard));
      page.locator("#connection[data-state=live]").waitFor();
      assertThat(page.locator("[data-stream]").count()).isZero();

      Running run = gatestream.startRun("run", recorded.bootstrapServers(), application, topics);
      recorded
          .undisturbed()
          .byStream()
          .forEach(
              (stream, labels) -> {
                FrameLabel last = labels.get(labels.size() - 1).decoded();
                String label = last.getScores().get(0).getLabel();
                tile(page, stream)
                    .locator(".label")
                    .filter(new Locator.FilterOptions().setHasText(label))
                    .waitFor();
              });
      recorded.kafka().awaitProcessed(application, Recorded.FRAMES, List.of(run));
      page.locator("[data-nav=system]").click();
      page.getByText("stable", new Page.GetByTextOptions().setExact(true)).first().waitFor();
      tileOfPictures(page, recorded);
      browser.requireNoComplaints();
      assertThat(run.terminate()).as(run::tail).isZero();
    }
    assertThat(dashboard.terminate()).as(dashboard::tail).isZero();
    assertThat(dashboard.err()).doesNotContain("\tat ");
  }

  /** Pictures come from the frames topic, those in segments too. */
  private static void tileOfPictures(Page page, Recorded recorded) {
    page.locator("[data-nav=wall]").click();
    for (String stream : recorded.undisturbed().byStream().keySet()) {
      page.waitForFunction(
          "id => { const tile = [...document.querySelectorAll('[data-stream]')]"
              + ".find(t => t.dataset.stream === id); if (!tile) return false;"
              + " const image = tile.querySelector('img');"
              + " return image && image.complete && image.naturalWidth > 40; }",
          stream);
    }
  }

  @Test
  void aReviewOutlastsTheDashboardAndBecomesTruth(Recorded recorded, Gatestream gatestream)
      throws Exception {
    TopicNames topics = recorded.topics();
    Running dashboard = start(gatestream, "review", recorded, topics, "--port", "0");
    String id;
    try (Chromium browser = Chromium.launch()) {
      Page page = browser.open(address(dashboard) + "/#/events");
      Locator row = page.locator("[data-event]").first();
      row.waitFor();
      id = String.valueOf(row.getAttribute("data-event"));
      row.locator("[data-review=RIGHT]").click();
      page.locator(
              "[data-event="
                  + quoted(id)
                  + "] [data-reviewed=RIGHT],"
                  + "[data-event="
                  + quoted(id)
                  + "][data-reviewed=RIGHT]")
          .first()
          .waitFor();
      browser.requireNoComplaints();
      dashboard.kill();
      page.locator("#connection[data-state=reconnecting], #connection[data-state=stale]").waitFor();
    }
    Running again = start(gatestream, "review-again", recorded, topics, "--port", "0");
    String address = address(again);
    Wait.until(
        () -> "the review in the other dashboard", () -> get(address, "/api/reviews").contains(id));
    Path truth = gatestream.folder().resolve("truth.csv");
    Files.writeString(truth, get(address, "/api/truth.csv"));
    assertThat(Files.readAllLines(truth)).hasSize(2);
    assertThat(Truth.read(truth)).isNotNull();
    assertThat(again.terminate()).as(again::tail).isZero();
  }

  @Test
  void aThousandStreamsAndAHostileOneAreShown(Recorded recorded, Gatestream gatestream) {
    TopicNames topics = TopicNames.of("many-frames", "many");
    recorded.kafka().createTopic(topics.labels(), 4);
    recorded.kafka().createTopic(topics.rejected(), 1);
    send(recorded, topics.labels(), 0);
    Running dashboard = start(gatestream, "many", recorded, topics, "--port", "0");
    try (Chromium browser = Chromium.launch()) {
      Page page = browser.open(address(dashboard));
      page.getByText("1,001").first().waitFor();
      assertThat(page.locator("[data-stream]").count()).isBetween(1, 300);

      page.locator("#search").fill("camera-0777");
      tile(page, "camera-0777").waitFor();
      Wait.until(
          () -> "only the stream that is searched",
          () -> page.locator("[data-stream]").count() == 1);
      send(recorded, topics.labels(), 1);
      tile(page, "camera-0777")
          .locator(".label")
          .filter(new Locator.FilterOptions().setHasText("leaving"))
          .waitFor();

      page.locator("#search").fill("onerror");
      Locator hostile = tile(page, HOSTILE);
      hostile.waitFor();
      assertThat(hostile.textContent()).contains(HOSTILE);
      hostile.locator("a").first().click();
      page.locator("#timeline").waitFor();
      assertThat(page.locator("h1").first().textContent()).contains(HOSTILE);
      assertThat(page.evaluate("window.hacked")).isNull();
      browser.requireNoComplaints();
    }
    assertThat(dashboard.terminate()).as(dashboard::tail).isZero();
  }

  @Test
  void othersNeedTheToken(Recorded recorded, Gatestream gatestream) throws Exception {
    Running open =
        start(gatestream, "open", recorded, recorded.topics(), "--host", "0.0.0.0", "--port", "0");
    assertThat(open.awaitExit()).isEqualTo(2);
    assertThat(open.err()).contains("--token-file").doesNotContain("\tat ");

    Path token = gatestream.folder().resolve("token");
    Files.writeString(token, "0123456789abcdef\n");
    Running dashboard =
        start(
            gatestream,
            "closed",
            recorded,
            recorded.topics(),
            "--host",
            "0.0.0.0",
            "--port",
            "0",
            "--token-file",
            token.toString());
    String address = address(dashboard);
    assertThat(get(address, "/api/streams/cat/timeline")).contains("a token is needed");
    try (Chromium browser = Chromium.launch()) {
      Page page = browser.open(address);
      page.locator("#login input").fill("wrong-token");
      page.locator("#login button").click();
      page.locator("#login").getByText("another").waitFor();
      page.locator("#login input").fill("0123456789abcdef");
      page.locator("#login button").click();
      tile(page, "cat").waitFor();
      browser.requireNoComplaints();
    }
    assertThat(dashboard.terminate()).as(dashboard::tail).isZero();
  }

  private static String get(String address, String path) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(address + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A label of each of 1,000 cameras and of a hostile one. */
  private static void send(Recorded recorded, String topic, long sequence) {
    LabelCodec codec = new LabelCodec();
    List<Future<?>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", recorded.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i <= 1_000; i++) {
        String stream = i == 1_000 ? HOSTILE : "camera-%04d".formatted(i);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic, stream.getBytes(UTF_8), codec.encode(label(stream, sequence)))));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static FrameLabel label(String stream, long sequence) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    String first = sequence == 0 ? "coming" : "leaving";
    String second = sequence == 0 ? "leaving" : "coming";
    return FrameLabel.newBuilder()
        .setStreamId(stream)
        .setSession(Instant.ofEpochSecond(1_700_000_000))
        .setSequence(sequence)
        .setCaptureTime(now)
        .setSourceTime(sequence * 1_000_000)
        .setScores(List.of(new LabelScore(first, 0.9f), new LabelScore(second, 0.1f)))
        .setModel(new ModelId("model", "1", "f"))
        .setFramesSinceReset(sequence + 1)
        .setReset(Reset.NONE)
        .setDuplicates(0)
        .setSkipped(0)
        .setRejected(0)
        .build();
  }
}
