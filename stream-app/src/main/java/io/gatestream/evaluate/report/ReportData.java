package io.gatestream.evaluate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the page shows. Labels are named by their index in {@code labels}.
 *
 * @param facts of the evaluation as a whole
 * @param labels all class names, truth's own among them
 * @param background the label that means "nothing", if there is one
 * @param multiLabel whether several labels are true at once
 * @param notes what could not be scored, a sentence each
 * @param runs one, or the two that are compared
 * @param streams the streams that have a prediction in every run
 */
public record ReportData(
    String title,
    List<Fact> facts,
    List<String> labels,
    @Nullable String background,
    boolean multiLabel,
    List<String> notes,
    List<ReportRun> runs,
    List<StreamTimeline> streams,
    @Nullable ReportComparison comparison) {
  public ReportData {
    if (runs.isEmpty() || runs.size() > 2) {
      throw new IllegalArgumentException("%d runs, expected 1 or 2".formatted(runs.size()));
    }
    for (StreamTimeline stream : streams) {
      if (stream.tracks().size() != runs.size()) {
        throw new IllegalArgumentException(
            "stream %s has %d tracks for %d runs"
                .formatted(stream.stream(), stream.tracks().size(), runs.size()));
      }
    }
  }
}
