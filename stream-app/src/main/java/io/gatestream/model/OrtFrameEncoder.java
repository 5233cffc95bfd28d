package io.gatestream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The encoder on ONNX Runtime. Any thread may call; {@code callers} run at once, more wait. Reads
 * the caller's pixels in place: nothing is copied, unless a padded batch reaches past the end of
 * the buffer. Tensors for features come from a pool that grows to the number of calls at once.
 */
public final class OrtFrameEncoder implements FrameEncoder {
  private final OrtGraph graph;
  private final OrtEnvironment environment;
  private final EncoderSpec spec;
  private final BatchSizes sizes;
  private final int callers;
  private final Semaphore permits;
  private final int featureSize;
  private final int pictureBytes;
  private final long[] pictureShape;
  private final Map<Integer, Queue<FeatureTensor>> outputs = new ConcurrentHashMap<>();

  /** Owns the graph from here on. */
  public OrtFrameEncoder(
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
    this.pictureShape = spec.frames().shape().stream().mapToLong(Integer::longValue).toArray();
  }

  /** The graph; this object's to close. */
  public OrtGraph graph() {
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

  public BatchSizes sizes() {
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
    graph.call(
        session -> {
          FeatureTensor output = output(dimension);
          try (OnnxTensor frames =
              OnnxTensor.createTensor(environment, input, output.frames(), OnnxJavaType.UINT8)) {
            session
                .run(Map.of(spec.frames().name(), frames), output.pinned())
                .close(); // the output is pinned: it outlives the result
            for (int i = 0; i < pictures; i++) {
              output.values().get(i * featureSize, features[first + i]);
            }
          } finally {
            idle(dimension).add(output);
          }
          return features;
        });
  }

  private FeatureTensor output(int dimension) throws OrtException {
    FeatureTensor pooled = idle(dimension).poll();
    return pooled == null ? create(dimension) : pooled;
  }

  private Queue<FeatureTensor> idle(int dimension) {
    return outputs.computeIfAbsent(dimension, size -> new ConcurrentLinkedQueue<>());
  }

  /** Rows of padding hold whatever pixels lie there: their features are dropped. */
  private ByteBuffer view(ByteBuffer pixels, int first, int pictures, int dimension) {
    int from = first * pictureBytes;
    if (pixels.limit() >= from + dimension * pictureBytes) {
      return pixels.slice(from, dimension * pictureBytes).order(ByteOrder.nativeOrder());
    }
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
    graph.close(this::freeOutputs);
  }

  /** Frees the tensors for features, where the graph is another's to close; no call may run. */
  public void freeOutputs() {
    for (Queue<FeatureTensor> idle : outputs.values()) {
      for (FeatureTensor output = idle.poll(); output != null; output = idle.poll()) {
        output.tensor().close();
      }
    }
  }

  private FeatureTensor create(int dimension) throws OrtException {
    int bytes = Math.multiplyExact(Math.multiplyExact(dimension, featureSize), Float.BYTES);
    FloatBuffer values =
        ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    OnnxTensor tensor =
        OnnxTensor.createTensor(environment, values, new long[] {dimension, featureSize});
    if (tensor.ownsBuffer()) {
      tensor.close();
      throw new IllegalStateException("ONNX Runtime copied the buffer for features");
    }
    long[] frames = pictureShape.clone();
    frames[0] = dimension;
    return new FeatureTensor(tensor, values, Map.of(spec.features().name(), tensor), frames);
  }

  /**
   * Where ONNX Runtime writes features in place, and all else of a call that stays the same: a
   * tensor over a direct buffer that is reused call after call, by one thread at a time.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record FeatureTensor(
      OnnxTensor tensor, FloatBuffer values, Map<String, OnnxTensor> pinned, long[] frames) {}
}
