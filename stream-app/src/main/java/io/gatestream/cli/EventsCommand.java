package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.deliver.EventCommand;
import io.gatestream.deliver.EventDelivery;
import io.gatestream.deliver.Outlet;
import io.gatestream.deliver.Webhook;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.labels.EventReader;
import io.gatestream.labels.ReadEvent;
import io.gatestream.labels.StartPoint;
import io.gatestream.text.Interrupts;
import io.gatestream.text.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the committed events of a topic, or delivers them. */
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
      "  ./gatestream events --bootstrap-servers localhost:9092 --format json --from 2026-11-01T09:30:00Z",
      "  ./gatestream events --bootstrap-servers localhost:9092 --from end --webhook https://example.com/hook",
      "  ./gatestream events --bootstrap-servers localhost:9092 --from end --exec ./switch-the-light-on"
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

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description =
          "Post each event to this URL as JSON, at least once and in order for each stream. What"
              + " the URL refuses (4xx) is named and left out; what fails is tried again.")
  Optional<URI> webhook = Optional.empty();

  @Option(
      names = "--webhook-secret-file",
      paramLabel = "FILE",
      description =
          "Sign each request by the secret in this file: X-Gatestream-Signature is sha256= and the"
              + " HMAC-SHA256 of the body.")
  Optional<Path> secretFile = Optional.empty();

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description =
          "Run this shell command for each event, with the event as JSON on its standard input. An"
              + " event for which it fails three times is named and left out.")
  Optional<String> exec = Optional.empty();

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description =
          "Consumer group of --webhook and --exec: it remembers what is delivered, and members"
              + " share the work. Default: gatestream-webhook, gatestream-exec.")
  Optional<String> group = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    if (webhook.isPresent() || exec.isPresent()) {
      return deliver();
    }
    if (secretFile.isPresent() || group.isPresent()) {
      throw new ConfigException("--webhook-secret-file and --group are for --webhook or --exec");
    }
    long limit = options.limit();
    StartPoint start = options.start();
    Settings settings = options.settings(RunSettings.EVENTS_TOPIC.key(), topic);
    String events = settings.get(RunSettings.EVENTS_TOPIC);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Interrupts interrupts = Interrupts.install();
        EventReader reader = EventReader.open(settings.kafkaAccess(), events, start)) {
      interrupts.onRequest(reader::stop);
      EventText table = new EventText(Terminal.detect());
      new PrintLoop<ReadEvent>(
              options,
              limit,
              wanted(),
              options.format == ReadOptions.Format.JSON ? EventText::json : table::table)
          .run(reader, out);
    }
    return ExitCode.OK;
  }

  private Integer deliver() throws InterruptedException {
    boolean fromBeginning = checkDelivery();
    Settings settings = options.settings(RunSettings.EVENTS_TOPIC.key(), topic);
    String name = group.orElse(webhook.isPresent() ? "gatestream-webhook" : "gatestream-exec");
    Outlet outlet =
        webhook.isPresent()
            ? new Webhook(webhook.get(), secretFile.map(EventsCommand::secret))
            : new EventCommand(exec.orElseThrow());
    Predicate<ReadEvent> wanted = wanted();
    EventText table = new EventText(Terminal.detect());
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Interrupts interrupts = Interrupts.install();
        EventDelivery delivery =
            EventDelivery.open(
                settings.kafkaAccess(),
                settings.get(RunSettings.EVENTS_TOPIC),
                name,
                fromBeginning)) {
      interrupts.onRequest(delivery::stop);
      delivery.run(
          event ->
              wanted.test(event)
                  ? Optional.of(EventText.json(List.of(event)).get(0))
                  : Optional.empty(),
          outlet,
          event -> {
            table.table(List.of(event)).forEach(out::println);
            out.flush();
          });
    }
    return ExitCode.OK;
  }

  /** Whether a group without offsets begins with the oldest event. */
  private boolean checkDelivery() {
    List<String> problems = new ArrayList<>();
    if (webhook.isPresent() && exec.isPresent()) {
      problems.add("--webhook and --exec: give one, and start another process for the other");
    }
    if (secretFile.isPresent() && webhook.isEmpty()) {
      problems.add("--webhook-secret-file is for --webhook");
    }
    webhook
        .filter(url -> !isHttp(url))
        .ifPresent(url -> problems.add("--webhook is no http or https URL: give one"));
    if (options.limit.isPresent()) {
      problems.add("--limit is for printing: what is delivered goes on until Ctrl-C");
    }
    StartPoint start = options.start();
    if (start instanceof StartPoint.Time) {
      problems.add("--from takes beginning or end with --webhook and --exec");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return start instanceof StartPoint.Beginning;
  }

  private static boolean isHttp(URI url) {
    return url.getHost() != null
        && ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()));
  }

  private static String secret(Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new ConfigException("the secret file %s is empty".formatted(file));
      }
      return secret;
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the secret file %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  private Predicate<ReadEvent> wanted() {
    Predicate<Optional<String>> streams = options.streams();
    return event ->
        streams.test(Optional.of(event.event().getStreamId()))
            && label.map(event.event().getLabel()::equals).orElse(true);
  }
}
