package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Settings;
import io.gatestream.config.Topics;
import io.gatestream.dashboard.Dashboard;
import io.gatestream.dashboard.DashboardSettings;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.text.Interrupts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows streams, events and the system in a browser. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    description = {
      "Shows streams, events and instances in a browser, as the topics tell them.",
      "It belongs to no group and writes nothing but reviews, so it can slow no instance.",
      "Topics that are not there yet are waited for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./gatestream dashboard --bootstrap-servers localhost:9092",
      "  ./gatestream dashboard --bootstrap-servers localhost:9092 --port 9000 --history 15m",
      "  ./gatestream dashboard --config gatestream.properties --host 0.0.0.0 --token-file token"
    })
final class DashboardCommand implements Callable<Integer> {
  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(names = "--port", paramLabel = "PORT", description = "0 takes a free one. Default: 8080.")
  int port = 8080;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on. Any but this machine's own needs a token. Default: 127.0.0.1.")
  String host = DashboardSettings.HOST;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Nothing is shown to whoever does not bring the token in this file.")
  Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--history",
      paramLabel = "TIME",
      description = "How far back timelines and lists go, such as 90s, 15m or 6h. Default: 1h.")
  String history = "1h";

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description =
          "Pictures read a second from the frames topic, over all browsers; 0 shows none. Default:"
              + " 20.")
  int pictures = 20;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "Application whose instances are shown. Default: gatestream.")
  Optional<String> application = Optional.empty();

  @Option(
      names = "--frames-topic",
      paramLabel = "TOPIC",
      description = "Where pictures come from. Default: frames.")
  Optional<String> frames = Optional.empty();

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description = "Labels to show. Default: labels.")
  Optional<String> labels = Optional.empty();

  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "Rejected records to show. Default: frames-rejected.")
  Optional<String> rejected = Optional.empty();

  @Option(
      names = "--events-topic",
      paramLabel = "TOPIC",
      description = "Events to show. Default: events.")
  Optional<String> events = Optional.empty();

  @Option(
      names = "--reviews-topic",
      paramLabel = "TOPIC",
      description = "Where reviews go; made with the first one. Default: reviews.")
  String reviews = DashboardSettings.REVIEWS;

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    try (Interrupts interrupts = Interrupts.install();
        Dashboard dashboard = Dashboard.open(settings(), Version.text())) {
      interrupts.onRequest(stopped::countDown);
      System.out.printf(
          "dashboard on http://%s:%d; Ctrl-C ends it%n",
          isWildcard(host) ? "localhost" : host.contains(":") ? "[" + host + "]" : host,
          dashboard.port());
      stopped.await();
    }
    return ExitCode.OK;
  }

  private DashboardSettings settings() {
    if (tokenFile.isEmpty() && !isLoopback(host)) {
      throw new ConfigException(
          "--host %s lets other machines in, so a token is needed: write one with `openssl rand -hex 16 > token`, and give --token-file token"
              .formatted(host));
    }
    Map<String, String> flags = kafka.flags();
    application.ifPresent(id -> flags.put(RunSettings.APPLICATION_ID.key(), id));
    frames.ifPresent(topic -> flags.put(RunSettings.FRAMES_TOPIC.key(), topic));
    labels.ifPresent(topic -> flags.put(RunSettings.LABELS_TOPIC.key(), topic));
    rejected.ifPresent(topic -> flags.put(RunSettings.REJECTED_TOPIC.key(), topic));
    events.ifPresent(topic -> flags.put(RunSettings.EVENTS_TOPIC.key(), topic));
    Settings settings = kafka.settings(flags);
    return new DashboardSettings(
        settings.kafkaAccess(),
        new Topics(
            settings.get(RunSettings.FRAMES_TOPIC),
            settings.get(RunSettings.LABELS_TOPIC),
            settings.get(RunSettings.REJECTED_TOPIC),
            settings.get(RunSettings.EVENTS_TOPIC)),
        reviews,
        settings.get(RunSettings.APPLICATION_ID),
        host,
        port,
        tokenFile.map(DashboardCommand::token),
        duration(history),
        pictures);
  }

  private static Duration duration(String text) {
    String number = text.replaceFirst("[smh]$", "");
    if (!number.matches("[0-9]{1,6}") || number.length() == text.length()) {
      throw new ConfigException(
          "--history is '%s': give a number with s, m or h, such as 15m".formatted(text));
    }
    long count = Long.parseLong(number);
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException("--host %s is no address of this machine".formatted(host), e);
    }
  }

  private static boolean isWildcard(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the token file %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
