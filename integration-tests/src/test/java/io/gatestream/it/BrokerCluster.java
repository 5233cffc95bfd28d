package io.gatestream.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three embedded brokers as one cluster, each a JVM of its own and a controller too. Every topic
 * has three replicas, and what is written is on two of them at least.
 */
final class BrokerCluster {
  private static final int NODES = 3;

  private final Gatestream gatestream;
  private final List<Integer> ports = Ports.free(2 * NODES);
  private final List<Running> nodes = new ArrayList<>();
  private int starts;

  BrokerCluster(Gatestream gatestream) {
    this.gatestream = gatestream;
    for (int node = 1; node <= NODES; node++) {
      nodes.add(start(node));
    }
    nodes.forEach(BrokerCluster::awaitReady);
  }

  /** Of all nodes. */
  String bootstrapServers() {
    return IntStream.rangeClosed(1, NODES).mapToObj(this::address).collect(Collectors.joining(","));
  }

  private String address(int node) {
    return "127.0.0.1:" + ports.get(node - 1);
  }

  private String controller(int node) {
    return "127.0.0.1:" + ports.get(NODES + node - 1);
  }

  private Running start(int node) {
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", Integer.toString(node));
    settings.put(
        "controller.quorum.voters",
        IntStream.rangeClosed(1, NODES)
            .mapToObj(voter -> voter + "@" + controller(voter))
            .collect(Collectors.joining(",")));
    String clients = "PLAINTEXT://" + address(node);
    settings.put("listeners", "%s,CONTROLLER://%s".formatted(clients, controller(node)));
    settings.put("advertised.listeners", clients);
    for (String replicas :
        List.of(
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor")) {
      settings.put(replicas, Integer.toString(NODES));
    }
    settings.put("min.insync.replicas", "2");
    settings.put("transaction.state.log.min.isr", "2");
    // a node that is killed is noticed soon
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    Path file =
        PropertiesFile.write(
            gatestream.folder().resolve("node-%d.properties".formatted(node)), settings);
    return gatestream.start(
        "broker-%d-%d".formatted(node, starts++),
        "broker",
        "--port",
        "0",
        "--data",
        data(node).toString(),
        "--config",
        file.toString());
  }

  private Path data(int node) {
    return gatestream.folder().resolve("kafka-" + node);
  }

  private static void awaitReady(Running node) {
    node.awaitOut("listening on (\\S+)");
  }

  /** SIGKILL. */
  void kill(int node) {
    nodes.get(node - 1).kill();
  }

  /** Starts a node again that was killed. */
  void startAgain(int node) {
    nodes.set(node - 1, start(node));
    awaitReady(nodes.get(node - 1));
  }

  /** Ends all nodes and deletes what they wrote. */
  void delete() {
    nodes.forEach(Running::kill);
    for (int node = 1; node <= NODES; node++) {
      Folders.delete(data(node));
    }
  }
}
