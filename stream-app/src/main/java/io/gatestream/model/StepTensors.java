package io.gatestream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of one step call over direct buffers that are reused call after call: ONNX Runtime reads
 * and writes the buffers in place. Used by one thread at a time.
 */
final class StepTensors implements AutoCloseable {
  private final StepSpec spec;
  private final int batch;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> inputBuffers = new HashMap<>();
  private final Map<String, FloatBuffer> outputBuffers = new HashMap<>();

  private StepTensors(StepSpec spec, int batch) {
    this.spec = spec;
    this.batch = batch;
  }

  /** Tensors for {@code batch} streams. */
  static StepTensors create(OrtEnvironment environment, StepSpec spec, int batch)
      throws OrtException {
    StepTensors made = new StepTensors(spec, batch);
    try {
      for (TensorSpec input : spec.inputs()) {
        made.inputs.put(input.name(), made.tensor(environment, made.inputBuffers, input));
      }
      for (TensorSpec output : spec.outputs()) {
        made.outputs.put(output.name(), made.tensor(environment, made.outputBuffers, output));
      }
      return made;
    } catch (OrtException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private OnnxTensor tensor(
      OrtEnvironment environment, Map<String, FloatBuffer> buffers, TensorSpec spec)
      throws OrtException {
    long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
    shape[0] = batch;
    int size = 1;
    for (long dimension : shape) {
      size = Math.multiplyExact(size, (int) dimension);
    }
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    buffers.put(spec.name(), buffer);
    OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
    if (tensor.ownsBuffer()) {
      tensor.close();
      throw new IllegalStateException("ONNX Runtime copied the buffer of " + spec);
    }
    return tensor;
  }

  /**
   * One call of the session for 1 to {@code batch} streams. Rows that no stream takes hold what an
   * earlier call left there: rows do not touch each other.
   */
  List<RecurrentStep.Result> run(OrtSession session, List<StepCall> calls) throws OrtException {
    for (int row = 0; row < calls.size(); row++) {
      fill(calls.get(row), row);
    }
    session.run(inputs, outputs).close(); // the outputs are pinned: they outlive the result
    List<RecurrentStep.Result> results = new ArrayList<>(calls.size());
    for (int row = 0; row < calls.size(); row++) {
      float[][] next = new float[spec.states().size()][];
      for (int i = 0; i < next.length; i++) {
        next[i] = read(spec.states().get(i).output(), row);
      }
      results.add(new RecurrentStep.Result(read(spec.logits().name(), row), next));
    }
    return results;
  }

  private void fill(StepCall call, int row) {
    fill(spec.features().name(), row, call.features());
    float[][] state = call.state();
    for (int i = 0; i < state.length; i++) {
      fill(spec.states().get(i).input(), row, state[i]);
    }
    spec.elapsed().ifPresent(name -> fill(name, row, call.elapsed()));
    spec.auxiliary().ifPresent(tensor -> fill(tensor.name(), row, call.auxiliary()));
  }

  /** Runs the session on whatever the buffers hold. */
  void runAsTheyAre(OrtSession session) throws OrtException {
    session.run(inputs, outputs).close();
  }

  private void fill(String name, int row, float... values) {
    buffer(inputBuffers, name).put(row * values.length, values);
  }

  private float[] read(String name, int row) {
    FloatBuffer buffer = buffer(outputBuffers, name);
    float[] values = new float[buffer.capacity() / batch];
    buffer.get(row * values.length, values);
    return values;
  }

  private static FloatBuffer buffer(Map<String, FloatBuffer> buffers, String name) {
    FloatBuffer buffer = buffers.get(name);
    if (buffer == null) {
      throw new IllegalStateException("no tensor " + name);
    }
    return buffer;
  }

  @Override
  public void close() {
    List<OnnxTensor> all = new ArrayList<>(inputs.values());
    all.addAll(outputs.values());
    all.forEach(OnnxTensor::close);
  }
}
