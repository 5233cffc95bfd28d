package io.gatestream.evaluate.report;

import io.gatestream.evaluate.score.Mistake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one model, or one topic, came to.
 *
 * @param name short; unique among the runs of a report
 * @param confusion none where several labels are true at once
 * @param curves none where the labels' scores are cut
 */
public record ReportRun(
    String name,
    List<Fact> facts,
    List<ReportTable> tables,
    @Nullable Confusion confusion,
    List<PrecisionRecall> curves,
    @Nullable Reliability reliability,
    List<Mistake> mistakes,
    @Nullable ReportTable account) {
  /**
   * A confusion matrix.
   *
   * @param truth names of the rows
   * @param predicted names of the columns
   * @param counts frames, row by row
   */
  public record Confusion(List<String> truth, List<String> predicted, List<List<Long>> counts) {}

  /**
   * A precision-recall curve.
   *
   * @param label its index
   * @param recall 0..1, as long as {@code precision}
   */
  public record PrecisionRecall(
      int label, double averagePrecision, List<Double> recall, List<Double> precision) {}

  /**
   * A reliability diagram.
   *
   * @param error the expected calibration error, 0..1
   */
  public record Reliability(double error, List<Bin> bins) {}

  /**
   * The frames whose score lies from {@code low} to {@code high}.
   *
   * @param score their mean score
   * @param correct the share of them that is right
   */
  public record Bin(double low, double high, long frames, double score, double correct) {}

  /**
   * A stretch of wrong labels.
   *
   * @param seconds of its worst frame, since the source's start
   * @param score of what was predicted
   * @param text more of it, or empty
   * @param image a data URI, or none
   */
  public record Mistake(
      String stream,
      double seconds,
      String truth,
      String predicted,
      double score,
      String text,
      @Nullable String image) {}
}
