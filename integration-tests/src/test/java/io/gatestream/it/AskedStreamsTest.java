package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code /streams} and {@code /streams/ID} of two instances, while frames come and one is killed.
 */
@ExtendWith(GatestreamExtension.class)
class AskedStreamsTest {
  private static final String APPLICATION = "asked";
  private static final TopicNames TOPICS = TopicNames.of("asked-frames", APPLICATION);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The frames of a recorded stream once more, under an id that has everything. */
  private static final String HOSTILE = "a/b?c#d%2Fe +\u00e4\u4e2d\ud83d\ude00\"'../";

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** An answer, and what was asked. */
  private record Asked(String stream, JsonNode json) {}

  private record Response(int status, JsonNode json, String retryAfter) {}

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void answersAreCommittedLabelsWhoeverIsAskedAndWhateverDies(
      Recorded recorded, Gatestream gatestream) throws IOException {
    Kafka kafka = recorded.kafka();
    List<ConsumerRecord<byte[], byte[]>> records =
        withHostileStream(kafka.committed(Recorded.FRAMES));
    Fleet fleet =
        new Fleet(
            gatestream,
            kafka.bootstrapServers(),
            APPLICATION,
            TOPICS,
            "--http-port",
            "0",
            "--events-rules",
            rulesWithoutClock(gatestream.folder()).toString());
    try (Feed feed = Feed.of(kafka, TOPICS.frames(), Recorded.PARTITIONS, records)) {
      fleet.start();
      fleet.start();
      List<String> addresses = new ArrayList<>();
      for (Running instance : fleet.instances()) {
        addresses.add(instance.awaitErr("metrics and health on (http://127\\.0\\.0\\.1:[0-9]+)"));
      }
      fleet.awaitRunning();
      Wait.until(
          () -> "partitions at both instances, not " + kafka.assignment(APPLICATION),
          () -> kafka.assignment(APPLICATION).values().stream().filter(n -> n > 0).count() == 2);

      feed.feedTo(feed.size() / 2);
      kafka.awaitProcessed(APPLICATION, TOPICS.frames(), fleet.instances());
      Labels half = kafka.labels(TOPICS);
      sameAtBoth(half, addresses);
      listed(half, addresses);
      refused(addresses);

      List<Asked> answers = new ArrayList<>();
      feed.feedTo(feed.size() / 2 + feed.size() / 4);
      askAll(half.byStream().keySet(), addresses, answers);
      String survivor = addresses.get(1);
      fleet.kill(fleet.oldest());
      feed.feedAll();
      Set<String> waiting = new HashSet<>(half.byStream().keySet());
      Wait.until(
          () -> "answers of all streams after the kill, not only of others than " + waiting,
          () -> {
            fleet.requireAlive();
            waiting.removeAll(askAll(half.byStream().keySet(), List.of(survivor), answers));
            return waiting.isEmpty() && kafka.uncommitted(APPLICATION, TOPICS.frames()) == 0;
          });
      Labels all = kafka.labels(TOPICS);
      all.of(recorded.undisturbed().byStream().keySet())
          .requireEqual(recorded.undisturbed(), "asked, and one killed");
      assertThat(answers).hasSizeGreaterThan(half.byStream().size());
      answers.forEach(answer -> requireCommitted(answer, all));
      sameAtBoth(all, List.of(survivor));
      fleet.terminate(fleet.newest());
    }
    assertThat(gatestream.crashes()).isEmpty();
  }

  /** The bundle's, but no clock ends events while the test goes on: no label would tell of it. */
  private static Path rulesWithoutClock(Path folder) throws IOException {
    JsonNode model = JSON.readTree(Gatestream.BUNDLE.resolve("model.json").toFile());
    ObjectNode rules = model.path("events").deepCopy();
    rules.put("idleMillis", 3_600_000);
    return Files.writeString(folder.resolve("rules.json"), rules.toString());
  }

