package io.gatestream.evaluate.events;

import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.model.EventRules;
import java.util.List;

/**
 * The rules that were found on a truth.
 *
 * @param rules the best of all streams within the delay that was asked for
 * @param found their figures on the streams that they were found on
 * @param heldOut the figures of rules that were found the same way on the other folds, each on the
 *     streams of its own fold: what to expect of unseen streams
 * @param curve the best rules within each delay, the shortest first
 */
public record TunedEvents(
    EventRules rules, EventMetrics found, EventMetrics heldOut, List<Point> curve) {
  /** The best rules whose median delay of START is at most so many seconds. */
  public record Point(double delayAtMost, EventRules rules, EventMetrics figures) {}
}
