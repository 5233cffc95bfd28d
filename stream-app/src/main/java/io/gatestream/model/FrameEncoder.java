package io.gatestream.model;

import java.nio.ByteBuffer;

/**
 * Runs encoder.onnx. Thread-safe: at most {@link #callers} calls at once make it faster. On the CPU
 * every row is bit-equal to that of a batch of 1.
 */
public interface FrameEncoder extends AutoCloseable {
  /** Floats in one feature. */
  int featureSize();

  /** The best batch size here: batches of 1 to this many pictures are taken. */
  int maxBatch();

  /** How many threads may call at once with profit. */
  int callers();

  /**
   * Encodes {@code batch} pictures.
   *
   * @param pixels direct, uint8 [batch, H, W, 3] RGB from position 0; must not change before this
   *     returns
   * @return one new heap array of {@link #featureSize} floats for each picture
   */
  float[][] encode(ByteBuffer pixels, int batch);

  @Override
  void close();
}