  /** With the frames of one stream for another one, which lie in a partition of nobody's choice. */
  private static List<ConsumerRecord<byte[], byte[]>> withHostileStream(
      List<ConsumerRecord<byte[], byte[]>> records) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(records);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (new String(record.key(), UTF_8).equals("cat")) {
        Frame frame =
            Kafka.frame(record.value())
                .map(cat -> Frame.newBuilder(cat).setStreamId(HOSTILE).build())
                .orElseThrow();
        all.add(
            new ConsumerRecord<>(
                record.topic(),
                (record.partition() + 1) % Recorded.PARTITIONS,
                record.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                0,
                HOSTILE.getBytes(UTF_8),
                Kafka.encode(frame),
                record.headers(),
                Optional.empty()));
      }
    }
    return all;
  }

  /** Gives the streams that were answered. */
  private Set<String> askAll(Set<String> streams, List<String> addresses, List<Asked> answers) {
    Set<String> answered = new HashSet<>();
    for (String stream : streams) {
      for (String address : addresses) {
        Response response = get(address + "/streams/" + encoded(stream));
        if (response.status() == 200) {
          answers.add(new Asked(stream, response.json()));
          answered.add(stream);
        } else {
          assertThat(response.status()).as(response.toString()).isEqualTo(503);
          assertThat(response.retryAfter()).isEqualTo("1");
          assertThat(response.json().path("error").asText()).isNotEmpty();
        }
      }
    }
    return answered;
  }

  private void sameAtBoth(Labels labels, List<String> addresses) {
    Set<String> instances = new TreeSet<>();
    labels
        .byStream()
        .forEach(
            (stream, ofStream) -> {
              FrameLabel last = ofStream.get(ofStream.size() - 1).decoded();
              Set<JsonNode> answers = new HashSet<>();
              for (String address : addresses) {
                Response response = awaitLabel(address, stream);
                requireCommitted(new Asked(stream, response.json()), labels);
                assertThat(response.json().path("lastLabel").path("sequence").asLong())
                    .as(stream)
                    .isEqualTo(last.getSequence());
                assertThat(response.json().path("tensors").get(0).path("values")).isNotEmpty();
                answers.add(response.json());
                instances.add(response.json().path("instance").asText());
              }
              assertThat(answers).as(stream).hasSize(1);
            });
    assertThat(instances).as("who answered").hasSize(addresses.size());
  }

  /** On a slow machine the first label takes longer to find than the pages wait. */
  private Response awaitLabel(String address, String stream) {
    List<Response> responses = new ArrayList<>();
    Wait.until(
        () -> "the label of %s, not %s".formatted(stream, responses),
        () -> {
          Response response = get(address + "/streams/" + encoded(stream) + "?tensors=true");
          assertThat(response.status()).as(response.toString()).isEqualTo(200);
          responses.clear();
          responses.add(response);
          return response.json().path("lastLabel").isObject();
        });
    return responses.get(0);
  }

  /** Everything in the answer is what the label of that sequence says, and the label is there. */
  private static void requireCommitted(Asked asked, Labels labels) {
    JsonNode json = asked.json();
    String context = asked.stream() + ": " + json;
    assertThat(json.path("streamId").asText()).as(context).isEqualTo(asked.stream());
    Instant time = Instant.parse(json.path("lastLabelTime").asText());
    FrameLabel label =
        labels.byStream().getOrDefault(asked.stream(), List.of()).stream()
            .map(Label::decoded)
            .filter(one -> one.getCaptureTime().equals(time))
            .findFirst()
            .orElseThrow(() -> new AssertionError("not committed: " + context));
    assertThat(json.path("framesSinceReset").asLong())
        .as(context)
        .isEqualTo(label.getFramesSinceReset());
    assertThat(Instant.parse(json.path("session").asText())).isEqualTo(label.getSession());
    // frames may have been skipped since
    assertThat(json.path("sequence").asLong())
        .as(context)
        .isGreaterThanOrEqualTo(label.getSequence());
    assertThat(json.path("duplicates").asLong()).as(context).isEqualTo(label.getDuplicates());
    assertThat(json.path("rejected").asLong()).as(context).isEqualTo(label.getRejected());
    assertThat(json.path("skipped").asLong())
        .as(context)
        .isEqualTo(label.getSkipped() + json.path("sequence").asLong() - label.getSequence());
    List<String> active = new ArrayList<>();
    json.path("active").forEach(one -> active.add(one.asText()));
    assertThat(active).as(context).isEqualTo(label.getActive());
    assertThat(Micros.of(time)).isEqualTo(Micros.of(label.getCaptureTime()));
    JsonNode last = json.path("lastLabel");
    if (last.isNull()) {
      assertThat(json.path("noLastLabel").asText()).as(context).isNotEmpty();
      return;
    }
    assertThat(last.path("sequence").asLong()).as(context).isEqualTo(label.getSequence());
    assertThat(last.path("scores").get(0).path("label").asText())
        .as(context)
        .isEqualTo(label.getScores().get(0).getLabel());
    assertThat((float) last.path("scores").get(0).path("score").asDouble())
        .as(context)
        .isEqualTo(label.getScores().get(0).getScore());
    assertThat(last.path("reset").asText()).as(context).isEqualTo(label.getReset().name());
  }

  /** All streams once, in pages of two, from whoever is asked. */
  private void listed(Labels labels, List<String> addresses) {
    List<Map<String, JsonNode>> found = new ArrayList<>();
    for (String address : addresses) {
      Map<String, JsonNode> lines = new LinkedHashMap<>();
      String next = "/streams?limit=2";
      while (!next.isEmpty()) {
        Response page = get(address + next);
        assertThat(page.status()).as(page.toString()).isEqualTo(200);
        assertThat(page.json().path("missing")).isEmpty();
        assertThat(page.json().path("missingPartitions")).isEmpty();
        page.json()
            .path("streams")
            .forEach(line -> lines.put(line.path("streamId").asText(), line));
        next = page.json().path("next").isNull() ? "" : page.json().path("next").asText();
      }
      assertThat(lines.keySet()).containsExactlyInAnyOrderElementsOf(labels.byStream().keySet());
      found.add(lines);
    }
    assertThat(found.get(0)).isEqualTo(found.get(1));
    Set<String> here = new TreeSet<>();
    for (String address : addresses) {
      get(address + "/streams?local=true&limit=1000")
          .json()
          .path("streams")
          .forEach(line -> assertThat(here.add(line.path("streamId").asText())).isTrue());
    }
    assertThat(here).isEqualTo(labels.byStream().keySet());
  }

  private void refused(List<String> addresses) {
    for (String address : addresses) {
      Response unknown = get(address + "/streams/no-such-stream");
      assertThat(unknown.status()).as(unknown.toString()).isEqualTo(404);
      assertThat(unknown.json().path("error").asText())
          .isEqualTo("no stream 'no-such-stream' in any partition");
      assertThat(get(address + "/streams?limit=0").status()).isEqualTo(400);
      assertThat(get(address + "/streams/cat?tensors=maybe").status()).isEqualTo(400);
      assertThat(get(address + "/trouble").status()).isEqualTo(200);
    }
  }

  private static String encoded(String stream) {
    return URLEncoder.encode(stream, UTF_8).replace("+", "%20");
  }

  private Response get(String address) {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofMinutes(1)).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(response.body());
      assertThat(json).as(response.body()).isInstanceOf(ObjectNode.class);
      return new Response(
          response.statusCode(), json, response.headers().firstValue("retry-after").orElse(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
