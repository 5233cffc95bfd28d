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
      LabelFormat lines =
          switch (options.format) {
            case TABLE -> new LabelTable(Terminal.detect());
            case JSON -> new LabelJson();
          };
      Predicate<Optional<String>> streams = options.streams();
      new PrintLoop<ReadLabel>(
              options,
              limit,
              label -> streams.test(Optional.of(label.label().getStreamId())),
              lines::lines)
          .run(reader, out);
    }
    return ExitCode.OK;
  }
}
