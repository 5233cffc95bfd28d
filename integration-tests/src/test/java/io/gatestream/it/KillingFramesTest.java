package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Frames whose decoding kills the process, by a fault that breaks native memory, and frames that
 * are being decoded when the process is killed from outside. {@code -Dfaults.seed=N} repeats the
 * choices of a run.
 */
@ExtendWith(GatestreamExtension.class)
class KillingFramesTest {
  private static final String FATAL = "gatestream-fatal-";
  private static final String FAULT = "-Dgatestream.fault.fatal=" + FATAL;

  /** Each decode takes 20 ms more: so frames are being decoded at any time, not in bursts. */
  private static final String SLOW = "-Dgatestream.fault.slow.decoding=20";

  private static final Set<String> STREAMS = Set.of("room", "cat");

  /** The exit code of a process that aborts; the JVM aborts after SIGSEGV. */
  private static final int ABORTED = 134;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void aFrameKillsAnInstanceOnceAndIsRejectedThen(Recorded recorded, Gatestream gatestream) {
    String application = "fatal";
    TopicNames topics = TopicNames.of("fatal-frames", application);
    Kafka kafka = recorded.kafka();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, topics.frames(), STREAMS)) {
      // how streams are mixed differs from recording to recording
      Stream.of("room", "cat")
          .sorted(Comparator.comparingInt(feed::middleOf))
          .forEach(
              stream -> {
                feed.feedTo(feed.middleOf(stream));
                insert(feed, stream, stream.equals("room") ? "SIGSEGV" : "SIGABRT");
              });
      feed.feedAll();
    }
    int deaths = runUntilProcessed(recorded, gatestream, application, topics, "state");
    assertThat(deaths).as("deaths, two frames kill").isBetween(1, 2);

    List<ConsumerRecord<byte[], byte[]>> rejected = kafka.committed(topics.rejected());
    assertThat(
            rejected.stream()
                .collect(
                    Collectors.toMap(
                        record -> new String(record.key(), UTF_8),
                        record -> header(record, "gatestream.reason"))))
        .isEqualTo(Map.of("room", "KILLS_PROCESS", "cat", "KILLS_PROCESS"));
    assertThat(rejected).allMatch(record -> header(record, "gatestream.message").contains("SIG"));
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
    requireOthersLabelled(recorded, kafka.labels(topics));

    String stranger = "fatal-stranger";
    TopicNames strange = TopicNames.of(topics.frames(), stranger);
    deaths = runUntilProcessed(recorded, gatestream, stranger, strange, "other-state");
    assertThat(deaths).as("another state folder learns in the same way").isBetween(1, 2);
    assertThat(kafka.labels(strange).byStream()).isEqualTo(kafka.labels(topics).byStream());
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void framesThatAreBeingDecodedAtAKillAreNotRejected(Recorded recorded, Gatestream gatestream) {
    int kills = Integer.getInteger("faults.journal.kills", 4);
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.println("faults.seed=" + seed);
    String application = "journalled";
    TopicNames topics = TopicNames.of("journalled-frames", application);
    Kafka kafka = recorded.kafka();
    int tried = 0;
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, topics.frames());
        CommittedRecords labels = labels(kafka, topics)) {
      for (int kill = 0; kill < kills; kill++) {
        // far more than is decoded until the kill is seen to: frames are being decoded then
        feed.feedTo(feed.size() / 2 + (kill + 1) * (feed.size() / 2 / (kills + 1)));
        Running victim =
            start(recorded, gatestream, "victim-" + kill, application, topics, "state", SLOW);
        int wanted = labels.count() + 1 + random.nextInt(100);
        Wait.until(
            () -> "label %d, %s".formatted(wanted, victim),
            () -> {
              victim.requireAlive();
              return labels.count() >= wanted;
            });
        victim.kill();
        tried += victim.err().contains("an instance was decoding when it died") ? 1 : 0;
      }
      feed.feedAll();
      Running last = start(recorded, gatestream, "last", application, topics, "state");
      kafka.awaitProcessed(application, topics.frames(), List.of(last));
      tried += last.err().contains("an instance was decoding when it died") ? 1 : 0;
      assertThat(last.terminate()).as(last::tail).isZero();
    }
    System.out.printf("%d of %d kills left positions in the journal%n", tried, kills);
    assertThat(tried).as("kills while a frame was decoded, faults.seed=%d", seed).isPositive();
    assertThat(kafka.committed(topics.rejected())).as("faults.seed=%d", seed).isEmpty();
    kafka.labels(topics).requireEqual(recorded.undisturbed(), "faults.seed=" + seed);
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
  }

  /** Starts an instance again and again until one lives to process everything. */
  private static int runUntilProcessed(
      Recorded recorded,
      Gatestream gatestream,
      String application,
      TopicNames topics,
      String stateFolder) {
    for (int deaths = 0; ; deaths++) {
      Running run =
          start(recorded, gatestream, application + "-" + deaths, application, topics, stateFolder);
      Wait.until(
          () -> "the end of %s or of its records".formatted(run),
          () ->
              !run.isAlive()
                  || (run.err().contains("running: ")
                      && recorded.kafka().uncommitted(application, topics.frames()) == 0));
      if (run.isAlive()) {
        assertThat(run.terminate()).as(run::tail).isZero();
        return deaths;
      }
      assertThat(run.process().exitValue()).as(run::tail).isEqualTo(ABORTED);
      assertThat(deaths).as(run::tail).isLessThan(2);
    }
  }

  private static CommittedRecords labels(Kafka kafka, TopicNames topics) {
    kafka.createTopic(topics.labels(), Recorded.PARTITIONS);
    return new CommittedRecords(kafka, topics.labels());
  }

  private static Running start(
      Recorded recorded,
      Gatestream gatestream,
      String name,
      String application,
      TopicNames topics,
      String stateFolder,
      String... further) {
    Path state = gatestream.folder().resolve("state").resolve(stateFolder);
    List<String> arguments =
        new ArrayList<>(gatestream.runArguments(recorded.bootstrapServers(), application, topics));
    arguments.set(arguments.indexOf("--state-dir") + 1, state.toString());
    String options =
        "-Djava.io.tmpdir=%s %s %s"
            .formatted(
                gatestream.folder().resolve("tmp"), FAULT, String.join(" ", further).strip());
    return gatestream.start(name, Faults.environment(options), arguments);
  }

  /** Puts a killing frame before the next one of a stream; its sequence and time are that one's. */
  private static void insert(Feed feed, String stream, String signal) {
    ConsumerRecord<byte[], byte[]> next = feed.next(stream);
    Frame frame = Kafka.frame(next.value()).orElseThrow();
    feed.insert(
        next,
        Kafka.encode(
            Frame.newBuilder(frame)
                .setEncoding(Encoding.JPEG)
                .setPayload(ByteBuffer.wrap((FATAL + signal).getBytes(UTF_8)))
                .build()));
  }

  private static void requireOthersLabelled(Recorded recorded, Labels found) {
    assertThat(new HashSet<>(found.byStream().keySet())).isEqualTo(STREAMS);
    for (String stream : STREAMS) {
      assertThat(withoutRejected(requireNonNull(found.byStream().get(stream))))
          .as(stream)
          .isEqualTo(
              withoutRejected(requireNonNull(recorded.undisturbed().byStream().get(stream))));
    }
  }

  private static List<FrameLabel> withoutRejected(List<Label> labels) {
    return labels.stream()
        .map(label -> FrameLabel.newBuilder(label.decoded()).setRejected(0).build())
        .toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "(no header " + name + ")" : new String(header.value(), UTF_8);
  }
}
