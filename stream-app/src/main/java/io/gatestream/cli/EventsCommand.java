package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.labels.EventReader;
import io.gatestream.labels.ReadEvent;
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

/** Prints the committed events of a topic. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what began and ended in the streams: committed events only.",
      "Without --follow it ends with the last one that was committed when it started.",
      "An event has a START and, later, an END; UPDATEs come between if the rules ask for them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream events --bootstrap-servers localhost:9092",
      "  ./gatestream events --bootstrap-servers localhost:9092 --follow --from end",
      "  ./gatestream events --bootstrap-servers localhost:9092 --stream 'door-*' --label person",
      "  ./gatestream events --bootstrap-servers localhost:9092 --format json --from 2026-11-01T09:30:00Z"
    })
final class EventsCommand implements Callable<Integer> {
  @Mixin ReadOptions options = new ReadOptions();

  @Option(
      names = "--events-topic",
      paramLabel = "TOPIC",
      description = "The topic to read. Default: events.")
  Optional<String> topic = Optional.empty();

  @Option(names = "--label", paramLabel = "LABEL", description = "Only events of this class.")
  Optional<String> label = Optional.empty();

  @Override
  public Integer call() {
    long limit = options.limit();
    StartPoint start = options.start();
    Settings settings = options.settings(RunSettings.EVENTS_TOPIC.key(), topic);
    String events = settings.get(RunSettings.EVENTS_TOPIC);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Interrupts interrupts = Interrupts.install();
        EventReader reader = EventReader.open(settings.kafkaAccess(), events, start)) {
      interrupts.onRequest(reader::stop);
      EventText table = new EventText(Terminal.detect());
      Predicate<Optional<String>> streams = options.streams();
      new PrintLoop<ReadEvent>(
              options,
              limit,
              event ->
                  streams.test(Optional.of(event.event().getStreamId()))
                      && label.map(event.event().getLabel()::equals).orElse(true),
              options.format == ReadOptions.Format.JSON ? EventText::json : table::table)
          .run(reader, out);
    }
    return ExitCode.OK;
  }
}
