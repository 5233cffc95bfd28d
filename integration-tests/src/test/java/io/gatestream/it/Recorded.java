package io.gatestream.it;

import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What all tests share: a broker in a JVM of its own, the sample clips as frames, and the labels of
 * an undisturbed run. Made when the first test asks, closed after the last.
 */
final class Recorded implements AutoCloseable {
  static final String FRAMES = "frames";
  static final int PARTITIONS = 6;

  /** The stream that comes as H.264 segments. */
  static final String SEGMENTS = "segments-cat";

  private static final String UNDISTURBED = "undisturbed";
  private static final TopicNames TOPICS = TopicNames.of(FRAMES, UNDISTURBED);

  private final Gatestream gatestream = new Gatestream("shared");
  private final Kafka kafka;
  private final Labels undisturbed;

  Recorded() {
    try {
      kafka = new Kafka(startBroker());
      ingest("ingest", Gatestream.SAMPLES.toString());
      ingest(
          "ingest-segments",
          "--encoding",
          "h264",
          "--stream",
          SEGMENTS,
          Gatestream.SAMPLES.resolve("cat.mp4").toString());
      undisturbed = label();
    } catch (RuntimeException | Error e) {
      System.err.println(gatestream.tails());
      gatestream.close();
      throw e;
    }
  }

  static Recorded of(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Recorded.class))
        .getOrComputeIfAbsent(Recorded.class);
  }

  private String startBroker() {
    Running broker =
        gatestream.start(
            "broker",
            "broker",
            "--port",
            "0",
            "--data",
            gatestream.folder().resolve("kafka").toString());
    return broker.awaitOut("listening on (\\S+)");
  }

  private void ingest(String name, String... arguments) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "ingest",
                "--bootstrap-servers",
                kafka.bootstrapServers(),
                "--frames-topic",
                FRAMES,
                "--create-topics",
                "--partitions",
                Integer.toString(PARTITIONS)));
    all.addAll(List.of(arguments));
    Running ingest = gatestream.run(name, all.toArray(String[]::new));
    Assertions.assertThat(ingest.process().exitValue()).as(ingest::tail).isZero();
  }

  private Labels label() {
    Running run = gatestream.startRun(UNDISTURBED, kafka.bootstrapServers(), UNDISTURBED, TOPICS);
    run.awaitErr("running: ");
    kafka.awaitProcessed(UNDISTURBED, FRAMES, List.of(run));
    Assertions.assertThat(run.terminate()).as(run::tail).isZero();
    Assertions.assertThat(kafka.accountProblems(UNDISTURBED, TOPICS)).isEmpty();
    return kafka.labels(TOPICS);
  }

  Kafka kafka() {
    return kafka;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** The topics of the undisturbed run. */
  TopicNames topics() {
    return TOPICS;
  }

  Labels undisturbed() {
    return undisturbed;
  }

  @Override
  public void close() {
    kafka.close();
    gatestream.close();
    Folders.delete(gatestream.folder().resolve("kafka"));
  }
}
