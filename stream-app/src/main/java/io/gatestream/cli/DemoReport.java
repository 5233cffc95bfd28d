package io.gatestream.cli;

import io.gatestream.evaluate.Accuracy;
import io.gatestream.play.Delays;
import io.gatestream.play.FrameAccount;
import io.gatestream.text.Figures;
import io.gatestream.text.TableCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a demo came to: accuracy where the truth is known, speed and delay. */
final class DemoReport {
  private static final String[] HEADER = {
    "", "frames", "correct", "settled frames", "correct", "events"
  };

  private DemoReport() {}

  /**
   * The report's lines.
   *
   * @param seconds from the first frame sent to the last label read
   */
  static String of(
      Optional<Accuracy> accuracy,
      FrameAccount account,
      EventCounts events,
      Delays delays,
      double seconds) {
    List<String> parts = new ArrayList<>();
    accuracy.ifPresent(
        known -> {
          parts.add(scores(known, events));
          if (known.uncovered() > 0) {
            parts.add("%d frames are not in the truth file".formatted(known.uncovered()));
          }
          parts.add(
              "settled: frames at least %s s after the last change of truth"
                  .formatted(Accuracy.SETTLING.toMillis() / 1000.0));
        });
    parts.add(
        "%d frames sent: %d labelled, %d dropped as duplicate, skipped or rejected, %d open"
            .formatted(account.sent(), account.labels(), account.dropped(), account.open()));
    if (events.begun() > 0) {
      parts.add(
          "%d events began; %d of them are still on".formatted(events.begun(), events.open()));
    }
    parts.add(
        format(
            "%.1f frames a second; delay from sending to committed label: p50 %.0f ms, p95 %.0f ms",
            seconds > 0 ? account.labels() / seconds : 0,
            delays.milliseconds(50),
            delays.milliseconds(95)));
    return String.join("\n", parts);
  }

  private static String scores(Accuracy accuracy, EventCounts events) {
    List<String[]> rows = new ArrayList<>();
    accuracy
        .byStream()
        .forEach(
            (stream, score) ->
                rows.add(
                    row("stream " + stream, score, events.byStream().getOrDefault(stream, 0L))));
    accuracy
        .byClass()
        .forEach(
            (label, score) ->
                rows.add(row("class " + label, score, events.byClass().getOrDefault(label, 0L))));
    rows.add(row("total", accuracy.total(), events.begun()));
    return Figures.table(HEADER, rows);
  }

  private static String[] row(String name, Accuracy.Score score, long events) {
    return new String[] {
      TableCell.of(name),
      Long.toString(score.raw().frames()),
      percent(score.raw()),
      Long.toString(score.settled().frames()),
      percent(score.settled()),
      Long.toString(events)
    };
  }

  private static String percent(Accuracy.Count count) {
    return count.ratio().isEmpty() ? "-" : format("%.1f %%", 100 * count.ratio().getAsDouble());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
