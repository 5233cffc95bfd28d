package io.gatestream.play;

import io.gatestream.broker.BrokerException;
import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Starts the embedded broker, which is a module that an installation may lack.
 *
 * <p>No command may have a field or a method whose type is of that module: picocli looks at the
 * members of every command, and {@code run} could not start without the module.
 */
public final class OwnBroker {
  private OwnBroker() {}

  /**
   * Starts a broker.
   *
   * @param port where to listen on 127.0.0.1; 0 takes a free port
   * @param folder for its data
   * @throws ConfigException port or folder cannot be used, or there is no broker here
   */
  public static EmbeddedBroker start(int port, Path folder) {
    return start(port, folder, Map.of());
  }

  /**
   * As the other.
   *
   * @param further settings of Kafka's server, which win over the broker's own
   */
  public static EmbeddedBroker start(int port, Path folder, Map<String, String> further) {
    if (OwnBroker.class.getResource("/io/gatestream/broker/EmbeddedBroker.class") == null) {
      throw new ConfigException(
          "the embedded broker is not part of this installation: take one that was built with the"
              + " module broker, or use a Kafka of yours");
    }
    return Present.start(port, folder, further);
  }

  /** A class of its own, as the JVM looks for the exception when it loads what catches it. */
  private static final class Present {
    static EmbeddedBroker start(int port, Path folder, Map<String, String> further) {
      try {
        return EmbeddedBroker.start(port, folder, further);
      } catch (BrokerException e) {
        String reason = e.getCause() instanceof IOException io ? ": " + IoReason.of(io) : "";
        throw new ConfigException(e.getMessage() + reason, e);
      } catch (IllegalStateException e) { // Kafka did not start
        throw new OutageException(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
