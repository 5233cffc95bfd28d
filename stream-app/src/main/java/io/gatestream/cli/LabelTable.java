package io.gatestream.cli;

import io.gatestream.labels.ReadLabel;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.Reset;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Labels as an aligned table that never ends: columns grow with what is seen, up to the width of a
 * {@link TableCell}.
 */
final class LabelTable implements LabelFormat {
  private static final List<String> HEADER =
      List.of("time", "stream", "sequence", "label", "score", "framesSinceReset", "reset");
  private static final List<Boolean> RIGHT = List.of(false, false, true, false, true, true, false);
  private static final String GAP = "  ";

  private final Terminal terminal;
  private final int[] widths = HEADER.stream().mapToInt(String::length).toArray();
  private boolean headed;

  LabelTable(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public List<String> lines(List<ReadLabel> labels) {
    List<List<String>> rows = labels.stream().map(label -> cells(label.label())).toList();
    for (List<String> row : rows) {
      Arrays.setAll(widths, column -> Math.max(widths[column], TableCell.width(row.get(column))));
    }
    List<String> lines = new ArrayList<>();
    if (!headed && !rows.isEmpty()) {
      headed = true;
      lines.add(terminal.bold(line(HEADER)));
    }
    for (int i = 0; i < rows.size(); i++) {
      String line = line(rows.get(i));
      boolean reset = labels.get(i).label().getReset() != Reset.NONE;
      lines.add(reset ? terminal.yellow(line) : line);
    }
    return lines;
  }

  private static List<String> cells(FrameLabel label) {
    List<LabelScore> scores = label.getScores();
    return List.of(
        LabelFormat.time(label.getCaptureTime()),
        TableCell.of(label.getStreamId()),
        Long.toString(label.getSequence()),
        scores.isEmpty() ? "-" : TableCell.of(scores.get(0).getLabel()),
        scores.isEmpty() ? "-" : String.format(Locale.ROOT, "%.4f", scores.get(0).getScore()),
        Long.toString(label.getFramesSinceReset()),
        label.getReset().name());
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - TableCell.width(cell));
      line.append(column == 0 ? "" : GAP);
      line.append(RIGHT.get(column) ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }
}
