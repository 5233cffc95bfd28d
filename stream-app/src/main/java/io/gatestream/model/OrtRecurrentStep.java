package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The step on ONNX Runtime's CPU provider. Any thread may call. Tensors come from a pool that grows
 * to the number of threads that were inside at once and is freed by {@link #close}.
 */
final class OrtRecurrentStep implements RecurrentStep {
  private final OrtGraph graph;
  private final OrtEnvironment environment;
  private final StepSpec spec;
  private final Queue<StepTensors> idle = new ConcurrentLinkedQueue<>();

  /** Owns the graph from here on. */
  OrtRecurrentStep(OrtGraph graph, OrtEnvironment environment, StepSpec spec) {
    this.graph = graph;
    this.environment = environment;
    this.spec = spec;
  }

  @Override
  public float[][] initialState() {
    return spec.states().stream().map(StateSpec::initialValues).toArray(float[][]::new);
  }

  @Override
  public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
    check(features, state, auxiliary);
    return graph.call(
        session -> {
          StepTensors pooled = idle.poll();
          StepTensors tensors = pooled == null ? StepTensors.create(environment, spec, 1) : pooled;
          try {
            return tensors.run(session, features, state, elapsed, auxiliary);
          } finally {
            idle.add(tensors);
          }
        });
  }

  private void check(float[] features, float[][] state, float[] auxiliary) {
    length("features", features, spec.features().shape().get(1));
    List<StateSpec> states = spec.states();
    if (state.length != states.size()) {
      throw new IllegalArgumentException(
          "state of %d tensors: expected %d".formatted(state.length, states.size()));
    }
    for (int i = 0; i < state.length; i++) {
      length("state '" + states.get(i).input() + "'", state[i], states.get(i).size());
    }
    spec.auxiliary().ifPresent(tensor -> length("auxiliary", auxiliary, tensor.shape().get(1)));
  }

  private static void length(String what, float[] values, int expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "%s of %d floats: expected %d".formatted(what, values.length, expected));
    }
  }

  @Override
  public void close() {
    graph.close(
        () -> {
          for (StepTensors tensors = idle.poll(); tensors != null; tensors = idle.poll()) {
            tensors.close();
          }
        });
  }
}
