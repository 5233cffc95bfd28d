package io.gatestream.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Kafka's settings for one small node: broker and controller in one, a single replica of
 * everything, little memory, groups that settle at once.
 */
final class BrokerSettings {
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String CONTROLLERS = "controller.listener.names";
  static final String NODE_ID = "node.id";
  static final String VOTERS = "controller.quorum.voters";

  /** Where Kafka keeps data: the folder is given apart. */
  static final List<String> FOLDERS = List.of("log.dirs", "log.dir", "metadata.log.dir");

  static final String LISTENERS = "listeners";
  static final String ADVERTISED = "advertised.listeners";

  private static final int ONLY_NODE = 1;

  private static final String CLIENT_LISTENER = "PLAINTEXT";
  private static final int LARGEST_MESSAGE = 16 << 20;

  private BrokerSettings() {}

  /**
   * All settings.
   *
   * @param further win over the node's own; listeners are advertised as they are given
   */
  static Map<String, String> of(
      int clientPort, int controllerPort, Path folder, Map<String, String> further) {
    Map<String, String> settings =
        new HashMap<>(smallNode(LocalPort.HOST, clientPort, controllerPort, folder));
    if (further.containsKey(LISTENERS)) {
      settings.remove(ADVERTISED);
    }
    settings.putAll(further);
    return settings;
  }

  private static Map<String, String> smallNode(
      String host, int clientPort, int controllerPort, Path folder) {
    String clients = "%s://%s:%d".formatted(CLIENT_LISTENER, host, clientPort);
    String controller = "%s://%s:%d".formatted(CONTROLLER_LISTENER, host, controllerPort);
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry(NODE_ID, String.valueOf(ONLY_NODE)),
        // Voters by configuration, not in the log: the controller's port may change at each start.
        Map.entry(VOTERS, "%d@%s:%d".formatted(ONLY_NODE, host, controllerPort)),
        Map.entry(CONTROLLERS, CONTROLLER_LISTENER),
        Map.entry(LISTENERS, clients + "," + controller),
        Map.entry(ADVERTISED, clients),
        Map.entry(
            "listener.security.protocol.map",
            CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT"),
        Map.entry("inter.broker.listener.name", CLIENT_LISTENER),
        Map.entry("log.dirs", folder.toString()),
        Map.entry("auto.create.topics.enable", "false"),

        // One node.
        Map.entry("default.replication.factor", "1"),
        Map.entry("min.insync.replicas", "1"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("offsets.topic.num.partitions", "8"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("transaction.state.log.num.partitions", "8"),
        Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("share.coordinator.state.topic.num.partitions", "1"),

        // Groups of all protocols (Kafka enables classic, consumer and streams) settle at once, and
        // tests may choose short sessions.
        Map.entry("group.initial.rebalance.delay.ms", "0"),
        Map.entry("group.min.session.timeout.ms", "500"),
        Map.entry("group.consumer.min.session.timeout.ms", "500"),
        Map.entry("group.consumer.session.timeout.ms", "6000"),
        Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
        Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
        Map.entry("group.streams.initial.rebalance.delay.ms", "0"),
        Map.entry("group.streams.min.session.timeout.ms", "500"),
        Map.entry("group.streams.session.timeout.ms", "6000"),
        Map.entry("group.streams.min.heartbeat.interval.ms", "100"),
        Map.entry("group.streams.heartbeat.interval.ms", "1000"),

        // Frames of large cameras and H.264 segments.
        Map.entry("message.max.bytes", String.valueOf(LARGEST_MESSAGE)),
        Map.entry("replica.fetch.max.bytes", String.valueOf(LARGEST_MESSAGE)),
        Map.entry("log.retention.ms", "-1"),

        // Memory and threads of a laptop.
        Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)),
        Map.entry("log.index.size.max.bytes", String.valueOf(1 << 20)),
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "4"),
        Map.entry("background.threads", "2"),
        Map.entry("num.recovery.threads.per.data.dir", "2"));
  }
}
