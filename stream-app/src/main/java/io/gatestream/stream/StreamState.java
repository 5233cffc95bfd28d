package io.gatestream.stream;

/**
 * All that is kept of one stream: its progress and the model's state tensors. Immutable: nobody
 * changes the arrays.
 */
final class StreamState {
  static final StreamState START = new StreamState(StreamProgress.START, new float[0][]);

  private final StreamProgress progress;
  private final float[][] tensors;

  /**
   * Creates a state; the arrays are kept, not copied.
   *
   * @param tensors one array per state tensor, row-major without the batch dimension; empty before
   *     the first step
   */
  StreamState(StreamProgress progress, float[][] tensors) {
    this.progress = progress;
    this.tensors = tensors;
  }

  StreamProgress progress() {
    return progress;
  }

  /** The arrays themselves, not copies. */
  float[][] tensors() {
    return tensors;
  }

  StreamState with(StreamProgress newProgress) {
    return new StreamState(newProgress, tensors);
  }
}
