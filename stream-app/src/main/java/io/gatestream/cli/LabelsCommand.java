package io.gatestream.cli;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import io.gatestream.labels.StreamGlob;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the committed labels of a topic. */
@Command(
    name = "labels",
    mixinStandardHelpOptions = true,
    description = {
      "Prints committed labels: those of open or aborted transactions are never shown.",
      "Without --follow it ends with the last label that was committed when it started."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream labels --bootstrap-servers localhost:9092",
      "  ./gatestream labels --bootstrap-servers localhost:9092 --follow --from end",
      "  ./gatestream labels --bootstrap-servers localhost:9092 --stream 'door-*' --limit 20",
      "  ./gatestream labels --bootstrap-servers localhost:9092 --format json --from 2026-11-01T09:30:00Z"
    })
final class LabelsCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofMillis(250);

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(names = "--follow", description = "Go on with new labels until Ctrl-C.")
  boolean follow;

  @Option(
      names = "--format",
      paramLabel = "table|json",
      description = "An aligned table, or one JSON object a line with all fields. Default: table.")
  LabelFormat.Kind format = LabelFormat.Kind.TABLE;

  @Option(
      names = "--from",
      paramLabel = "beginning|end|TIME",
      description =
          "Where to start; a time is ISO-8601 with its zone and means capture time. Default: beginning.")
  String from = "beginning";

  @Option(
      names = "--stream",
      paramLabel = "GLOB",
      description = "Only streams whose id matches: * is any text, ? one character.")
  String stream = "*";

  @Option(names = "--limit", paramLabel = "N", description = "End after N labels.")
  Optional<Long> limit = Optional.empty();

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description = "The topic to read. Default: labels.")
  Optional<String> topic = Optional.empty();

  @Override
  public Integer call() {
    long remaining = limit.orElse(Long.MAX_VALUE);
    if (remaining < 1) {
      throw new ConfigException("--limit is %d: give 1 or more".formatted(remaining));
    }
    StartPoint start = StartPoint.parse(from);
    Map<String, String> flags = new LinkedHashMap<>(kafka.flags());
    topic.ifPresent(name -> flags.put(RunSettings.LABELS_TOPIC.key(), name));
    Settings settings = ConfigLoader.load(kafka.file, System.getenv(), flags);
    String labels = settings.get(RunSettings.LABELS_TOPIC);

    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    LabelCodec codec = new LabelCodec();
    try (Interrupts interrupts = Interrupts.install();
        LabelReader reader =
            LabelReader.open(settings.kafkaAccess(), labels, start, codec::decode, line -> {})) {
      interrupts.onRequest(reader::stop);
      print(reader, remaining, out);
      tellForeign(reader);
    }
    return Main.DONE;
  }

  /** Ends at the limit, at the end, when the reader is closed or when nobody reads any more. */
  private void print(LabelReader reader, long limit, PrintWriter out) {
    LabelFormat lines =
        switch (format) {
          case TABLE -> new LabelTable(Terminal.detect());
          case JSON -> new LabelJson();
        };
    StreamGlob glob = StreamGlob.of(stream);
    long remaining = limit;
    boolean told = false;
    while (remaining > 0 && !reader.closed() && (follow || !reader.caughtUp())) {
      List<ReadLabel> labels =
          reader.poll(WAIT).stream()
              .filter(label -> follow || reader.beforeEnd(label))
              .filter(label -> glob.test(label.label().getStreamId()))
              .limit(remaining)
              .toList();
      remaining -= labels.size();
      lines.lines(labels).forEach(out::println);
      if (out.checkError()) {
        return; // a closed pipe, as under | head
      }
      reader.foreign().requireLabels(!follow && reader.caughtUp());
      if (follow && !told && reader.caughtUp()) {
        told = true;
        tellForeign(reader);
      }
    }
  }

  private static void tellForeign(LabelReader reader) {
    reader.foreign().tell().ifPresent(line -> System.err.println("warning: " + line));
  }
}
