package io.gatestream.replay;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.OverloadMode;
import io.gatestream.config.RunConfig;
import io.gatestream.config.StartPosition;
import io.gatestream.config.Topics;
import io.gatestream.errors.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is to be replayed, and where to.
 *
 * @param run the settings that labels are made by, the frames topic, and the application id and
 *     topics of the live application, which are refused as the replay's own
 * @param name application id of the replay; the same name goes on where it was interrupted
 * @param output topic of the labels
 * @param rejected topic of bad records
 * @param events topic of events; empty where none are made
 * @param restart whether an interrupted replay of that name is given up and begun anew
 * @param source where the frames topic's frames come from, if it is the replay's own
 */
public record ReplayRequest(
    RunConfig run,
    String name,
    String output,
    String rejected,
    Optional<String> events,
    ReplayRange range,
    boolean restart,
    Optional<FileFrames> source) {
  /** Short, so that a rerun need not wait long for a replay that was killed. */
  private static final String SESSION_MILLIS = "10000";

  private static final String SESSION_TIMEOUT = "session.timeout.ms";

  public ReplayRequest {
    List<String> problems = new ArrayList<>();
    List<String> outputs = outputs(output, rejected, events);
    List<String> names = new ArrayList<>(outputs);
    names.add(name);
    for (String topic : names) {
      if (!topic.matches("[a-zA-Z0-9._-]{1,200}")) {
        problems.add("'%s': use letters, digits, '.', '_' and '-' only".formatted(topic));
      }
    }
    Set<String> live = new HashSet<>(Set.of(run.topics().labels(), run.topics().rejected()));
    if (events.isPresent()) {
      live.add(run.topics().events());
    }
    for (String topic : outputs) {
      if (live.contains(topic)) {
        problems.add(
            "'%s' is a topic of the live application: give another --output".formatted(topic));
      }
    }
    if (name.equals(run.applicationId())) {
      problems.add(
          "'%s' is the live application's id: give another --name, or its own --output"
              .formatted(name));
    }
    if (run.overload().mode() == OverloadMode.LATEST) {
      problems.add(
          "overload is 'latest': which frames that skipped depended on the moment, so a replay could not"
              + " give the same labels; replay with overload=keep-all");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** The name of a replay that is not named. */
  public static String defaultName(String output) {
    return "replay-" + output;
  }

  /** The topic of bad records where none is named. */
  public static String defaultRejected(String output) {
    return output + "-rejected";
  }

  /** The topic of events where none is named. */
  public static String defaultEvents(String output) {
    return output + "-events";
  }

  /** The frames topic of a replay that brings its own frames. */
  String framesTopic() {
    return source.isPresent() ? name + "-frames" : run.topics().frames();
  }

  /** The topics that it writes. */
  List<String> outputs() {
    return outputs(output, rejected, events);
  }

  private static List<String> outputs(String output, String rejected, Optional<String> events) {
    List<String> topics = new ArrayList<>(List.of(output, rejected));
    events.ifPresent(topics::add);
    return topics;
  }

  /** In words, equal for requests that give the same labels to the same topics. */
  String describe() {
    return "%s %s -> %s"
        .formatted(
            source.map(FileFrames::describe).orElseGet(() -> "topic " + run.topics().frames()),
            range,
            String.join(", ", outputs()));
  }

  /** The settings of the replay's application: those of {@code run}, but for names and times. */
  RunConfig application(int partitions) {
    Map<String, String> client = new HashMap<>(run.kafka().clientSettings());
    // one instance, which leaves in the end: neither protocol nor membership of the live ones
    GroupMembership.removeFrom(client);
    if (session(client).isEmpty()) {
      client.put(SESSION_TIMEOUT, SESSION_MILLIS);
      client.putIfAbsent("heartbeat.interval.ms", "3000");
    }
    RunConfig.Storage storage = run.storage();
    return new RunConfig(
        new KafkaAccess(run.kafka().bootstrapServers(), client, run.kafka().timeout()),
        run.model(),
        name,
        new Topics(framesTopic(), output, rejected, events.orElseGet(() -> defaultEvents(output))),
        new RunConfig.TopicCreation(true, partitions, run.creation().replicationFactor()),
        StartPosition.EARLIEST,
        run.compute(),
        run.pollBounds(),
        new RunConfig.Storage(
            storage.rocksDbBytes(),
            storage.storeCacheBytes(),
            storage.hotStateBytes(),
            storage.commitIntervalMillis(),
            storage.stateDir(),
            storage.storeName(),
            0),
        run.policy(),
        run.overload(),
        run.scoreLimit(),
        run.events(),
        run.limits(),
        new RunConfig.Http(
            OptionalInt.empty(), run.http().host(), Optional.empty()), // the port is the live one's
        RunConfig.Otlp.NONE, // its metrics would count the live one's frames again
        run.closeSeconds(),
        true);
  }

  private static Optional<String> session(Map<String, String> client) {
    return GroupMembership.mainConsumer(client, SESSION_TIMEOUT);
  }

  /** How long a member that was killed stays in the group, milliseconds. */
  long sessionMillis() {
    String given = session(run.kafka().clientSettings()).orElse(SESSION_MILLIS);
    try {
      return Long.parseLong(given);
    } catch (NumberFormatException e) {
      throw new ConfigException("kafka.session.timeout.ms is '%s'".formatted(given), e);
    }
  }
}
