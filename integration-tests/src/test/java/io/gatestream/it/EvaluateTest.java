package io.gatestream.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.evaluate.Accuracy;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.frame.LabelCodec;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code evaluate} on the sample clips and on the labels of the undisturbed run. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class EvaluateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path TRUTH = Gatestream.SAMPLES.resolve("truth.csv");
  private static final LabelCodec CODEC = new LabelCodec();

  @Test
  void clipsAreScoredAsTheDemoCountsThem(Recorded recorded, Gatestream gatestream)
      throws IOException {
    Accuracy expected = accuracy(recorded, stream -> true);

    Running run =
        evaluate(
            gatestream, "--videos", Gatestream.SAMPLES.toString(), "--truth", TRUTH.toString());

    JsonNode metrics = requireScored(run, gatestream);
    requireAccuracy(metrics, expected, run);
    JsonNode account = metrics.get("account");
    long frames = expected.total().raw().frames();
    assertThat(account.get("framesIn").asLong()).isEqualTo(frames);
    assertThat(account.get("labels").asLong()).isEqualTo(frames);
    assertThat(account.get("open").asLong()).isZero();
    assertThat(account.get("labelsPerSecond").asDouble()).isPositive();
    assertThat(account.get("delayMedianSeconds").asDouble()).isPositive();
    assertThat(page(gatestream)).contains("data:image/jpeg;base64,");
  }

  @Test
  void labelsOfATopicAreScoredAndWhatIsNotInTheTruthIsListed(
      Recorded recorded, Gatestream gatestream) throws IOException {
    Running run =
        evaluate(
            gatestream,
            ofTopic(
                recorded,
                recorded.topics().labels(),
                TRUTH,
                "--model",
                Gatestream.BUNDLE.toString(),
                "--frames",
                Recorded.FRAMES,
                "--rejected",
                recorded.topics().rejected()));

    JsonNode metrics = requireScored(run, gatestream);
    requireAccuracy(metrics, accuracy(recorded, stream -> !stream.equals(Recorded.SEGMENTS)), run);
    assertThat(metrics.get("account").get("labels").asLong())
        .isEqualTo(recorded.undisturbed().count());
    assertThat(metrics.get("notes").toString()).contains(Recorded.SEGMENTS);
    assertThat(run.out()).contains(Recorded.SEGMENTS);
    assertThat(page(gatestream)).contains("data:image/jpeg;base64,");
  }

  @Test
  void picturesComeOutOfSegmentsToo(Recorded recorded, Gatestream gatestream) throws IOException {
    Path truth = gatestream.folder().resolve("truth.csv");
    Files.writeString(truth, Files.readString(TRUTH).replace("\ncat,", "\nsegments-cat,"));

    Running run =
        evaluate(
            gatestream,
            ofTopic(
                recorded,
                recorded.topics().labels(),
                truth,
                "--frames",
                Recorded.FRAMES,
                "--streams",
                "segments-*"));

    JsonNode metrics = requireScored(run, gatestream);
    assertThat(metrics.get("streams").size()).isEqualTo(1);
    assertThat(page(gatestream))
        .contains("data:image/jpeg;base64,")
        .doesNotContain("\"image\":null");
  }

  @Test
  void whatCannotBeScoredIsListedAndTheRestIsScored(Recorded recorded, Gatestream gatestream)
      throws IOException {
    Path truth = gatestream.folder().resolve("truth.csv");
    Files.writeString(
        truth,
        """
        stream,start,end,label
        cat,0,2,still
        cat,1,3,left
        cat,5,6,right
        cat,900,901,right
        cat,7,8,sideways
        nobody,0,1,still
        """);

    Running run =
        evaluate(
            gatestream,
            ofTopic(
                recorded,
                recorded.topics().labels(),
                truth,
                "--model",
                Gatestream.BUNDLE.toString(),
                "--streams",
                "cat"));

    JsonNode metrics = requireScored(run, gatestream);
    // 0..1, 2..3 and 5..6 s at 10 frames a second; the bundle has no background
    assertThat(metrics.get("frames").asLong()).isEqualTo(30);
    assertThat(metrics.get("notes").toString())
        .contains("nobody")
        .contains("sideways")
        .contains("900")
        .containsPattern("overlap|at once");
    assertThat(page(gatestream)).contains("nobody").contains("sideways");
  }

  @Test
  void labelsThatTheTopicHasLostAreCounted(Recorded recorded, Gatestream gatestream)
      throws IOException {
    String topic = "labels-with-holes";
    copy(
        recorded,
        topic,
        label -> {
          boolean compacted =
              label.getStreamId().equals("room")
                  && label.getSequence() >= 20
                  && label.getSequence() < 25;
          return compacted ? List.of() : List.of(label);
        });
    // beach comes first
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", recorded.bootstrapServers()))) {
      Kafka.get(
          admin
              .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(10)))
              .all());
    }

    Running run = evaluate(gatestream, ofTopic(recorded, topic, TRUTH));

    String notes = requireScored(run, gatestream).get("notes").toString();
    assertThat(notes)
        .contains("stream 'beach': at least 10 labels are no longer in the topic")
        .contains("stream 'room': at least 5 labels are no longer in the topic")
        .contains("no longer has the first records of partition 0")
        .doesNotContain("stream 'cat'");
  }

  @Test
  void aBundleAgreesWithTheLabelsThatProductionWrote(Recorded recorded, Gatestream gatestream)
      throws IOException {
    Running run =
        evaluate(
            gatestream,
            "--compare",
            "topic:" + recorded.topics().labels(),
            Gatestream.BUNDLE.toString(),
            "--videos",
            Gatestream.SAMPLES.resolve("room.mp4").toString(),
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--streams",
            "room",
            "--model",
            Gatestream.BUNDLE.toString(),
            "--truth",
            TRUTH.toString());

    JsonNode comparison = requireScored(run, gatestream).get("comparison");
    assertThat(comparison.get("streams").toString()).isEqualTo("[\"room\"]");
    assertThat(comparison.get("differences")).as(comparison::toString).isEmpty();
    assertThat(run.out()).contains("the predicted labels do not differ");
  }

  @Test
  void stretchesInWhichTwoTopicsDifferAreListed(Recorded recorded, Gatestream gatestream)
      throws IOException {
    String topic = "labels-of-another-opinion";
    copy(
        recorded,
        topic,
        label -> List.of(label.getStreamId().equals("cat") ? saying(label, "up") : label));

    Running run =
        evaluate(
            gatestream,
            "--compare",
            "topic:" + recorded.topics().labels(),
            "topic:" + topic,
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--truth",
            TRUTH.toString());

    JsonNode comparison = requireScored(run, gatestream).get("comparison");
    assertThat(comparison.get("differences")).isNotEmpty();
    for (JsonNode difference : comparison.get("differences")) {
      assertThat(difference.get("stream").asText()).isEqualTo("cat");
      assertThat(difference.get("b").toString()).isEqualTo("[\"up\"]");
    }
    JsonNode accuracy = comparison.get("metrics").get(0);
    assertThat(accuracy.get("difference").asDouble()).as(accuracy::toString).isNegative();
    assertThat(accuracy.get("low").asDouble()).isNegative();
    assertThat(page(gatestream)).contains("Where they differ");
  }

  @Test
  void mistakesOfUseAreSaidTogetherBeforeAnythingRuns(Gatestream gatestream) {
    Running nothing = evaluate(gatestream, "--truth", TRUTH.toString(), "--frames", "frames");

    assertThat(nothing.process().exitValue()).as(nothing::tail).isEqualTo(2);
    assertThat(nothing.err()).contains("--videos", "--labels", "--frames frames");
    assertThat(nothing.err()).doesNotContain("\tat ");
    assertThat(nothing.out()).isEmpty();
  }

  @Test
  void aTruthFileThatIsNotThereIsNamed(Gatestream gatestream) {
    Running run =
        evaluate(
            gatestream, "--videos", Gatestream.SAMPLES.toString(), "--truth", "no-such-truth.csv");

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains("no-such-truth.csv").doesNotContain("\tat ");
  }

  @Test
  void aTruthOfOtherStreamsIsAnError(Recorded recorded, Gatestream gatestream) throws IOException {
    Path truth = gatestream.folder().resolve("truth.csv");
    Files.writeString(truth, "stream,start,end,label\nnobody,0,1,still\n");

    Running run = evaluate(gatestream, ofTopic(recorded, recorded.topics().labels(), truth));

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(1);
    assertThat(run.err()).contains("could be scored").contains("nobody").doesNotContain("\tat ");
  }

  private static String[] ofTopic(Recorded recorded, String topic, Path truth, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--labels",
                topic,
                "--bootstrap-servers",
                recorded.bootstrapServers(),
                "--truth",
                truth.toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Running evaluate(Gatestream gatestream, String... arguments) {
    List<String> all = new ArrayList<>(List.of("evaluate"));
    all.addAll(List.of("--report", gatestream.folder().resolve("report").toString()));
    all.addAll(List.of(arguments));
    return gatestream.run("evaluate", all.toArray(String[]::new));
  }

  private static JsonNode requireScored(Running run, Gatestream gatestream) throws IOException {
    assertThat(run.process().exitValue()).as(run::tail).isZero();
    assertThat(run.err()).doesNotContain("\tat ", "ERROR", "retrying");
    return JSON.readTree(gatestream.folder().resolve("report/metrics.json").toFile());
  }

  private static String page(Gatestream gatestream) throws IOException {
    return Files.readString(gatestream.folder().resolve("report/report.html"));
  }

  private static Accuracy accuracy(Recorded recorded, Predicate<String> streams) {
    Accuracy accuracy = new Accuracy(Truth.read(TRUTH));
    recorded.undisturbed().byStream().entrySet().stream()
        .filter(stream -> streams.test(stream.getKey()))
        .flatMap(stream -> stream.getValue().stream())
        .forEach(label -> accuracy.add(label.decoded()));
    return accuracy;
  }

  private static void requireAccuracy(JsonNode metrics, Accuracy expected, Running run) {
    Accuracy.Count raw = expected.total().raw();
    assertThat(metrics.get("frames").asLong()).isEqualTo(raw.frames());
    assertThat(metrics.get("frameAccuracy").asDouble())
        .isCloseTo(raw.ratio().orElseThrow(), within(1e-12));
    for (JsonNode stream : metrics.get("streams")) {
      Accuracy.Count own =
          requireNonNull(expected.byStream().get(stream.get("stream").asText())).raw();
      assertThat(stream.get("frameAccuracy").asDouble())
          .as(stream::toString)
          .isCloseTo(own.ratio().orElseThrow(), within(1e-12));
    }
    Accuracy.Count settled = expected.total().settled();
    assertThat(run.out())
        .contains(
            String.format(
                Locale.ROOT,
                "%.1f %% of %d",
                100 * settled.ratio().orElseThrow(),
                settled.frames()));
  }

  /** The undisturbed labels in a new topic, each as what {@code change} makes of it. */
  @SuppressWarnings("FutureReturnValueIgnored") // the test reads what was sent
  private static void copy(
      Recorded recorded,
      String topic,
      java.util.function.Function<FrameLabel, List<FrameLabel>> change) {
    recorded.kafka().createTopic(topic, 1);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", recorded.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (List<Label> stream : recorded.undisturbed().byStream().values()) {
        for (Label label : stream) {
          for (FrameLabel changed : change.apply(label.decoded())) {
            producer.send(
                new ProducerRecord<>(
                    topic, 0, label.timestamp(), Label.key(label.key()), CODEC.encode(changed)));
          }
        }
      }
    }
  }

  /** The label with {@code best} at the top, sure of it. */
  private static FrameLabel saying(FrameLabel label, String best) {
    List<LabelScore> scores = new ArrayList<>();
    for (LabelScore score : label.getScores()) {
      boolean top = score.getLabel().equals(best);
      LabelScore changed = new LabelScore(score.getLabel(), top ? 1f : 0f);
      scores.add(top ? 0 : scores.size(), changed);
    }
    return FrameLabel.newBuilder(label).setScores(scores).build();
  }
}
