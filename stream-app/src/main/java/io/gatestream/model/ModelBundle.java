package io.gatestream.model;

import io.gatestream.frame.InputSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A validated model bundle: what docs/bundle.md calls model.json, with the hashes of the ONNX files
 * checked. Immutable. The graphs themselves are checked when {@link ModelRuntime} opens them.
 *
 * @param folder the bundle's folder
 * @param labels class names in the order of the logits
 * @param temperature scores are activation(logits / temperature); from 0.001 to 1000
 * @param background the label that means "nothing"
 * @param thresholds label to score; empty unless the activation is sigmoid
 * @param events empty where the bundle has none
 * @param frameIntervalMicros the rate the model was trained for, 0 = every frame
 * @param tolerance of comparisons with the golden files
 * @param training what {@code training} says, flattened to dotted names
 * @param stateFingerprint hex SHA-256 over encoder, step and preprocessing: its change resets
 *     streams
 * @param bundleFingerprint hex SHA-256 over the whole of model.json
 */
public record ModelBundle(
    Path folder,
    String name,
    String version,
    List<String> labels,
    Activation activation,
    double temperature,
    Optional<String> background,
    Map<String, Double> thresholds,
    EventRules events,
    InputSpec input,
    long frameIntervalMicros,
    EncoderSpec encoder,
    StepSpec step,
    Tolerance tolerance,
    String licence,
    List<String> attribution,
    Map<String, String> training,
    String stateFingerprint,
    String bundleFingerprint) {

  /**
   * How far values may lie apart; docs/bundle.md says which, and relative to what. {@code parity}
   * is that of features which two runtimes, or two devices, make of the same pixels.
   */
  public record Tolerance(int pixels, double features, double logits, double parity) {
    public static final double STANDARD_PARITY = 1e-4;
  }

  public ModelBundle {
    labels = List.copyOf(labels);
    thresholds = Map.copyOf(thresholds);
    attribution = List.copyOf(attribution);
  }

  /** Floats in one feature. */
  public int featureSize() {
    return encoder.features().shape().get(1);
  }

  /** State tensors in the order in which a state keeps them. */
  public List<StateSpec> states() {
    return step.states();
  }

  /** Bytes of one stream's state tensors. */
  public int stateBytes() {
    return Math.multiplyExact(4, step.states().stream().mapToInt(StateSpec::size).sum());
  }

  /** Side features that each frame must bring, empty when the model takes none. */
  public OptionalInt auxiliarySize() {
    return step.auxiliary().stream().mapToInt(tensor -> tensor.shape().get(1)).findFirst();
  }

  /** Whether the step takes the seconds since the stream's previous frame. */
  public boolean takesElapsed() {
    return step.elapsed().isPresent();
  }
}
