package io.gatestream.model;

import java.util.List;

/**
 * Runs step.onnx for one frame of one stream, or of several streams at once. Thread-safe; the
 * caller's thread runs it.
 */
public interface RecurrentStep extends AutoCloseable {
  /**
   * The state before a stream's first frame: fresh arrays, one per state tensor, row-major without
   * the batch dimension.
   */
  float[][] initialState();

  /**
   * Advances one state by one frame; changes none of its arguments.
   *
   * @param features as {@link FrameEncoder#encode} gave them
   * @param state one array per state tensor
   * @param elapsed seconds since the stream's previous frame, 0 after a reset; ignored unless the
   *     model takes it
   * @param auxiliary the frame's side features; ignored unless the model takes them
   */
  Result step(float[] features, float[][] state, float elapsed, float[] auxiliary);

  /** The most streams of one call that are worth it here, and bit-equal on a CPU; 1: none are. */
  default int maxBatch() {
    return 1;
  }

  /**
   * Makes each of the calls, and on a CPU with the very bits that {@link #step(float[], float[][],
   * float, float[])} gives.
   *
   * @param calls 1 to {@link #maxBatch} of different streams
   * @return a result for each, in order
   */
  default List<Result> step(List<StepCall> calls) {
    return calls.stream()
        .map(call -> step(call.features(), call.state(), call.elapsed(), call.auxiliary()))
        .toList();
  }

  @Override
  void close();

  /** Logits of one frame and the state after it, in fresh arrays. */
  final class Result {
    private final float[] logits;
    private final float[][] state;

    public Result(float[] logits, float[][] state) {
      this.logits = logits;
      this.state = state;
    }

    /** The array itself, not a copy: [C]. */
    public float[] logits() {
      return logits;
    }

    /** The arrays themselves, not copies. */
    public float[][] state() {
      return state;
    }
  }
}
