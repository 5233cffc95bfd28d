package io.gatestream.bench;

import io.gatestream.errors.ConfigException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What labels frames in processes of its own while it is measured: Gatestream, and programs that a
 * user would write instead. The latter are those of bench/peers.
 */
public enum Peer {
  GATESTREAM("gatestream", "run as it comes"),
  P1("p1", "plain consumer, a process a core"),
  P1T("p1t", "plain consumer, one process, a thread a core"),
  P2("p2", "exactly once, states in a compacted topic, a process a core"),
  P2T("p2t", "exactly once as p2, one process, a thread a core"),
  P3("p3", "Quix Streams, exactly once each 5 s, a process a core"),
  P3F("p3f", "Quix Streams, exactly once each 0.1 s, a process a core");

  private final String title;
  private final String description;

  Peer(String title, String description) {
    this.title = title;
    this.description = description;
  }

  /** What the command line and tables call it. */
  public String title() {
    return title;
  }

  String description() {
    return description;
  }

  /**
   * The rival of a name.
   *
   * @throws ConfigException there is none
   */
  static Peer rival(String title) {
    return Arrays.stream(values())
        .filter(peer -> peer != GATESTREAM && peer.title.equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "--against is '%s': give one of %s"
                        .formatted(
                            title,
                            Arrays.stream(values())
                                .filter(peer -> peer != GATESTREAM)
                                .map(Peer::title)
                                .collect(Collectors.joining(", ")))));
  }
}
