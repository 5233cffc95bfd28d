package io.gatestream.bench;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;

/** The table of peers as text. */
final class PeersText {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private PeersText() {}

  static String of(PeersReport report) {
    BenchLines lines = new BenchLines();
    lines.line("%s, %s", WHEN.format(report.when()), report.machine());
    lines.line(
        "each figure  median of %d turns of %s s after %s s; spread = (most - least) / median",
        report.turns(), BenchLines.number(report.seconds()), BenchLines.number(report.warmUp()));
    lines.line("ratios       of neighbours in time; above 1 gatestream is better");
    for (PeerRowResult row : report.rows()) {
      row(lines, row);
    }
    report.notMeasured().forEach(why -> lines.line("%nnot measured: %s", why));
    return lines.toString();
  }

  private static void row(BenchLines lines, PeerRowResult row) {
    lines.head("%s: %s".formatted(row.row().title(), row.row().description()));
    lines.line("  %s; %s", row.setup().model(), row.sent());
    ratio(lines, "gatestream to itself, the next run", row.itself(), OptionalDouble.empty());
    for (PeerRowResult.Comparison of : row.comparisons()) {
      ratio(lines, of.what(), of.ratio(), of.atLeast());
    }
    for (Target target : row.targets()) {
      lines.line(
          "  %-50s %9.1f   at most  %7.1f   %s   spread %5.1f %%",
          target.what(),
          target.figure().median(),
          target.limit(),
          target.isMet() ? "met   " : "MISSED",
          100 * target.figure().spread());
    }
    lanes(lines, row);
  }

  private static void ratio(BenchLines lines, String what, Figure ratio, OptionalDouble atLeast) {
    String held =
        atLeast.isEmpty()
            ? " ".repeat(25)
            : String.format(
                Locale.ROOT,
                "at least %7.2f   %s",
                atLeast.getAsDouble(),
                ratio.median() >= atLeast.getAsDouble() ? "met   " : "MISSED");
    lines.line(
        "  %-50s %9.3f   %s   spread %5.1f %%", what, ratio.median(), held, 100 * ratio.spread());
  }

  private static void lanes(BenchLines lines, PeerRowResult row) {
    boolean isTimed = row.row().way() == PeerRow.Way.DELAY;
    lines.line(
        "  %-12s %9s %7s %10s %10s %9s %9s %8s %7s%s",
        "",
        "frames/s",
        "spread",
        "CPU us",
        "broker us",
        "MiB",
        "peak MiB",
        "first s",
        "others",
        isTimed ? "    p50 ms    p99 ms" : "");
    for (PeerRowResult.Lane lane : row.lanes()) {
      Figure fps = lane.figure(PeerTurn::fps);
      lines.line(
          "  %-12s %9.1f %5.1f %% %10.0f %10.0f %9.0f %9.0f %8.1f %7.2f%s",
          lane.peer().title(),
          fps.median(),
          100 * fps.spread(),
          lane.figure(PeerTurn::cpuMicros).median(),
          lane.figure(PeerTurn::brokerMicros).median(),
          lane.figure(PeerTurn::residentBytes).median() / (1 << 20),
          lane.figure(PeerTurn::peakBytes).median() / (1 << 20),
          lane.figure(PeerTurn::firstLabelSeconds).median(),
          lane.figure(PeerTurn::otherCores).median(),
          isTimed ? delays(lane) : "");
    }
  }

  private static String delays(PeerRowResult.Lane lane) {
    return String.format(
        Locale.ROOT,
        " %9.1f %9.1f",
        lane.figure(PeerTurn::p50).median(),
        lane.figure(PeerTurn::p99).median());
  }
}
