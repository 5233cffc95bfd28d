package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The instances of one application, oldest first; a test starts, stops and kills them. */
final class Fleet {
  private static final Pattern PROCESS_ID = Pattern.compile("\"processId\"\\s*:\\s*\"([^\"]+)\"");

  /** A value of {@code --kafka} among the settings. */
  static final String STREAMS_PROTOCOL = "group.protocol=streams";

  private static final List<String> CLASSIC_ONLY =
      List.of("session.timeout.ms=", "heartbeat.interval.ms=");

  private final Gatestream gatestream;
  private final String bootstrapServers;
  private final String applicationId;
  private final TopicNames topics;
  private final List<String> settings;
  private final Map<String, String> environment;
  private final List<Running> instances = new ArrayList<>();
  private int started;

  Fleet(
      Gatestream gatestream,
      String bootstrapServers,
      String applicationId,
      TopicNames topics,
      String... settings) {
    this(gatestream, bootstrapServers, applicationId, topics, Map.of(), List.of(settings));
  }

  /**
   * As the other.
   *
   * @param environment of each instance
   */
  Fleet(
      Gatestream gatestream,
      String bootstrapServers,
      String applicationId,
      TopicNames topics,
      Map<String, String> environment,
      List<String> settings) {
    this.gatestream = gatestream;
    this.bootstrapServers = bootstrapServers;
    this.applicationId = applicationId;
    this.topics = topics;
    this.environment = environment;
    this.settings = List.copyOf(settings);
  }

  List<Running> instances() {
    return List.copyOf(instances);
  }

  Running oldest() {
    return instances.get(0);
  }

  Running newest() {
    return instances.get(instances.size() - 1);
  }

  /** Starts one more. */
  Running start(String... more) {
    List<String> all =
        new ArrayList<>(gatestream.runArguments(bootstrapServers, applicationId, topics));
    if (settings.contains(STREAMS_PROTOCOL)) {
      // there the brokers decide the session, and refuse a client's own
      CLASSIC_ONLY.forEach(
          key -> {
            int value = indexOf(all, key);
            all.subList(value - 1, value + 1).clear();
          });
    }
    all.addAll(settings);
    all.addAll(List.of(more));
    Running instance = gatestream.start("instance-" + started++, environment, all);
    instances.add(instance);
    return instance;
  }

  private static int indexOf(List<String> arguments, String key) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith(key)) {
        return i;
      }
    }
    throw new IllegalStateException("no " + key + " among " + arguments);
  }

  void awaitRunning() {
    instances.forEach(instance -> instance.awaitErr("running: "));
  }

  void requireAlive() {
    instances.forEach(Running::requireAlive);
  }

  /** SIGKILL; the instance is no longer one of these. */
  void kill(Running instance) {
    instance.kill();
    leave(instance);
  }

  /** SIGTERM, with everything that is promised of it. */
  void terminate(Running instance) {
    instance.terminateInTime();
    leave(instance);
  }

  private void leave(Running instance) {
    instances.remove(instance);
    gatestream.deleteTemporaryFilesOf(instance);
  }

  /** The id that Kafka Streams gives the instance; empty until it has a state folder. */
  Optional<String> processId(Running instance) {
    Path states = gatestream.folder().resolve("state");
    String pid = Long.toString(instance.process().pid());
    if (!Files.isDirectory(states)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(states)) {
      for (Path folder : folders.toList()) {
        Path lock = folder.resolve("instance.lock");
        Path metadata = folder.resolve(applicationId).resolve("kafka-streams-process-metadata");
        if (Files.exists(lock)
            && Files.readString(lock).strip().equals(pid)
            && Files.exists(metadata)) {
          Matcher found = PROCESS_ID.matcher(Files.readString(metadata));
          return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return instances.toString();
  }
}
