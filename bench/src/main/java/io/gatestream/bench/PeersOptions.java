package io.gatestream.bench;

import io.gatestream.errors.ConfigException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code bench --peers} takes. */
public final class PeersOptions {
  private static final int TURNS = 5;
  private static final double WARM_UP = 15;
  private static final double SECONDS = 10;

  @Option(
      names = "--peers",
      description =
          "Measure Gatestream beside programs that a user would write instead"
              + " (docs/performance.md): about two hours, or some minutes with --row.")
  boolean peers;

  @Option(
      names = "--row",
      paramLabel = "NAME",
      split = ",",
      description =
          "With --peers: only this row of the table: default, large, skewed, streams-1000,"
              + " streams-10000, cpu or delay. May be repeated.")
  List<String> rows = List.of();

  @Option(
      names = "--against",
      paramLabel = "NAME",
      split = ",",
      description = "With --peers: only this one: p1, p1t, p2, p2t, p3 or p3f. May be repeated.")
  List<String> rivals = List.of();

  @Option(
      names = "--large",
      paramLabel = "BUNDLE",
      description = "With --peers: the bundle of the row large, made by bench-bundle.")
  Optional<Path> large = Optional.empty();

  @Option(
      names = "--turns",
      paramLabel = "N",
      description = "With --peers: runs of everybody in turns. Default: 5.")
  Optional<Integer> turns = Optional.empty();

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "With --peers: seconds after the first label that do not count. Default: 15.")
  Optional<Double> warmUp = Optional.empty();

  PeerSettings settings(Optional<Double> seconds) {
    return new PeerSettings(turns.orElse(TURNS), warmUp.orElse(WARM_UP), seconds.orElse(SECONDS));
  }

  /** Fails where one of the others is given without {@code --peers}. */
  void requireTogether() {
    boolean isGiven =
        !rows.isEmpty()
            || !rivals.isEmpty()
            || large.isPresent()
            || turns.isPresent()
            || warmUp.isPresent();
    if (isGiven && !peers) {
      throw new ConfigException(
          "--row, --against, --large, --turns and --warm-up are for --peers: add that");
    }
  }

  /** What was asked for; all that can be measured where nothing was. */
  List<PeerRow> rows() {
    if (!rows.isEmpty()) {
      List<PeerRow> named = rows.stream().distinct().map(PeerRow::named).toList();
      if (named.contains(PeerRow.LARGE) && large.isEmpty()) {
        throw new ConfigException(
            "--row large needs --large BUNDLE: make one with `model-export/gatestream-export"
                + " bench-bundle --output BUNDLE`");
      }
      return named;
    }
    return Arrays.stream(PeerRow.values())
        .filter(row -> row != PeerRow.LARGE || large.isPresent())
        .toList();
  }

  /** Rows that stay out of what is measured, with the reason. */
  List<String> notMeasured() {
    return rows.isEmpty() && large.isEmpty()
        ? List.of("large, which needs --large BUNDLE, made by gatestream-export bench-bundle")
        : List.of();
  }

  /** Whom a row is measured against. */
  List<Peer> rivals(PeerRow row) {
    return rivals.isEmpty() ? row.rivals() : rivals.stream().distinct().map(Peer::rival).toList();
  }
}
