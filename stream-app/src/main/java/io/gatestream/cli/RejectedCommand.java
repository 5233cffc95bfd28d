package io.gatestream.cli;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.labels.RejectedRecords;
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

/** Prints the committed records of the rejected topic and why they were rejected. */
@Command(
    name = "rejected",
    mixinStandardHelpOptions = true,
    description = {
      "Prints rejected records: of which stream, why, and what a producer likely does wrong.",
      "A table ends with a summary by reason. Without --follow it ends with the last record that was"
          + " committed when it started."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream rejected --bootstrap-servers localhost:9092",
      "  ./gatestream rejected --bootstrap-servers localhost:9092 --summary",
      "  ./gatestream rejected --bootstrap-servers localhost:9092 --follow --from end",
      "  ./gatestream rejected --bootstrap-servers localhost:9092 --stream 'door-*' --limit 20",
      "  ./gatestream rejected --bootstrap-servers localhost:9092 --format json | jq .likelyCause"
    })
final class RejectedCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofMillis(250);

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(names = "--follow", description = "Go on with new records until Ctrl-C.")
  boolean follow;

  @Option(names = "--summary", description = "Only count them by reason and likely cause.")
  boolean summaryOnly;

  @Option(
      names = "--format",
      paramLabel = "table|json",
      description = "A table, or one JSON object a line. Default: table.")
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
      description =
          "Only streams whose id matches: * is any text, ? one character. A record without a key"
              + " matches * only.")
  String stream = "*";

  @Option(names = "--limit", paramLabel = "N", description = "End after N records.")
  Optional<Long> limit = Optional.empty();

  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "The topic to read. Default: frames-rejected.")
  Optional<String> topic = Optional.empty();

  @Override
  public Integer call() {
    long remaining = limit.orElse(Long.MAX_VALUE);
    if (remaining < 1) {
      throw new ConfigException("--limit is %d: give 1 or more".formatted(remaining));
    }
    if (summaryOnly && format == LabelFormat.Kind.JSON) {
      throw new ConfigException("--summary is a table: leave out --format json");
    }
    StartPoint start = StartPoint.parse(from);
    Map<String, String> flags = new LinkedHashMap<>(kafka.flags());
    topic.ifPresent(name -> flags.put(RunSettings.REJECTED_TOPIC.key(), name));
    Settings settings = ConfigLoader.load(kafka.file, System.getenv(), flags);
    String rejected = settings.get(RunSettings.REJECTED_TOPIC);

    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Interrupts interrupts = Interrupts.install();
        RejectedRecords records = RejectedRecords.open(settings.kafkaAccess(), rejected, start)) {
      interrupts.onRequest(records::stop);
      print(records, remaining, out);
    }
    return Main.DONE;
  }

  /** Ends at the limit, at the end, when it is stopped or when nobody reads any more. */
  private void print(RejectedRecords reader, long limit, PrintWriter out) {
    RejectedText table = new RejectedText(Terminal.detect());
    RejectedSummary summary = new RejectedSummary();
    StreamGlob glob = StreamGlob.of(stream);
    long remaining = limit;
    while (remaining > 0 && !reader.stopped() && (follow || !reader.caughtUp())) {
      List<RejectedRecord> records =
          reader.poll(WAIT).stream()
              .filter(record -> follow || reader.beforeEnd(record))
              .filter(record -> record.stream().map(glob::test).orElse(stream.equals("*")))
              .limit(remaining)
              .toList();
      remaining -= records.size();
      records.forEach(summary::add);
      if (!summaryOnly) {
        (format == LabelFormat.Kind.JSON ? RejectedText.json(records) : table.table(records))
            .forEach(out::println);
      }
      if (out.checkError()) {
        return; // a closed pipe, as under | head
      }
    }
    if (format == LabelFormat.Kind.TABLE) {
      if (!summaryOnly) {
        out.println();
      }
      summary.lines().forEach(out::println);
      out.flush();
    }
  }
}
