package io.gatestream.cli;

import io.gatestream.play.Delays;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.text.Figures;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The newest label of every stream as a table: drawn over in place on a terminal, else printed anew
 * every few seconds. Thread-safe; time comes from outside, as {@link System#nanoTime}.
 */
final class LiveTable {
  static final Duration REDRAW = Duration.ofMillis(200);
  static final Duration REPRINT = Duration.ofSeconds(5);

  private static final String[] HEADER = {
    "stream", "frame", "label", "score", "event", "frames/s", "delay ms"
  };
  private static final Set<Integer> TEXT = Set.of(0, 2, 4);
  private static final int MAX_ROWS = 20;
  private static final long RATE_WINDOW = Duration.ofSeconds(1).toNanos();

  private final PrintWriter out;
  private final Terminal terminal;
  private final Delays delays;
  private final Map<String, Row> rows = new TreeMap<>();
  private OptionalLong drawn = OptionalLong.empty();
  private int linesOnScreen;

  LiveTable(PrintWriter out, Terminal terminal, Delays delays) {
    this.out = out;
    this.terminal = terminal;
    this.delays = delays;
  }

  /** A record was sent, {@code sequence} being that of its first frame. */
  synchronized void sent(String stream, long sequence, long nanos) {
    rows.computeIfAbsent(stream, id -> new Row(id, nanos));
    delays.sent(stream, sequence, nanos);
  }

  synchronized void labelled(FrameLabel label, long nanos) {
    OptionalLong delay = delays.labelled(label, nanos);
    rows.computeIfAbsent(label.getStreamId(), id -> new Row(id, nanos)).take(label, delay);
  }

  /** Draws if the last drawing is old enough. */
  synchronized void refresh(long nanos) {
    long pause = (terminal.interactive() ? REDRAW : REPRINT).toNanos();
    if (drawn.isEmpty()) {
      drawn = OptionalLong.of(terminal.interactive() ? nanos - pause : nanos);
    }
    if (nanos - drawn.getAsLong() >= pause) {
      draw(nanos);
    }
  }

  /** Draws now. */
  synchronized void draw(long nanos) {
    drawn = OptionalLong.of(nanos);
    rows.values().forEach(row -> row.measure(nanos));
    List<String> lines = table(rows.values()).lines().toList();
    out.print(terminal.backUp(linesOnScreen));
    for (int i = 0; i < lines.size(); i++) {
      out.println(i == 0 ? terminal.bold(lines.get(i)) : lines.get(i));
    }
    if (!terminal.interactive()) {
      out.println();
    }
    out.flush();
    linesOnScreen = lines.size();
  }

  private static String table(Collection<Row> all) {
    List<Row> shown = all.stream().limit(MAX_ROWS).toList();
    String table = Figures.table(HEADER, TEXT, 10, shown.stream().map(Row::cells).toList());
    int hidden = all.size() - shown.size();
    return hidden == 0 ? table : table + "\n... and %d more streams".formatted(hidden);
  }

  private static final class Row {
    private final String stream;
    private String frame = "-";
    private String label = "-";
    private String score = "-";
    private String event = "-";
    private String rate = "-";
    private String delay = "-";
    private long since;
    private long frames;

    private Row(String stream, long since) {
      this.stream = stream;
      this.since = since;
    }

    private String[] cells() {
      return new String[] {TableCell.of(stream), frame, label, score, event, rate, delay};
    }

    private void take(FrameLabel newest, OptionalLong nanos) {
      frames++;
      frame = Long.toString(newest.getSequence());
      List<LabelScore> scores = newest.getScores();
      label = scores.isEmpty() ? "-" : TableCell.of(scores.get(0).getLabel());
      score = scores.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", scores.get(0).getScore());
      List<String> active = newest.getActive();
      event = active.isEmpty() ? "-" : TableCell.of(String.join(", ", active));
      delay = nanos.isEmpty() ? "-" : decimal(nanos.getAsLong() / 1e6);
    }

    private void measure(long now) {
      if (now - since >= RATE_WINDOW) {
        rate = decimal(frames * 1e9 / (now - since));
        since = now;
        frames = 0;
      }
    }

    private static String decimal(double value) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
  }
}
