package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The instances of one application, oldest first; a test starts, stops and kills them. */
final class Fleet {
  private static final Pattern PROCESS_ID = Pattern.compile("\"processId\"\\s*:\\s*\"([^\"]+)\"");

  private final Gatestream gatestream;
  private final String bootstrapServers;
  private final String applicationId;
  private final TopicNames topics;
  private final List<String> settings;
  private final List<Running> instances = new ArrayList<>();
  private int started;

  Fleet(
      Gatestream gatestream,
      String bootstrapServers,
      String applicationId,
      TopicNames topics,
      String... settings) {
    this.gatestream = gatestream;
    this.bootstrapServers = bootstrapServers;
    this.applicationId = applicationId;
    this.topics = topics;
    this.settings = List.of(settings);
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
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    Running instance =
        gatestream.startRun(
            "instance-" + started++,
            bootstrapServers,
            applicationId,
            topics,
            all.toArray(String[]::new));
    instances.add(instance);
    return instance;
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
