package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images through Kafka: each a stream, each row a frame, the label of the last row its class. What
 * the stream says is what the same bundle says without Kafka, image by image, so the accuracies are
 * equal: of two GRU layers, and of an LSTM with its two state tensors.
 */
@ExtendWith(GatestreamExtension.class)
class DigitRowsTest {
  /** Of a score from 0 to 1: two builds of ONNX Runtime, six digits in the file. */
  private static final double SCORE_TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(strings = {"digit-rows", "digit-rows-lstm"})
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void streamedAndOfflineAccuracyAreEqual(String name, Kafka kafka, Gatestream gatestream) {
    Digits digits = new Digits(name);
    assertThat(digits.all()).hasSizeGreaterThanOrEqualTo(200);
    TopicNames topics = TopicNames.of(name + "-frames", name);
    kafka.createTopic(topics.frames(), Recorded.PARTITIONS);
    digits.send(kafka, topics.frames());

    Running run =
        gatestream.startRun(
            name, kafka.bootstrapServers(), name, topics, "--model", digits.bundle().toString());
    kafka.awaitProcessed(name, topics.frames(), List.of(run));
    Map<String, List<Label>> labels = kafka.labels(topics).byStream();

    assertThat(run.terminate()).as(run::tail).isZero();
    assertThat(kafka.accountProblems(name, topics)).isEmpty();
    assertThat(labels).hasSameSizeAs(digits.all());
    List<String> different = new ArrayList<>();
    int streamed = 0;
    int offline = 0;
    for (Digits.Digit digit : digits.all()) {
      FrameLabel last = lastRow(digit, labels.getOrDefault(digit.stream(), List.of()));
      LabelScore top = last.getScores().get(0);
      if (!top.getLabel().equals(digit.prediction())
          || Math.abs(top.getScore() - digit.score()) > SCORE_TOLERANCE) {
        different.add("%s, but streamed %s".formatted(digit, top));
      }
      streamed += top.getLabel().equals(digit.truth()) ? 1 : 0;
      offline += digit.prediction().equals(digit.truth()) ? 1 : 0;
    }
    double count = digits.all().size();
    System.out.printf(
        "%s: accuracy %.4f streamed, %.4f offline, %d images%n",
        name, streamed / count, offline / count, digits.all().size());
    assertThat(different).isEmpty();
    assertThat(streamed).as("images whose last label is right").isEqualTo(offline);
    assertThat(offline / count).as("offline accuracy").isGreaterThan(0.95);
  }

  private static FrameLabel lastRow(Digits.Digit digit, List<Label> labels) {
    List<FrameLabel> decoded = labels.stream().map(Label::decoded).toList();
    assertThat(decoded.stream().map(FrameLabel::getSequence))
        .as("rows of %s that have a label", digit.stream())
        .containsExactlyElementsOf(LongStream.range(0, Digits.SIDE).boxed().toList());
    FrameLabel last = decoded.get(Digits.SIDE - 1);
    assertThat(last.getFramesSinceReset()).as(digit.stream()).isEqualTo(Digits.SIDE);
    return last;
  }
}
