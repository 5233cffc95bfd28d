package io.gatestream.bench;

/**
 * The figures that Gatestream is held to, as text: what they differ by from themselves comes first.
 */
final class TargetsText {
  private TargetsText() {}

  static String of(TargetsReport report) {
    BenchLines lines = new BenchLines();
    lines.setup(report.setup());
    lines.head("Without a target");
    lines.ratio("end to end to itself, one turn later", report.itself());
    lines.ratio("to raw limit by processor time", report.byCpu());
    lines.ratio("free model to bare Kafka Streams, small frames", report.freeOnSmall());
    lines.head("Frames a second");
    report.rates().forEach(lines::figure);
    lines.head("Targets");
    for (Target target : report.targets()) {
      lines.line(
          "  %-62s %10s   %s %s   %s   spread %.1f %%",
          target.what(),
          value(target.figure().median()),
          target.atLeast() ? "at least" : "at most ",
          value(target.limit()),
          target.isMet() ? "met   " : "MISSED",
          100 * target.figure().spread());
    }
    return lines.toString();
  }

  private static String value(double value) {
    return String.format(java.util.Locale.ROOT, value < 100 ? "%.3f" : "%.0f", value);
  }
}
