package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The group protocol that brokers run for Kafka Streams, chosen in a settings file. */
@ExtendWith(GatestreamExtension.class)
class StreamsGroupTest {
  private static final String APPLICATION = "streams-group";
  private static final TopicNames TOPICS = TopicNames.of("streams-group-frames", APPLICATION);
  private static final String TRIED = "records that an instance was decoding when it died";

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void afterAKillWhileDecodingItStartsAgainAndTheOtherCommandsTakeTheFile(
      Recorded recorded, Gatestream gatestream) throws IOException {
    Path file = gatestream.folder().resolve("run.properties");
    Files.writeString(
        file,
        """
        bootstrap.servers=%s
        frames.topic=%s
        labels.topic=%s
        rejected.topic=%s
        application.id=%s
        state.dir=%s
        create.topics=true
        kafka.group.protocol=streams
        kafka.task.timeout.ms=60000
        """
            .formatted(
                recorded.bootstrapServers(),
                TOPICS.frames(),
                TOPICS.labels(),
                TOPICS.rejected(),
                APPLICATION,
                gatestream.folder().resolve("state")));
    Kafka kafka = recorded.kafka();
    kafka.createTopic(TOPICS.labels(), Recorded.PARTITIONS);
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames());
        CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
      Running victim =
          gatestream.start(
              "killed",
              Faults.environment("-Dgatestream.fault.slow.decoding=100"),
              List.of("run", "--config", file.toString()));
      feed.feedAll();
      Wait.until(
          () -> "a label, %s".formatted(victim),
          () -> {
            victim.requireAlive();
            return labels.count() > 0;
          });
      victim.kill();
      Running run = gatestream.start("run", "run", "--config", file.toString());
      run.awaitErr("running: ");
      assertThat(run.err()).contains(TRIED);
      kafka.awaitProcessed(APPLICATION, TOPICS.frames(), List.of(run));
      assertThat(run.err()).doesNotContain("cannot be tried");
      run.terminateInTime();
    }
    kafka.labels(TOPICS).requireEqual(recorded.undisturbed(), "killed in a streams group");

    Running printed = command(gatestream, "labels", file, "--format", "json");
    assertThat(printed.process().exitValue()).as(printed::tail).isZero();
    assertThat(printed.out().lines()).hasSize(Math.toIntExact(recorded.undisturbed().count()));
    String output = APPLICATION + "-replayed";
    Running replayed = command(gatestream, "replay", file, "--output", output);
    assertThat(replayed.process().exitValue()).as(replayed::tail).isZero();
    kafka
        .labels(new TopicNames(TOPICS.frames(), output, output + "-rejected", output + "-events"))
        .requireEqual(recorded.undisturbed(), "replayed");
  }

  private static Running command(
      Gatestream gatestream, String command, Path file, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, "--config", file.toString()));
    all.addAll(List.of(arguments));
    Running running = gatestream.start(command, Map.of(), all);
    running.awaitExit(2 * Running.PATIENCE_SECONDS); // the replay labels everything once more
    return running;
  }
}
