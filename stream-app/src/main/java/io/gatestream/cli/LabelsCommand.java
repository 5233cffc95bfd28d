package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.frame.LabelCodec;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
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
  @Mixin ReadOptions options = new ReadOptions();

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description = "The topic to read. Default: labels.")
  Optional<String> topic = Optional.empty();

  @Override
  public Integer call() {
    long limit = options.limit();
    StartPoint start = options.start();
    Settings settings = options.settings(RunSettings.LABELS_TOPIC.key(), topic);
    String labels = settings.get(RunSettings.LABELS_TOPIC);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    LabelCodec codec = new LabelCodec();
    try (Interrupts interrupts = Interrupts.install();
        LabelReader reader =
            LabelReader.open(settings.kafkaAccess(), labels, start, codec::decode, line -> {})) {
      interrupts.onRequest(reader::stop);
      print(reader, limit, out);
      tellForeign(reader);
    }
    return ExitCode.OK;
  }

  /** Ends at the limit, at the end, when the reader is closed or when nobody reads any more. */
  private void print(LabelReader reader, long limit, PrintWriter out) {
    LabelFormat lines =
        switch (options.format) {
          case TABLE -> new LabelTable(Terminal.detect());
          case JSON -> new LabelJson();
        };
    Predicate<Optional<String>> streams = options.streams();
    long remaining = limit;
    boolean told = false;
    while (remaining > 0 && !reader.closed() && (options.follow || !reader.caughtUp())) {
      List<ReadLabel> labels =
          reader.poll(ReadOptions.WAIT).stream()
              .filter(label -> options.follow || reader.beforeEnd(label))
              .filter(label -> streams.test(Optional.of(label.label().getStreamId())))
              .limit(remaining)
              .toList();
      remaining -= labels.size();
      lines.lines(labels).forEach(out::println);
      if (out.checkError()) {
        return; // a closed pipe, as under | head
      }
      reader.foreign().requireLabels(!options.follow && reader.caughtUp());
      if (options.follow && !told && reader.caughtUp()) {
        told = true;
        tellForeign(reader);
      }
    }
  }

  private static void tellForeign(LabelReader reader) {
    reader.foreign().tell().ifPresent(line -> System.err.println("warning: " + line));
  }
}
