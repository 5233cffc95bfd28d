package io.gatestream.stream.ask;

import io.gatestream.errors.ConfigException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;

/** Host and port at which an instance answers the others. */
public final class Address {
  private static final Set<String> ANY = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private Address() {}

  /**
   * What others are told.
   *
   * @param advertised as the user gave it, with a port or without
   * @param host that the server listens on
   * @param port that it listens on
   * @throws ConfigException it listens on all addresses, and this machine has no name that fits
   *     into a URL
   */
  public static String of(Optional<String> advertised, String host, int port) {
    if (advertised.isPresent()) {
      String given = advertised.get();
      return given.matches("[^:]+:[0-9]+|\\[.*]:[0-9]+") ? given : text(bare(given), port);
    }
    return text(ANY.contains(bare(host)) ? named(nameOfThisMachine(host), host) : bare(host), port);
  }

  /** A name that fits into a URL; one with an underscore does not. */
  static String named(String machine, String host) {
    try {
      if (new URI("http://" + text(machine, 1)).getHost() != null) {
        return machine;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new ConfigException(
        "http.host is %s and the name of this machine, '%s', is none that others could ask: give http.advertised"
            .formatted(host, machine));
  }

  private static String nameOfThisMachine(String host) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new ConfigException(
          "http.host is %s and this machine has no name that others could ask: give http.advertised"
              .formatted(host),
          e);
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  static String text(String host, int port) {
    return (host.contains(":") ? "[%s]:%d" : "%s:%d").formatted(host, port);
  }
}
