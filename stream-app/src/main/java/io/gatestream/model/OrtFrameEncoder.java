package io.gatestream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The encoder on ONNX Runtime. Any thread may call; {@code callers} run at once, more wait. Reads
 * the caller's pixels in place: nothing is copied, unless a padded batch reaches past the end of
 * the buffer.
 */
final class OrtFrameEncoder implements FrameEncoder {
  private final OrtGraph graph;
  private final OrtEnvironment environment;
  private final EncoderSpec spec;
  private final BatchSizes sizes;
  private final int callers;
  private final Semaphore permits;
  private final int featureSize;
  private final int pictureBytes;

  /** Owns the graph from here on. */
  OrtFrameEncoder(
      OrtGraph graph,
      OrtEnvironment environment,
      ModelBundle bundle,
      BatchSizes sizes,
      int callers) {
    this.graph = graph;
    this.environment = environment;
    this.spec = bundle.encoder();
    this.sizes = sizes;
    this.callers = callers;
    this.permits = new Semaphore(callers);
    this.featureSize = bundle.featureSize();
    this.pictureBytes = bundle.input().bytes();
  }

  /** The graph; this object's to close. */
  OrtGraph graph() {
    return graph;
  }

  @Override
  public int featureSize() {
    return featureSize;
  }

  @Override
  public int maxBatch() {
    return sizes.largest();
  }

  @Override
  public int callers() {
    return callers;
  }

  BatchSizes sizes() {
    return sizes;
  }

  @Override
  public float[][] encode(ByteBuffer pixels, int batch) {
    if (batch < 1 || batch > maxBatch()) {
      throw new IllegalArgumentException(
          "batch of %d pictures: expected 1 to %d".formatted(batch, maxBatch()));
    }
    if (!pixels.isDirect() || pixels.capacity() < batch * pictureBytes) {
      throw new IllegalArgumentException(
          "%s for %d pictures: expected a direct buffer of at least %d bytes"
              .formatted(pixels, batch, batch * pictureBytes));
    }
    float[][] features = new float[batch][featureSize];
    permits.acquireUninterruptibly();
    try {
      for (int done = 0; done < batch; ) {
        int pictures = sizes.take(batch - done);
        run(pixels, done, pictures, features);
        done += pictures;
      }
    } finally {
      permits.release();
    }
    return features;
  }

  private void run(ByteBuffer pixels, int first, int pictures, float[][] features) {
    int dimension = sizes.dimension(pictures);
    ByteBuffer input = view(pixels, first, pictures, dimension);
    long[] shape = spec.frames().shape().stream().mapToLong(Integer::longValue).toArray();
    shape[0] = dimension;
    graph.call(
        session -> {
          try (OnnxTensor frames =
                  OnnxTensor.createTensor(environment, input, shape, OnnxJavaType.UINT8);
              OrtSession.Result result =
                  session.run(
                      Map.of(spec.frames().name(), frames), Set.of(spec.features().name()))) {
            read(result, dimension, first, pictures, features);
          }
          return features;
        });
  }

  private void read(
      OrtSession.Result result, int dimension, int first, int pictures, float[][] features)
      throws OrtException {
    FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
    if (values.remaining() != dimension * featureSize) {
      throw new OrtException(
          "output '%s' of %d floats: expected %d x %d"
              .formatted(spec.features().name(), values.remaining(), dimension, featureSize));
    }
    for (int i = 0; i < pictures; i++) {
      values.get(features[first + i]);
    }
  }

  /** Rows of padding hold whatever pixels lie there: their features are dropped. */
  private ByteBuffer view(ByteBuffer pixels, int first, int pictures, int dimension) {
    int from = first * pictureBytes;
    ByteBuffer all = pixels.duplicate().clear();
    if (all.capacity() >= from + dimension * pictureBytes) {
      return all.slice(from, dimension * pictureBytes).order(ByteOrder.nativeOrder());
    }
    return ByteBuffer.allocateDirect(dimension * pictureBytes)
        .order(ByteOrder.nativeOrder())
        .put(all.slice(from, pictures * pictureBytes))
        .clear();
  }

  @Override
  public void close() {
    graph.close();
  }
}
