package io.gatestream.evaluate.report;

import java.util.List;

/**
 * One stream along its source time, in seconds.
 *
 * @param truth in order; without overlap unless several labels are true at once
 * @param tracks one for each run
 */
public record StreamTimeline(String stream, List<Stretch> truth, List<Track> tracks) {
  /**
   * A stretch of one label.
   *
   * @param label its index, -1 for none of them
   * @param start inclusive
   * @param end exclusive
   */
  public record Stretch(int label, double start, double end) {}

  /**
   * What one run says of the stream.
   *
   * @param frames labelled
   * @param every which frame's scores are kept: 1 for all, 2 for every second, and so on
   * @param seconds of the frames kept
   * @param curves only of labels that matter here
   */
  public record Track(
      long frames,
      int every,
      List<Stretch> predicted,
      List<Double> seconds,
      List<Curve> curves,
      List<Mark> marks) {
    public Track {
      for (Curve curve : curves) {
        if (curve.permille().size() != seconds.size()) {
          throw new IllegalArgumentException(
              "label %d has %d scores at %d times"
                  .formatted(curve.label(), curve.permille().size(), seconds.size()));
        }
      }
    }
  }

  /**
   * A label's scores.
   *
   * @param permille thousandths, which keep the page small
   */
  public record Curve(int label, List<Integer> permille) {}

  /**
   * Something that happened at one moment.
   *
   * @param kind reset, rejected or missing
   */
  public record Mark(double seconds, String kind, String text) {}
}
