package io.gatestream.broker;

import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node Kafka inside this process, for demonstration, development and tests: one replica of
 * everything, no authentication, reachable from this machine only.
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
  private final int port;
  private boolean closed;

  private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, int port) {
    this.directory = directory;
    this.server = server;
    this.port = port;
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
    if (port < 0 || port > 65_535) {
      throw new BrokerException("port " + port + ": must lie between 0 and 65535");
    }
    BrokerDirectory directory = BrokerDirectory.open(dataDirectory);
    try {
      directory.format();
      return start(port, directory);
    } catch (RuntimeException failure) {
      closeAfter(failure, directory);
      throw failure;
    }
  }

  /** Another process may take a free port between its choice and its use: then choose again. */
  private static EmbeddedBroker start(int port, BrokerDirectory directory) {
    for (int attempt = 1; ; attempt++) {
      int clientPort = LocalPort.available(port);
      int controllerPort = LocalPort.available(0);
      KafkaConfig config =
          new KafkaConfig(
              BrokerSettings.of(LocalPort.HOST, clientPort, controllerPort, directory.path()),
              false);
      try {
        return new EmbeddedBroker(directory, startServer(config), clientPort);
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

  /** Where clients connect: {@code 127.0.0.1:PORT}. */
  public String bootstrapServers() {
    return LocalPort.HOST + ":" + port;
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
