package io.gatestream.cli;

import io.gatestream.cli.ReadOptions.Format;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.labels.RejectedRecords;
import io.gatestream.labels.StartPoint;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the committed records of the rejected topic and why they were rejected. */
@Command(
    name = "rejected",
    mixinStandardHelpOptions = true,
    description = {
      "Prints rejected records: of which stream, why, and what a producer likely does wrong.",
      "A table ends with a summary by reason. Without --follow it ends with the last record that was"
          + " committed when it started.",
      "A record without a key is of no stream: --stream shows it for * only."
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
  @Mixin ReadOptions options = new ReadOptions();

  @Option(names = "--summary", description = "Only count them by reason and likely cause.")
  boolean summaryOnly;

  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "The topic to read. Default: frames-rejected.")
  Optional<String> topic = Optional.empty();

  @Override
  public Integer call() {
    long limit = options.limit();
    if (summaryOnly && options.format == Format.JSON) {
      throw new ConfigException("--summary is a table: leave out --format json");
    }
    StartPoint start = options.start();
    Settings settings = options.settings(RunSettings.REJECTED_TOPIC.key(), topic);
    String rejected = settings.get(RunSettings.REJECTED_TOPIC);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Interrupts interrupts = Interrupts.install();
        RejectedRecords records = RejectedRecords.open(settings.kafkaAccess(), rejected, start)) {
      interrupts.onRequest(records::stop);
      print(records, limit, out);
    }
    return ExitCode.OK;
  }

  /** Ends at the limit, at the end, when it is stopped or when nobody reads any more. */
  private void print(RejectedRecords reader, long limit, PrintWriter out) {
    RejectedText table = new RejectedText(Terminal.detect());
    RejectedSummary summary = new RejectedSummary();
    Predicate<Optional<String>> streams = options.streams();
    long remaining = limit;
    while (remaining > 0 && !reader.stopped() && (options.follow || !reader.caughtUp())) {
      List<RejectedRecord> records =
          reader.poll(ReadOptions.WAIT).stream()
              .filter(record -> options.follow || reader.beforeEnd(record))
              .filter(record -> streams.test(record.stream()))
              .limit(remaining)
              .toList();
      remaining -= records.size();
      records.forEach(summary::add);
      if (!summaryOnly) {
        (options.format == Format.JSON ? RejectedText.json(records) : table.table(records))
            .forEach(out::println);
      }
      if (out.checkError()) {
        return; // a closed pipe, as under | head
      }
    }
    if (options.format == Format.TABLE) {
      if (!summaryOnly) {
        out.println();
      }
      summary.lines().forEach(out::println);
      out.flush();
    }
  }
}
