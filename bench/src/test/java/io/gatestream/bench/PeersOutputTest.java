package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.errors.ConfigException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PeersOutputTest {
  private static PeerTurn turn(double fps, double cpuMicros, double p99) {
    return new PeerTurn(fps, cpuMicros, 100, 0.02, 400 << 20, 500 << 20, 2.5, p99 / 2, p99);
  }

  /** Three turns: Gatestream makes 140, 150 and 160 a second, the rival 100, or what is given. */
  private static PeerRowResult row(PeerRow row, Peer rival, double rivalFps, OptionalDouble sent) {
    List<PeerRowResult.Pair> pairs = new ArrayList<>();
    List<PeerTurn> own = new ArrayList<>();
    List<PeerTurn> rivals = new ArrayList<>();
    for (double fps : new double[] {140, 150, 160}) {
      PeerTurn before = turn(sent.isPresent() ? sent.getAsDouble() : fps, 1_000, 100);
      PeerTurn of = turn(rivalFps, 1_600, 130);
      own.add(before);
      rivals.add(of);
      pairs.add(new PeerRowResult.Pair(rival, before, of));
    }
    return new PeerRowResult(
        row,
        Reports.report(true).setup(),
        "256x256 JPEG of 15.1 KB as 16 streams",
        List.of(
            new PeerRowResult.Lane(Peer.GATESTREAM, own), new PeerRowResult.Lane(rival, rivals)),
        Figure.of(1.01, 0.99, 1.0),
        PeerRowResult.comparisons(row, rival, pairs, sent),
        row == PeerRow.DELAY
            ? List.of(Target.atMost("delay p99, milliseconds", Figure.of(100, 110, 130), 120))
            : List.of());
  }

  private static List<String> text(PeerRowResult row) {
    return PeersText.of(report(row))
        .lines()
        .map(line -> line.strip().replaceAll(" {2,}", "|"))
        .toList();
  }

  private static PeersReport report(PeerRowResult row) {
    return new PeersReport(
        Instant.parse("2026-11-30T10:00:00Z"),
        "2 cores of Some CPU",
        3,
        15,
        10,
        List.of(row),
        List.of("large, which needs --large"));
  }

  @Test
  void aTargetIsMetOrMissedByTheMedianOfNeighbours() {
    assertThat(text(row(PeerRow.DEFAULT, Peer.P1, 100, OptionalDouble.empty())))
        .contains(
            "2026-11-30 10:00 UTC, 2 cores of Some CPU",
            "default: frames a second from a full topic",
            "gatestream to itself, the next run|1.000|spread|2.0 %",
            "frames a second over p1|1.500|at least|1.30|met|spread|13.3 %",
            "processor time a frame, p1 over gatestream|1.600|spread|0.0 %",
            "gatestream|150.0|13.3 %|1000|100|400|500|2.5|0.02",
            "p1|100.0|0.0 %|1600|100|400|500|2.5|0.02",
            "not measured: large, which needs --large");
  }

  @Test
  void aPeerThatWinsIsShownWinning() {
    assertThat(text(row(PeerRow.DEFAULT, Peer.P2, 300, OptionalDouble.empty())))
        .contains("frames a second over p2|0.500|at least|1.50|MISSED|spread|13.3 %");
  }

  @Test
  void whereBothKeepUpTheProcessorTimeIsHeldToTheTarget() {
    assertThat(text(row(PeerRow.STREAMS_1000, Peer.P2, 999, OptionalDouble.of(1_000))))
        .contains("processor time a frame, p2 over gatestream|1.600|at least|1.50|met|spread|0.0 %")
        .anyMatch(line -> line.matches("frames a second over p2\\|1.001\\|spread\\|0.0 %"));
    assertThat(text(row(PeerRow.STREAMS_1000, Peer.P2, 900, OptionalDouble.of(1_000))))
        .contains("frames a second over p2|1.111|at least|1.50|MISSED|spread|0.0 %");
  }

  @Test
  void delaysHaveTheirColumns() {
    assertThat(text(row(PeerRow.DELAY, Peer.P2, 100, OptionalDouble.of(100))))
        .contains(
            "delay p99, milliseconds|110.0|at most|120.0|met|spread|27.3 %",
            "delay p99, p2 over gatestream|1.300|spread|0.0 %",
            "p2|100.0|0.0 %|1600|100|400|500|2.5|0.02|65.0|130.0");
  }

  @Test
  void jsonHasEveryRun() {
    JsonNode json =
        PeersJson.of(report(row(PeerRow.DEFAULT, Peer.P1, 100, OptionalDouble.empty())));
    JsonNode row = json.get("rows").get(0);

    assertThat(row.get("row").asText()).isEqualTo("default");
    assertThat(row.get("comparisons").get(0).get("median").asDouble()).isEqualTo(1.5);
    assertThat(row.get("comparisons").get(0).get("met").asBoolean()).isTrue();
    assertThat(row.get("comparisons").get(1).has("met")).isFalse();
    assertThat(row.get("peers").get("gatestream")).hasSize(3);
    assertThat(row.get("peers").get("gatestream").get(2).get("fps").asDouble()).isEqualTo(160);
    assertThat(row.get("gatestreamToItself").get("values")).hasSize(3);
  }

  @Test
  void whatIsAskedForIsChecked() {
    PeersOptions options = new PeersOptions();
    assertThat(options.rows()).hasSize(PeerRow.values().length - 1).doesNotContain(PeerRow.LARGE);
    assertThat(options.rivals(PeerRow.DEFAULT)).containsExactly(Peer.P1, Peer.P2, Peer.P3F);
    options.rows = List.of("skewed", "no-such");
    assertThatThrownBy(options::rows)
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("no-such", "skewed", "delay");
    options.rows = List.of("large");
    assertThatThrownBy(options::rows).hasMessageContainingAll("--large", "bench-bundle");
    options.rivals = List.of("gatestream");
    assertThatThrownBy(() -> options.rivals(PeerRow.DEFAULT)).hasMessageContaining("p3f");
    assertThatThrownBy(options::requireTogether).hasMessageContaining("--peers");
    options.turns = Optional.of(0);
    options.warmUp = Optional.of(-1.0);
    assertThatThrownBy(() -> options.settings(Optional.of(0.1)))
        .hasMessageContainingAll("--turns", "--warm-up", "--seconds");
  }
}
