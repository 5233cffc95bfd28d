package io.gatestream.evaluate.score;

import java.util.List;
import java.util.Map;

/**
 * All metrics of one evaluation, as metrics.json holds them. Immutable.
 *
 * <p>Ratios are 0 to 1. A value that is not defined is NaN here and null in the file. What each
 * means, its formula and its source are in docs/evaluation.md.
 *
 * @param frames scored frames
 * @param unscoredFrames frames with a label of which the truth is not known
 * @param seconds that the scored frames last
 * @param frameAccuracy share of frames whose labels are exactly the true ones
 * @param balancedAccuracy mean recall of the classes that are true of a frame
 * @param topK share of frames whose true class is among the k best, by k
 * @param macroF1 mean F1 of the classes that are true of a frame, without background
 * @param mAP mean average precision over the frames of all streams, without background and absent
 *     classes
 * @param mcAP the same with calibrated precision
 * @param calibrationError expected calibration error, 15 bins
 * @param segmentF1 F1 by overlap in percent, mean over streams
 * @param editScore mean over streams
 * @param startAP point-level mean average precision of action starts by offset in seconds
 * @param classes by class, in the order of the bundle
 * @param confusionMatrix frames by true class, then predicted class; empty for a multi-label model
 * @param streams by stream
 * @param notes what could not be scored, and why
 */
public record Metrics(
    boolean multiLabel,
    long frames,
    long unscoredFrames,
    double seconds,
    double frameAccuracy,
    double balancedAccuracy,
    Map<Integer, Double> topK,
    double macroF1,
    double mAP,
    double mcAP,
    double calibrationError,
    Map<Integer, Double> segmentF1,
    double editScore,
    Map<Integer, Double> startAP,
    DetectionDelay detectionDelaySeconds,
    double falseAlarmsPerHour,
    double labelChangesPerMinute,
    Account account,
    List<ClassMetrics> classes,
    List<List<Long>> confusionMatrix,
    List<StreamMetrics> streams,
    List<String> notes) {

  /**
   * Seconds from the start of a true stretch to the first frame inside it that has its label.
   *
   * @param median of the detected stretches
   * @param p90 of the detected stretches
   * @param detected stretches
   * @param undetected stretches without such a frame
   */
  public record DetectionDelay(double median, double p90, long detected, long undetected) {}

  /**
   * One class over the frames of all streams.
   *
   * @param support frames of which it is true
   * @param predicted frames for which it is predicted
   */
  public record ClassMetrics(
      String label,
      boolean background,
      long support,
      long predicted,
      double precision,
      double recall,
      double f1,
      double averagePrecision,
      double calibratedAveragePrecision,
      Map<Integer, Double> startAP) {}

  /** One stream, or one session of it. */
  public record StreamMetrics(
      String stream,
      long frames,
      long unscoredFrames,
      double seconds,
      double frameAccuracy,
      Map<Integer, Double> segmentF1,
      double editScore,
      double detectionDelayMedianSeconds,
      long undetected,
      long falseAlarms,
      long labelChanges) {}
}
