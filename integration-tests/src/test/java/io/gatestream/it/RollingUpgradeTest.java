package io.gatestream.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Instances under load are replaced one by one by instances with another bundle. */
@ExtendWith(GatestreamExtension.class)
class RollingUpgradeTest {
  private static final int PER_SECOND = 60;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void anotherModelResetsEachStreamWhereItTakesOver(Recorded recorded, Gatestream gatestream) {
    String application = "rolling";
    TopicNames topics = TopicNames.of("rolling-frames", application);
    Path other = OtherBundles.otherStep(gatestream.folder().resolve("other"));
    Labels expected = roll(recorded, gatestream, application, topics, other);

    Labels found = recorded.kafka().labels(topics);
    assertThat(frames(found)).as("every frame once, in order").isEqualTo(frames(expected));
    assertThat(recorded.kafka().accountProblems(application, topics)).isEmpty();
    Set<String> both = new TreeSet<>();
    found
        .byStream()
        .forEach(
            (stream, labels) -> {
              requireResetsWhereTheModelChanges(stream, labels);
              requireUndisturbedBeforeTheChange(
                  stream, labels, requireNonNull(expected.byStream().get(stream)));
              if (changes(labels) > 0) {
                both.add(stream);
              }
            });
    assertThat(both).as("streams that both models labelled").isNotEmpty();
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void otherNamesOfLabelsResetNothing(Recorded recorded, Gatestream gatestream) {
    String application = "renamed";
    TopicNames topics = TopicNames.of("renamed-frames", application);
    Path other = OtherBundles.otherNames(gatestream.folder().resolve("other"));
    Labels expected = roll(recorded, gatestream, application, topics, other);

    Labels found = recorded.kafka().labels(topics);
    assertThat(found.byStream().values()).as("both bundles").anyMatch(all -> changes(all) > 0);
    assertThat(withOldNames(found)).isEqualTo(withOldNames(expected));
    assertThat(recorded.kafka().accountProblems(application, topics)).isEmpty();
  }

  /** Two instances give way to two with the other bundle; gives what an undisturbed run labels. */
  private static Labels roll(
      Recorded recorded, Gatestream gatestream, String application, TopicNames topics, Path other) {
    Kafka kafka = recorded.kafka();
    Fleet fleet = new Fleet(gatestream, recorded.bootstrapServers(), application, topics);
    Labels expected;
    try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, topics.frames(), PER_SECOND)) {
      fleet.start();
      fleet.start();
      fleet.awaitRunning();
      try (CommittedRecords labels = new CommittedRecords(kafka, topics.labels())) {
        awaitMore(labels, fleet);
        for (int replaced = 0; replaced < 2; replaced++) {
          fleet.terminate(fleet.oldest());
          fleet.start("--model", other.toString());
          fleet.newest().awaitErr("running: ");
          awaitMore(labels, fleet);
        }
      }
      expected = feed.stop(recorded.undisturbed());
      kafka.awaitProcessed(application, topics.frames(), fleet.instances());
    }
    fleet.terminate(fleet.oldest());
    fleet.terminate(fleet.oldest());
    return expected;
  }

  private static void awaitMore(CommittedRecords labels, Fleet fleet) {
    labels.readToEnd();
    int before = labels.count();
    Wait.until(
        () -> "a label more than %d; %s".formatted(before, fleet),
        () -> {
          fleet.requireAlive();
          return labels.count() > before;
        });
  }

  /** A partition may go back to the old model while instances change: then that resets too. */
  private static void requireResetsWhereTheModelChanges(String stream, List<Label> labels) {
    String model = "";
    long sinceReset = 0;
    for (Label label : labels) {
      FrameLabel decoded = label.decoded();
      boolean changed = !model.isEmpty() && !model.equals(decoded.getModel().getFingerprint());
      assertThat(decoded.getReset() == Reset.MODEL_CHANGED)
          .as("%s: reset by the model at %s, before it %s", stream, label, model)
          .isEqualTo(changed);
      sinceReset = decoded.getReset() == Reset.NONE ? sinceReset + 1 : 1;
      assertThat(decoded.getFramesSinceReset()).as("%s %s", stream, label).isEqualTo(sinceReset);
      model = decoded.getModel().getFingerprint();
    }
  }

  private static void requireUndisturbedBeforeTheChange(
      String stream, List<Label> found, List<Label> expected) {
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).decoded().getReset() == Reset.MODEL_CHANGED) {
        return;
      }
      if (found.get(i).decoded().getModel().getVersion().equals(OtherBundles.VERSION)) {
        return; // the new model from its first frame on
      }
      assertThat(found.get(i)).as(stream).isEqualTo(expected.get(i));
    }
  }

  private static int changes(List<Label> labels) {
    int changes = 0;
    for (int i = 1; i < labels.size(); i++) {
      changes += model(labels.get(i)).equals(model(labels.get(i - 1))) ? 0 : 1;
    }
    return changes;
  }

  private static ModelId model(Label label) {
    return label.decoded().getModel();
  }

  /** Stream by stream: which frames were labelled. */
  private static Map<String, List<String>> frames(Labels labels) {
    Map<String, List<String>> frames = new java.util.TreeMap<>();
    labels
        .byStream()
        .forEach(
            (stream, all) ->
                frames.put(
                    stream,
                    all.stream()
                        .map(label -> label.timestamp() + " " + label.decoded().getSequence())
                        .toList()));
    return frames;
  }

  /** Without the model, and with the labels' first names. */
  private static Map<String, List<FrameLabel>> withOldNames(Labels labels) {
    Map<String, List<FrameLabel>> renamed = new java.util.TreeMap<>();
    labels
        .byStream()
        .forEach((stream, all) -> renamed.put(stream, all.stream().map(l -> oldName(l)).toList()));
    return renamed;
  }

  private static FrameLabel oldName(Label label) {
    FrameLabel decoded = label.decoded();
    List<LabelScore> scores = new ArrayList<>();
    for (LabelScore score : decoded.getScores()) {
      scores.add(
          new LabelScore(score.getLabel().replace(OtherBundles.RENAMED, ""), score.getScore()));
    }
    return FrameLabel.newBuilder(decoded)
        .setScores(scores)
        .setModel(new ModelId("", "", ""))
        .setActive(List.of()) // events of other classes begin anew
        .build();
  }
}
