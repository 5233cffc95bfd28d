package io.gatestream.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node Kafka inside this process, for demonstration, development and tests: one replica of
 * everything, no authentication, reachable from this machine only. Settings of Kafka's server make
 * it a node with listeners, users or fellow nodes of its own.
 *
 * <p>Its data outlives it: a broker started on the same folder serves the same topics again.
 * Records are never deleted by age, because frames carry their capture time and recorded video is
 * old.
 *
 * <p>Not thread-safe: one thread starts and closes it. Kafka's own threads do the work. A defect in
 * Kafka's metadata halts the JVM, as it would halt a broker of its own.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int ATTEMPTS = 5;

  private final BrokerDirectory directory;
  private final KafkaRaftServer server;
  private final String address;
  private boolean closed;

  private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, String address) {
    this.directory = directory;
    this.server = server;
    this.address = address;
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @param port where to listen on 127.0.0.1; 0 takes a free port
   * @param dataDirectory where topics live; made and formatted if it is missing or empty
   * @throws BrokerException if the port is taken, or the folder cannot be written, holds other
   *     files or serves another broker
   * @throws IllegalStateException if Kafka does not start
   */
  public static EmbeddedBroker start(int port, Path dataDirectory) {
    return start(port, dataDirectory, Map.of());
  }

  /**
   * As the other, with settings of Kafka's server that win over the small node's. Nodes that are
   * given the same {@code controller.quorum.voters} are one cluster.
   *
   * @param further by Kafka's names; who gives {@code listeners} gives the controller's there too
   * @throws BrokerException also where Kafka refuses a setting
   */
  public static EmbeddedBroker start(int port, Path dataDirectory, Map<String, String> further) {
    if (port < 0 || port > 65_535) {
      throw new BrokerException("port " + port + ": must lie between 0 and 65535");
    }
    BrokerDirectory directory = BrokerDirectory.open(dataDirectory);
    try {
      directory.format(further);
      return start(port, directory, further);
    } catch (RuntimeException failure) {
      closeAfter(failure, directory);
      throw failure;
    }
  }

  /** Another process may take a free port between its choice and its use: then choose again. */
  private static EmbeddedBroker start(
      int port, BrokerDirectory directory, Map<String, String> further) {
    for (int attempt = 1; ; attempt++) {
      int clientPort = LocalPort.available(port);
      int controllerPort = LocalPort.available(0);
      Map<String, String> settings =
          BrokerSettings.of(clientPort, controllerPort, directory.path(), further);
      KafkaConfig config = config(settings);
      try {
        return new EmbeddedBroker(directory, startServer(config), address(settings));
      } catch (RuntimeException failure) {
        boolean portLost = LocalPort.isBindFailure(failure);
        if (portLost && attempt < ATTEMPTS) {
          LOG.debug("A port was taken meanwhile, choosing again", failure);
          continue;
        }
        throw new IllegalStateException(
            "the broker on " + directory.path() + " did not start: " + failure.getMessage(),
            failure);
      }
    }
  }

  private static KafkaConfig config(Map<String, String> settings) {
    try {
      return new KafkaConfig(settings, false);
    } catch (ConfigException | IllegalArgumentException e) {
      throw new BrokerException("Kafka refuses a setting: " + e.getMessage(), e);
    }
  }

  /** That of the first listener for clients. */
  private static String address(Map<String, String> settings) {
    List<String> controllers =
        List.of(settings.getOrDefault(BrokerSettings.CONTROLLERS, "").split(" *, *", -1));
    String listeners =
        settings.getOrDefault(
            BrokerSettings.ADVERTISED, settings.getOrDefault(BrokerSettings.LISTENERS, ""));
    return Stream.of(listeners.split(",", -1))
        .map(listener -> listener.strip().split("://", 2))
        .filter(named -> named.length == 2 && !controllers.contains(named[0]))
        .map(named -> named[1].startsWith(":") ? LocalPort.HOST + named[1] : named[1])
        .findFirst()
        .orElse("");
  }

  private static KafkaRaftServer startServer(KafkaConfig config) {
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException failure) {
      closeAfter(failure, server::shutdown);
      throw failure;
    }
  }

  private static void closeAfter(RuntimeException failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception second) {
      failure.addSuppressed(second);
    }
  }

  /** Where clients connect: {@code 127.0.0.1:PORT}, or the first of the listeners given. */
  public String bootstrapServers() {
    return address;
  }

  /** Stops serving, writes everything to disk and frees the folder. A second call does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      directory.close();
    }
  }
}
