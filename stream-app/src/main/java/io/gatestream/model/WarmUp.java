package io.gatestream.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** First runs of a model, on made-up pictures that are the same each time. */
final class WarmUp {
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

  /** Those of the encoder's batch sizes for which some row differs from that of a batch of 1. */
  static List<Integer> unequalSizes(OrtFrameEncoder encoder, ModelBundle bundle) {
    int bytes = bundle.input().bytes();
    ByteBuffer pictures = pictures(bundle, encoder.maxBatch());
    List<Integer> unequal = new ArrayList<>();
    for (int size : encoder.sizes().ascending()) {
      float[][] together = encoder.encode(pictures, size);
      for (int i = 0; i < size; i++) {
        float[] alone = encoder.encode(pictures.slice(i * bytes, bytes), 1)[0];
        if (!Arrays.equals(together[i], alone)) {
          unequal.add(size);
          break;
        }
      }
    }
    return unequal;
  }

  static ByteBuffer pictures(ModelBundle bundle, int count) {
    byte[] noise = new byte[Math.multiplyExact(bundle.input().bytes(), count)];
    new Random(20_261_121).nextBytes(noise);
    return ByteBuffer.allocateDirect(noise.length).put(noise).clear();
  }
}
