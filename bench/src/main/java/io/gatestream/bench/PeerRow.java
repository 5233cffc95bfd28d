package io.gatestream.bench;

import io.gatestream.errors.ConfigException;
import io.gatestream.ingest.PictureSize;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A row of the table of {@code bench --peers}: what is sent, who labels it, what is wanted. */
public enum PeerRow {
  DEFAULT("default", "frames a second from a full topic", Way.FULL, 16, 256, 256),
  LARGE(
      "large",
      "the same with the bundle of --large, EfficientNet-Lite0 by bench-bundle",
      Way.FULL,
      16,
      640,
      480),
  SKEWED(
      "skewed",
      "from the first label to the last, half the streams on one partition",
      Way.DRAINED,
      16,
      256,
      256),
  STREAMS_1000("streams-1000", "1000 streams at 1 frame a second each", Way.PACED, 1_000, 64, 64),
  STREAMS_10000(
      "streams-10000", "10000 streams at 1 frame a second each", Way.PACED, 10_000, 64, 64),
  CPU("cpu", "processor time a frame, from a full topic", Way.FULL, 16, 640, 480),
  DELAY(
      "delay",
      "delay from sending to committed label at 70 % of Gatestream's rate",
      Way.DELAY,
      16,
      640,
      480);

  /** Microseconds of processor time that a frame may take, all in. */
  static final double CPU_MICROS = 900;

  /** Milliseconds. */
  static final double DELAY_P99 = 120;

  /** How it is measured. */
  enum Way {
    /** A span of a topic that is full before anybody starts. */
    FULL,
    /** All of such a topic, from the first label to the last. */
    DRAINED,
    /** Each stream sends a frame a second. */
    PACED,
    /** Frames at a share of Gatestream's own rate. */
    DELAY
  }

  private final String title;
  private final String description;
  private final Way way;
  private final int streams;
  private final int width;
  private final int height;

  /** A peer and what Gatestream's ratio to it is held to. */
  private record Rival(Peer peer, OptionalDouble atLeast) {
    static Rival of(Peer peer, double atLeast) {
      return new Rival(peer, OptionalDouble.of(atLeast));
    }

    static Rival of(Peer peer) {
      return new Rival(peer, OptionalDouble.empty());
    }
  }

  PeerRow(String title, String description, Way way, int streams, int width, int height) {
    this.title = title;
    this.description = description;
    this.way = way;
    this.streams = streams;
    this.width = width;
    this.height = height;
  }

  private List<Rival> wanted() {
    return switch (this) {
      case DEFAULT ->
          List.of(Rival.of(Peer.P1, 1.3), Rival.of(Peer.P2, 1.5), Rival.of(Peer.P3F, 1.6));
      case LARGE -> List.of(Rival.of(Peer.P1T, 1.05), Rival.of(Peer.P2, 1.15));
      case SKEWED -> List.of(Rival.of(Peer.P2, 1.4));
      case STREAMS_1000, STREAMS_10000 -> List.of(Rival.of(Peer.P2, 1.5));
      case CPU -> List.of(Rival.of(Peer.P1), Rival.of(Peer.P2));
      case DELAY -> List.of(Rival.of(Peer.P2));
    };
  }

  /** What the command line and tables call it. */
  public String title() {
    return title;
  }

  String description() {
    return description;
  }

  Way way() {
    return way;
  }

  int streams() {
    return streams;
  }

  /** Of the pictures that are sent. */
  PictureSize size() {
    return new PictureSize(width, height);
  }

  /** Who it is measured against where the user names nobody. */
  List<Peer> rivals() {
    return wanted().stream().map(Rival::peer).toList();
  }

  /** What the ratio to a rival is held to. */
  OptionalDouble limit(Peer rival) {
    return wanted().stream()
        .filter(wanted -> wanted.peer == rival)
        .map(Rival::atLeast)
        .findFirst()
        .orElseGet(OptionalDouble::empty);
  }

  /**
   * The row of a name.
   *
   * @throws ConfigException there is none
   */
  static PeerRow named(String title) {
    return Arrays.stream(values())
        .filter(row -> row.title.equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "--row is '%s': give one of %s"
                        .formatted(
                            title,
                            Arrays.stream(values())
                                .map(PeerRow::title)
                                .collect(Collectors.joining(", ")))));
  }
}
