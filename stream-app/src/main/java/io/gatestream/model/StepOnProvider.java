package io.gatestream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.gatestream.config.Provider;
import io.gatestream.errors.OutageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * step.onnx for several streams in one call, on any provider: for checks and measurements of what
 * {@code run} does on the CPU. Its tensors lie over direct buffers that ONNX Runtime reads and
 * writes; a GPU's copies of them are its own. One thread uses it.
 */
public final class StepOnProvider implements AutoCloseable {
  private final OrtGraph graph;
  private final StepSpec spec;
  private final int batch;
  private final Map<String, FloatBuffer> values = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

  private StepOnProvider(OrtGraph graph, StepSpec spec, int batch) {
    this.graph = graph;
    this.spec = spec;
    this.batch = batch;
  }

  /** One stream's frame before a call. Holds the arrays that it is given. */
  static final class Row {
    private final float[] features;
    private final float[][] states;
    private final float elapsed;
    private final float[] auxiliary;

    Row(float[] features, float[][] states, float elapsed, float[] auxiliary) {
      this.features = features;
      this.states = states;
      this.elapsed = elapsed;
      this.auxiliary = auxiliary;
    }

    /** What the application's own step makes of it. */
    RecurrentStep.Result by(RecurrentStep step) {
      return step.step(features, states, elapsed, auxiliary);
    }
  }

  /**
   * Opens the graph.
   *
   * @param batch streams in one call
   * @throws io.gatestream.errors.ConfigException the provider cannot be had, or the graph is not
   *     what model.json says
   */
  public static StepOnProvider open(
      ModelBundle bundle, Provider provider, RuntimeSettings settings, int batch) {
    return open(bundle, provider, settings, batch, Optional.empty());
  }

  /**
   * As the other.
   *
   * @param profile where ONNX Runtime's profile of the session goes
   */
  static StepOnProvider open(
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      int batch,
      Optional<NodeProfile> profile) {
    OrtEnvironment environment = NativeEnvironment.get();
    StepOnProvider opened =
        new StepOnProvider(
            OpenGraphs.openStep(environment, bundle, provider, settings, profile),
            bundle.step(),
            batch);
    try {
      opened.create(environment);
      return opened;
    } catch (OrtException e) {
      opened.close();
      throw new OutageException("tensors of %d streams: %s".formatted(batch, e), e);
    }
  }

  private void create(OrtEnvironment environment) throws OrtException {
    for (TensorSpec input : spec.inputs()) {
      inputs.put(input.name(), tensor(environment, input));
    }
    for (TensorSpec output : spec.outputs()) {
      outputs.put(output.name(), tensor(environment, output));
    }
  }

  private OnnxTensor tensor(OrtEnvironment environment, TensorSpec tensor) throws OrtException {
    long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    shape[0] = batch;
    long size = 1;
    for (long dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(size, Float.BYTES)))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    values.put(tensor.name(), buffer);
    return OnnxTensor.createTensor(environment, buffer, shape);
  }

  OrtGraph graph() {
    return graph;
  }

  /**
   * Steps as many streams as the batch has.
   *
   * @return logits and states of each, in the order of the rows
   */
  List<RecurrentStep.Result> step(List<Row> rows) {
    if (rows.size() != batch) {
      throw new IllegalArgumentException("%d streams: expected %d".formatted(rows.size(), batch));
    }
    for (int i = 0; i < batch; i++) {
      fill(i, rows.get(i));
    }
    run();
    List<RecurrentStep.Result> results = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      float[][] states = new float[spec.states().size()][];
      for (int s = 0; s < states.length; s++) {
        states[s] = row(spec.states().get(s).output(), i);
      }
      results.add(new RecurrentStep.Result(row(spec.logits().name(), i), states));
    }
    return results;
  }

  private void fill(int i, Row row) {
    put(spec.features().name(), i, row.features);
    for (int s = 0; s < row.states.length; s++) {
      put(spec.states().get(s).input(), i, row.states[s]);
    }
    spec.elapsed().ifPresent(name -> put(name, i, row.elapsed));
    spec.auxiliary().ifPresent(tensor -> put(tensor.name(), i, row.auxiliary));
  }

  private void put(String name, int i, float... of) {
    buffer(name).put(i * of.length, of);
  }

  private float[] row(String name, int i) {
    FloatBuffer buffer = buffer(name);
    float[] row = new float[buffer.capacity() / batch];
    buffer.get(i * row.length, row);
    return row;
  }

  private FloatBuffer buffer(String name) {
    FloatBuffer buffer = values.get(name);
    if (buffer == null) {
      throw new IllegalStateException("no tensor " + name);
    }
    return buffer;
  }

  /** One call on whatever the tensors hold. */
  public void run() {
    graph.call(
        session -> {
          session.run(inputs, outputs).close(); // the outputs are pinned: they outlive the result
          return batch;
        });
  }

  @Override
  public void close() {
    graph.close(
        () -> {
          inputs.values().forEach(OnnxTensor::close);
          outputs.values().forEach(OnnxTensor::close);
        });
  }
}
