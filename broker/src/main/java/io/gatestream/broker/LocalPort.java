package io.gatestream.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** A TCP port of the local interface. */
final class LocalPort {
  /** Only this machine reaches the broker: it has no authentication. */
  static final String HOST = "127.0.0.1";

  /** The same, whichever address family the JVM prefers. */
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private LocalPort() {}

  /**
   * The given port, or any free one for 0, after binding it once to see that it is free.
   *
   * @throws BrokerException if the port cannot be bound
   */
  static int available(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      return probe.getLocalPort();
    } catch (IOException failure) {
      throw new BrokerException(
          "port %d on %s cannot be used (%s): choose another with --port, or 0 for a free one"
              .formatted(port, HOST, failure.getMessage()));
    }
  }

  static boolean isBindFailure(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
