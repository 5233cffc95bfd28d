package io.gatestream.evaluate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side.
 *
 * @param a what the first is
 * @param note how the intervals were found
 * @param stretches where the two differ
 */
public record ReportComparison(
    String a, String b, String note, List<Row> rows, ReportTable stretches) {
  /**
   * One metric of both.
   *
   * @param difference b - a
   * @param low lower end of the difference's confidence interval, none where it has none
   * @param share whether it lies from 0 to 1, so that it may be drawn beside others
   */
  public record Row(
      String metric,
      @Nullable Double a,
      @Nullable Double b,
      @Nullable Double difference,
      @Nullable Double low,
      @Nullable Double high,
      boolean share) {}
}
