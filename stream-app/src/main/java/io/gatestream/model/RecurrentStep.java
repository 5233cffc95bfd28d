package io.gatestream.model;

/** Runs step.onnx for one stream and one frame. Thread-safe; the caller's thread runs it. */
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
