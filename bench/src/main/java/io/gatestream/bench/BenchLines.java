package io.gatestream.bench;

import java.util.Locale;

/** Lines of a bench's text, with figures in columns. */
final class BenchLines {
  private final StringBuilder text = new StringBuilder();

  void setup(BenchReport.Setup setup) {
    line("model        %s, provider %s", setup.model(), setup.provider());
    line(
        "machine      %d cores, %s",
        setup.cores(), setup.ownBroker() ? "the broker on the same ones" : "brokers of yours");
    line(
        "frames       %d JPEG of %.1f KB, sent over and over as %d streams on %d partitions",
        setup.pictures(), setup.frameBytes() / 1e3, setup.streams(), setup.partitions());
    line(
        "each figure  median of %d repetitions of %s s (stages: a fifth) after a warm-up; spread ="
            + " (most - least) / median",
        setup.repetitions(), number(setup.seconds()));
  }

  void figure(String what, Figure figure) {
    line(
        "  %-52s %10s   spread %5.1f %%%s",
        what, rate(figure.median()), 100 * figure.spread(), remark(figure));
  }

  void ratio(String what, Figure figure) {
    line(
        "  %-52s %10.3f   spread %5.1f %%%s",
        what, figure.median(), 100 * figure.spread(), remark(figure));
  }

  private static String remark(Figure figure) {
    return figure.isNoisy() ? "  above 10 %: do not trust it" : "";
  }

  private static String rate(double fps) {
    return String.format(Locale.ROOT, fps < 1_000 ? "%.1f" : "%.0f", fps);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }

  void head(String title) {
    line("");
    line("%s", title);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
