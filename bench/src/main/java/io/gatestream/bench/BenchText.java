package io.gatestream.bench;

import io.gatestream.model.ComputePlan;
import java.util.Locale;
import java.util.Optional;

/** A bench as text for people: figures with their spread, ratios, and what they mean. */
final class BenchText {
  private final BenchLines lines = new BenchLines();

  private BenchText() {}

  static String of(BenchReport report) {
    BenchText text = new BenchText();
    text.lines.setup(report.setup());
    text.stages(report);
    text.rates(report.rates());
    text.delays(report);
    text.ratios(report.rates());
    text.meaning(report.meaning(), report.setup().plan());
    return text.lines.toString();
  }

  private void stages(BenchReport report) {
    lines.head("1. Stage limits, frames a second");
    for (StageFigure stage : report.stages()) {
      lines.figure("%-8s %s".formatted(stage.stage(), stage.setting()), stage.fps());
    }
  }

  private void rates(BenchReport.Rates rates) {
    lines.head("2. Raw limit, frames a second: decode, encode and step without Kafka");
    lines.figure(rates.rawWay(), rates.raw());
    lines.head("3. End to end, frames a second from a full topic to labels");
    lines.figure("gatestream", rates.endToEnd());
    lines.figure("naive: one stream thread, encoder on all cores", rates.naive());
    lines.figure("naive: a stream thread a core", rates.naivePerCore());
    rates
        .brokerShare()
        .ifPresent(
            share ->
                lines.line(
                    "  the broker used %.1f %% of all cores meanwhile", 100 * share.median()));
  }

  private void delays(BenchReport report) {
    lines.line("");
    lines.line("Delay from sending to committed label, milliseconds, frames sent at a fixed rate:");
    lines.line("  %-38s %9s %9s %9s", "", "p50", "p95", "p99");
    for (Delay delay : report.delays()) {
      delay(
          delay,
          delay.unlabelled() == 0
              ? ""
              : "  did not keep up: %d of %d frames had no label"
                  .formatted(delay.unlabelled(), delay.frames() + delay.unlabelled()));
    }
    Delay overload = report.overload();
    delay(
        overload,
        "  overload=latest: %.0f %% of the frames labelled"
            .formatted(100.0 * overload.frames() / (overload.frames() + overload.unlabelled())));
    lines.line("  (sending takes a part of the same cores, which the rate above did not need)");
  }

  private void delay(Delay delay, String remark) {
    lines.line(
        "  %-38s %9.1f %9.1f %9.1f%s",
        "%d %% = %.0f a second, %d streams".formatted(delay.load(), delay.fps(), delay.streams()),
        delay.p50(),
        delay.p95(),
        delay.p99(),
        remark);
  }

  private void ratios(BenchReport.Rates rates) {
    lines.head("4. Ratios, of measurements in turns");
    lines.ratio("end to end to itself, one turn later", rates.endToEnd().overItself());
    lines.ratio("end to end to raw limit", rates.toRaw());
    rates
        .toRawNet()
        .ifPresent(net -> lines.ratio("the same, net of the broker's processor time", net));
    lines.ratio("by processor time, without the broker's", rates.toRawByCpu());
    lines.ratio("end to end to naive, encoder on all cores", rates.toNaive());
    lines.ratio("end to end to naive, a stream thread a core", rates.toNaivePerCore());
  }

  private void meaning(BenchReport.Meaning meaning, ComputePlan plan) {
    lines.head("5. What it means");
    lines.line(
        "  cameras at %s frames a second: %d, or %d with a third in reserve",
        BenchLines.number(meaning.frameRate()), meaning.cameras(), meaning.cameras() * 2 / 3);
    lines.line(
        "  partitions of the frames topic: %d or more; they can never be changed, and each takes up"
            + " to one stream thread of one instance",
        meaning.partitions());
    lines.line(
        "  threads, as measured: %d stream threads, %d workers",
        meaning.streamThreads(), plan.workers());
    lines.line("  encoder, as calibrated or given: %s", plan.encoder());
    meaning
        .residentBytes()
        .ifPresent(
            bytes ->
                lines.line(
                    "  memory: %.0f MiB at most in this process, which also sent and read",
                    bytes / 1048576.0));
    lines.line(
        "  bandwidth at full rate: frames %s, labels %s, changelog %s, each times its replicas",
        bandwidth(Optional.of(meaning.topicBytes())),
        bandwidth(meaning.labelBytes()),
        bandwidth(meaning.changelogBytes()));
  }

  private static String bandwidth(Optional<Double> bytes) {
    return bytes
        .map(value -> String.format(Locale.ROOT, "%.2f MB/s", value / 1e6))
        .orElse("not told by the brokers");
  }
}
