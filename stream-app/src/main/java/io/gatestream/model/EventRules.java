package io.gatestream.model;

import java.util.List;

/**
 * The event rules of a bundle, or those that are given in their place. Immutable.
 *
 * @param rules in the order of the bundle's labels, one for a class at most
 * @param update microseconds of capture time from one UPDATE to the next; 0 writes none
 * @param idle microseconds without a frame after which a stream is silent
 */
public record EventRules(List<EventRule> rules, long update, long idle) {
  /** No class has a rule: there are no events. */
  public static final EventRules NONE = new EventRules(List.of(), 0, 30_000_000);

  public EventRules {
    rules = List.copyOf(rules);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }
}
