package io.gatestream.cli;

import io.gatestream.config.Settings;
import io.gatestream.errors.ConfigException;
import io.gatestream.labels.StartPoint;
import io.gatestream.labels.StreamGlob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the commands that print what is committed in a topic. */
final class ReadOptions {
  /** How long a command waits for the next records. */
  static final Duration WAIT = Duration.ofMillis(250);

  /** The values of {@code --format}. */
  enum Format {
    TABLE,
    JSON
  }

  @Mixin KafkaOptions kafka = new KafkaOptions();

  @Option(names = "--follow", description = "Go on with new records until Ctrl-C.")
  boolean follow;

  @Option(
      names = "--format",
      paramLabel = "table|json",
      description = "An aligned table, or one JSON object a line with all fields. Default: table.")
  Format format = Format.TABLE;

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

  @Option(names = "--limit", paramLabel = "N", description = "End after N records.")
  Optional<Long> limit = Optional.empty();

  /** How many records are printed at most. */
  long limit() {
    long most = limit.orElse(Long.MAX_VALUE);
    if (most < 1) {
      throw new ConfigException("--limit is %d: give 1 or more".formatted(most));
    }
    return most;
  }

  StartPoint start() {
    return StartPoint.parse(from);
  }

  /** Which streams are asked for; a record without a key belongs to none. */
  Predicate<Optional<String>> streams() {
    StreamGlob glob = StreamGlob.of(stream);
    return id -> id.map(glob::test).orElse(stream.equals("*"));
  }

  /** Environment, file and flags, with the topic under its setting's name where one was given. */
  Settings settings(String key, Optional<String> topic) {
    Map<String, String> flags = kafka.flags();
    topic.ifPresent(name -> flags.put(key, name));
    return kafka.settings(flags);
  }
}
