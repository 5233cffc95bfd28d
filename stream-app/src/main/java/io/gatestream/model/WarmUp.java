package io.gatestream.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** First runs of a model, on made-up pictures that are the same each time. */
public final class WarmUp {
  /** Pictures that are compared for each batch size, at least. */
  private static final int COMPARED = 4;

  private WarmUp() {}

  /** Runs every batch size once, which also loads what a GPU loads lazily. */
  static void run(OrtFrameEncoder encoder, RecurrentStep step, ModelBundle bundle) {
    ByteBuffer pictures = pictures(bundle, encoder.maxBatch());
    float[] features = new float[encoder.featureSize()];
    for (int size : encoder.sizes().ascending()) {
      features = encoder.encode(pictures, size)[0];
    }
    step.step(features, step.initialState(), 0, new float[bundle.auxiliarySize().orElse(0)]);
  }

  /**
   * Those of the encoder's batch sizes for which some row differs from what {@code reference} makes
   * of that picture alone.
   */
  public static List<Integer> unequalSizes(
      OrtFrameEncoder encoder, OrtFrameEncoder reference, ModelBundle bundle) {
    int bytes = bundle.input().bytes();
    int count = Math.max(COMPARED, encoder.maxBatch());
    ByteBuffer pictures = pictures(bundle, count);
    float[][] alone = new float[count][];
    for (int i = 0; i < count; i++) {
      alone[i] = reference.encode(pictures.slice(i * bytes, bytes), 1)[0];
    }
    List<Integer> unequal = new ArrayList<>();
    for (int size : encoder.sizes().ascending()) {
      for (int first = 0; first < COMPARED && first + size <= count; first += size) {
        float[][] together = encoder.encode(pictures.slice(first * bytes, size * bytes), size);
        if (!Arrays.deepEquals(together, Arrays.copyOfRange(alone, first, first + size))) {
          unequal.add(size);
          break;
        }
      }
    }
    return unequal;
  }

  public static ByteBuffer pictures(ModelBundle bundle, int count) {
    byte[] noise = new byte[Math.multiplyExact(bundle.input().bytes(), count)];
    new Random(20_261_121).nextBytes(noise);
    return ByteBuffer.allocateDirect(noise.length).put(noise).clear();
  }
}
