package io.gatestream.evaluate.score;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The classes that a model tells apart, and how its scores become predicted labels. Immutable.
 *
 * @param labels class names in the order of the logits
 * @param background the label that means "nothing": never in an average over classes, never a
 *     stretch
 * @param multiLabel whether several labels may be true of a frame (sigmoid)
 * @param thresholds of a multi-label model: the score from which on a label is predicted, {@link
 *     #DEFAULT_THRESHOLD} where none is given
 */
public record Classes(
    List<String> labels,
    Optional<String> background,
    boolean multiLabel,
    Map<String, Double> thresholds) {
  public static final double DEFAULT_THRESHOLD = 0.5;

  public Classes {
    labels = List.copyOf(labels);
    thresholds = Map.copyOf(thresholds);
    if (labels.isEmpty() || new HashSet<>(labels).size() < labels.size()) {
      throw new IllegalArgumentException("labels %s: expected distinct names".formatted(labels));
    }
    List<String> named = new ArrayList<>(thresholds.keySet());
    background.ifPresent(named::add);
    for (String label : named) {
      if (!labels.contains(label)) {
        throw new IllegalArgumentException("label '%s' is not in %s".formatted(label, labels));
      }
    }
  }

  /** Classes of a softmax model, one of which is true of a frame. */
  public static Classes single(List<String> labels, Optional<String> background) {
    return new Classes(labels, background, false, Map.of());
  }

  public int count() {
    return labels.size();
  }

  /** The class index of {@code label}, or -1. */
  int index(String label) {
    return labels.indexOf(label);
  }

  /** The class index of the background, or -1. */
  int backgroundIndex() {
    return background.map(labels::indexOf).orElse(-1);
  }

  /** The indices of all classes but the background. */
  int[] foreground() {
    int background = backgroundIndex();
    return IntStream.range(0, count()).filter(label -> label != background).toArray();
  }

  double threshold(int label) {
    return thresholds.getOrDefault(labels.get(label), DEFAULT_THRESHOLD);
  }
}
