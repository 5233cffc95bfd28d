package io.gatestream.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What was live is replayed: the labels are the live ones, byte for byte, from transactional
 * producers whose streams lie between each other, after kill -9, and from the middle on. {@code
 * -Dreplay.seed=N} repeats the transactions of a run.
 */
@ExtendWith(GatestreamExtension.class)
class ReplayTest {
  private static final long SEED = Long.getLong("replay.seed", System.nanoTime());

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void aReplayThatIsKilledAndRunAgainGivesTheLiveLabels(Recorded recorded, Gatestream gatestream) {
    TopicNames live = TopicNames.of("replayed-frames", "replayed-live");
    Kafka kafka = recorded.kafka();
    RecordedSessions sessions = sessions(recorded, live);
    // the live one stands still while its states are compared: no stream may be silent meanwhile
    Running run =
        gatestream.startRun(
            "live",
            recorded.bootstrapServers(),
            "replayed-live",
            live,
            "--events-rules",
            EventsOfLabels.rulesWithoutSilence(gatestream.folder()).toString());
    run.awaitErr("running: ");
    kafka.awaitProcessed("replayed-live", live.frames(), List.of(run));
    Labels expected = kafka.labels(live);
    requireResets(expected);
    requireTraces(expected);
    List<String> stateBefore = kafka.footprint("replayed-live", live);

    String[] command = command(gatestream, recorded, live, "whole");
    killAtFirstLabels(kafka, gatestream.start("killed", slowly(command)));
    assertThat(kafka.footprint("replayed-live", live)).isEqualTo(stateBefore);

    sessions.sendNextDay();
    kafka.awaitProcessed("replayed-live", live.frames(), List.of(run));
    List<String> stateAfter = kafka.footprint("replayed-live", live);
    assertThat(stateAfter).isNotEqualTo(stateBefore);

    Running again = gatestream.run("again", command);
    assertThat(again.process().exitValue()).as(again::tail).isZero();
    assertThat(again.err()).contains("going on with the replay");
    kafka.labels(output("whole")).requireEqual(expected, "seed " + SEED);
    assertThat(kafka.footprint("replayed-live", live)).isEqualTo(stateAfter);
    requireNothingLeft(kafka, gatestream, "whole");
    assertThat(EventsOfLabels.problems(kafka, output("whole"))).as("seed %s", SEED).isEmpty();

    Running third = gatestream.run("third", command);
    assertThat(third.process().exitValue()).as(third::tail).isEqualTo(2);
    assertThat(third.err()).contains("whole").contains("not empty");
    run.terminateInTime();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void aRangeFromTheMiddleGivesTheLiveLabelsFromEachFirstResetOn(
      Recorded recorded, Gatestream gatestream) {
    TopicNames live = TopicNames.of("ranged-frames", "ranged-live");
    Kafka kafka = recorded.kafka();
    sessions(recorded, live);
    Running run = gatestream.startRun("live", recorded.bootstrapServers(), "ranged-live", live);
    kafka.awaitProcessed("ranged-live", live.frames(), List.of(run));
    run.terminateInTime();
    Instant from = RecordedSessions.START.plusMillis(800);
    Instant to =
        RecordedSessions.START.plus(RecordedSessions.THIRD.multipliedBy(2)).plusMillis(500);
    String[] range = {"--from", from.toString(), "--to", to.toString()};

    String[] cold = command(gatestream, recorded, live, "cold", range);
    killAtFirstLabels(kafka, gatestream.start("given-up", slowly(cold)));
    Running restarted = gatestream.run("restarted", and(cold, "--restart"));
    assertThat(restarted.process().exitValue()).as(restarted::tail).isZero();
    requireNothingLeft(kafka, gatestream, "cold");
    Labels found = kafka.labels(output("cold"));
    TreeMap<String, List<Label>> expected = new TreeMap<>();
    TreeMap<String, List<Label>> compared = new TreeMap<>();
    within(kafka, live, from, to)
        .forEach(
            (stream, labels) -> {
              List<Label> tail = fromFirstReset(labels);
              List<Label> replayed = found.byStream().getOrDefault(stream, List.of());
              assertThat(replayed).as(stream).hasSizeGreaterThan(tail.size());
              List<Label> end = replayed.subList(replayed.size() - tail.size(), replayed.size());
              boolean counted = stream.equals(RecordedSessions.REPEATED);
              expected.put(stream, counted ? withoutCounts(tail) : tail);
              compared.put(stream, counted ? withoutCounts(end) : end);
            });
    assertThat(expected).hasSizeGreaterThan(5);
    new Labels(compared).requireEqual(new Labels(expected), "cold, seed " + SEED);

    Running warm =
        gatestream.run(
            "warm",
            and(command(gatestream, recorded, live, "warm", range), "--warm-up", "beginning"));
    assertThat(warm.process().exitValue()).as(warm::tail).isZero();
    kafka
        .labels(output("warm"))
        .requireEqual(new Labels(within(kafka, live, from, to)), "warm, seed " + SEED);
    requireNothingLeft(kafka, gatestream, "warm");
    assertThat(EventsOfLabels.problems(kafka, live)).as("seed %s", SEED).isEmpty();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void filesAreReplayedThroughATopicThatIsRemoved(Recorded recorded, Gatestream gatestream) {
    Running files =
        gatestream.run(
            "files",
            "replay",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--state-dir",
            gatestream.folder().resolve("state").toString(),
            "--output",
            "files",
            "--streams",
            "c*",
            "--videos",
            Gatestream.SAMPLES.resolve("cat.mp4").toString(),
            Gatestream.SAMPLES.resolve("beach.mp4").toString());

    assertThat(files.process().exitValue()).as(files::tail).isZero();
    Map<String, List<Label>> labels = recorded.kafka().labels(output("files")).byStream();
    assertThat(labels).containsOnlyKeys("cat");
    assertThat(requireNonNull(labels.get("cat")).stream().map(ReplayTest::withoutTimes))
        .containsExactlyElementsOf(
            requireNonNull(recorded.undisturbed().byStream().get("cat")).stream()
                .map(ReplayTest::withoutTimes)
                .toList());
    assertThat(recorded.kafka().hasTopic("replay-files-frames")).isFalse();
    requireNothingLeft(recorded.kafka(), gatestream, "files");
  }

  private static RecordedSessions sessions(Recorded recorded, TopicNames topics) {
    System.out.println("-Dreplay.seed=" + SEED);
    recorded.kafka().createTopic(topics.frames(), 4);
    RecordedSessions sessions = new RecordedSessions(recorded, topics.frames(), SEED);
    sessions.send();
    assertThat(sessions.aborted()).as("aborted transactions, seed %d", SEED).isPositive();
    return sessions;
  }

  /** The recording is as it is meant: each stream has a gap and a restart. */
  /**
   * Those of the records, and no other header: the replay's labels are compared with these. A
   * segment's record has the time of its first frame.
   */
  private static void requireTraces(Labels labels) {
    labels
        .byStream()
        .forEach(
            (stream, all) -> {
              String trace = "";
              for (Label label : all) {
                String own =
                    RecordedSessions.TRACE
                        + "="
                        + RecordedSessions.trace(label.decoded().getCaptureTime());
                boolean first = trace.isEmpty() || !stream.equals(Recorded.SEGMENTS);
                trace = first || label.headers().contains(own) ? own : trace;
                assertThat(label.headers()).as("%s", label).containsExactly(trace);
              }
            });
  }

  private static void requireResets(Labels labels) {
    labels
        .byStream()
        .forEach(
            (stream, all) ->
                assertThat(all.stream().map(label -> label.decoded().getReset()))
                    .as(stream)
                    .containsOnlyOnce(Reset.FIRST_FRAME, Reset.GAP, Reset.RESTART));
  }

  private static void killAtFirstLabels(Kafka kafka, Running replay) {
    String output = replay.name().equals("killed") ? "whole" : "cold";
    Wait.until(
        () -> "labels in " + output,
        () -> {
          replay.requireAlive();
          return kafka.hasTopic(output) && !kafka.committed(output).isEmpty();
        });
    replay.kill();
    assertThat(kafka.hasTopic("replay-" + output + "-streams-changelog"))
        .as("killed before its end")
        .isTrue();
  }

  private static void requireNothingLeft(Kafka kafka, Gatestream gatestream, String output) {
    assertThat(kafka.topicsOf("replay-" + output)).isEmpty();
    assertThat(kafka.groupsOf("replay-" + output)).isEmpty();
    assertThat(gatestream.folder().resolve("state/replays/replay-" + output)).doesNotExist();
  }

  /** Labels of the frames whose records are of the times; a segment counts by its first frame. */
  private static Map<String, List<Label>> within(
      Kafka kafka, TopicNames live, Instant from, Instant to) {
    Map<String, Long> times = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(live.frames())) {
      Frame frame = Kafka.frame(record.value()).orElseThrow();
      for (int i = 0; i < frame.getFrameCount(); i++) {
        times.put(
            identity(frame.getStreamId(), frame.getSession(), frame.getSequence() + i),
            record.timestamp());
      }
    }
    Map<String, List<Label>> within = new TreeMap<>();
    kafka
        .labels(live)
        .byStream()
        .forEach(
            (stream, all) ->
                within.put(
                    stream,
                    all.stream()
                        .filter(
                            label -> {
                              FrameLabel decoded = label.decoded();
                              long time =
                                  requireNonNull(
                                      times.get(
                                          identity(
                                              stream,
                                              decoded.getSession(),
                                              decoded.getSequence())));
                              return time >= from.toEpochMilli() && time < to.toEpochMilli();
                            })
                        .toList()));
    return within;
  }

  private static String identity(String stream, Instant session, long sequence) {
    return "%s/%s/%d".formatted(stream, session, sequence);
  }

  /** From the first reset on that has a frame before it in the range. */
  private static List<Label> fromFirstReset(List<Label> labels) {
    for (int i = 1; i < labels.size(); i++) {
      if (labels.get(i).decoded().getReset() != Reset.NONE) {
        return labels.subList(i, labels.size());
      }
    }
    throw new AssertionError("no reset in the range: " + labels.get(0));
  }

  private static List<Label> withoutCounts(List<Label> labels) {
    return labels.stream().map(label -> label.with(builder -> builder.setDuplicates(0))).toList();
  }

  private static FrameLabel withoutTimes(Label label) {
    return FrameLabel.newBuilder(label.decoded())
        .setSession(Instant.EPOCH)
        .setCaptureTime(Instant.EPOCH)
        .build();
  }

  private static TopicNames output(String output) {
    return new TopicNames("none", output, output + "-rejected", output + "-events");
  }

  private static String[] command(
      Gatestream gatestream, Recorded recorded, TopicNames live, String output, String... more) {
    return and(
        new String[] {
          "replay",
          "--bootstrap-servers",
          recorded.bootstrapServers(),
          "--frames-topic",
          live.frames(),
          "--state-dir",
          gatestream.folder().resolve("state").toString(),
          "--commit-interval-millis",
          "100",
          "--kafka",
          "session.timeout.ms=6000",
          "--kafka",
          "heartbeat.interval.ms=1500",
          "--output",
          output
        },
        more);
  }

  private static String[] slowly(String[] command) {
    return and(command, "--workers", "0", "--stream-threads", "1");
  }

  private static String[] and(String[] command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
