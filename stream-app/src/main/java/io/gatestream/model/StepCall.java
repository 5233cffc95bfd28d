package io.gatestream.model;

import java.util.Arrays;

/**
 * What one step of one stream is made from. The result is a function of it alone, so a result that
 * was made early counts exactly where the same call is made again: see {@link #isSame}. Immutable:
 * nobody changes the arrays.
 */
public final class StepCall {
  private final float[] features;
  private final float[][] state;
  private final float elapsed;
  private final float[] auxiliary;

  /**
   * Creates a call; the arrays are kept, not copied.
   *
   * @param features as {@link FrameEncoder#encode} gave them
   * @param state one array for each state tensor, row-major without the batch dimension
   * @param elapsed seconds since the stream's previous frame, 0 after a reset; ignored unless the
   *     model takes it
   * @param auxiliary the frame's side features; ignored unless the model takes them
   */
  public StepCall(float[] features, float[][] state, float elapsed, float[] auxiliary) {
    this.features = features;
    this.state = state;
    this.elapsed = elapsed;
    this.auxiliary = auxiliary;
  }

  /** The array itself, not a copy. */
  public float[] features() {
    return features;
  }

  /** The arrays themselves, not copies. */
  public float[][] state() {
    return state;
  }

  public float elapsed() {
    return elapsed;
  }

  /** The array itself, not a copy. */
  public float[] auxiliary() {
    return auxiliary;
  }

  /** How another call differs from this one; the first that is found. */
  public enum Difference {
    NONE,
    STATE,
    FEATURES,
    ELAPSED,
    AUXILIARY
  }

  /**
   * Compares features and state by the identity of their arrays: equal floats in other arrays are
   * of another frame, another fetch or another life of the task, and count as different.
   */
  public Difference from(StepCall other) {
    if (state != other.state) {
      return Difference.STATE;
    }
    if (features != other.features) {
      return Difference.FEATURES;
    }
    if (Float.floatToRawIntBits(elapsed) != Float.floatToRawIntBits(other.elapsed)) {
      return Difference.ELAPSED;
    }
    return Arrays.equals(auxiliary, other.auxiliary) ? Difference.NONE : Difference.AUXILIARY;
  }

  public boolean isSame(StepCall other) {
    return from(other) == Difference.NONE;
  }
}
