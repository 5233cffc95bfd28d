package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step on ONNX Runtime's CPU provider. Any thread may call. Tensors come from a pool for each
 * batch size that grows to the number of threads that were inside at once and is freed by {@link
 * #close}.
 */
final class OrtRecurrentStep implements RecurrentStep {
  private static final Logger log = LoggerFactory.getLogger(OrtRecurrentStep.class);

  private final OrtGraph graph;
  private final OrtEnvironment environment;
  private final StepSpec spec;
  private volatile BatchSizes sizes;
  private final Map<Integer, Queue<StepTensors>> idle = new ConcurrentHashMap<>();

  /**
   * Owns the graph from here on.
   *
   * @param sizes batches that the graph is run with; smaller ones are padded
   */
  OrtRecurrentStep(OrtGraph graph, OrtEnvironment environment, StepSpec spec, BatchSizes sizes) {
    this.graph = graph;
    this.environment = environment;
    this.spec = spec;
    this.sizes = sizes;
  }

  /**
   * Keeps those batches of which every row has the bits of batch 1 on this machine, and frees the
   * tensors of the others. Called before the step is used.
   */
  void keepBitEqual() {
    BatchSizes claimed = sizes;
    BatchSizes equal = new StepComparison(spec).equalSizes(this, claimed);
    if (!equal.equals(claimed)) {
      log.info(
          "{}: steps of {} streams at once in place of {}: others are not bit-equal on this machine",
          spec.file(),
          equal.ascending(),
          claimed.ascending());
      keep(equal);
    }
  }

  /** Makes each step alone from here on. Called before the step is used. */
  void keepAlone() {
    keep(BatchSizes.exact(List.of(1)));
  }

  private void keep(BatchSizes fewer) {
    sizes = fewer;
    freeTensors();
  }

  @Override
  public float[][] initialState() {
    return spec.states().stream().map(StateSpec::initialValues).toArray(float[][]::new);
  }

  @Override
  public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
    return step(List.of(new StepCall(features, state, elapsed, auxiliary))).get(0);
  }

  @Override
  public int maxBatch() {
    return sizes.largest();
  }

  @Override
  public List<Result> step(List<StepCall> calls) {
    if (calls.isEmpty() || calls.size() > maxBatch()) {
      throw new IllegalArgumentException(
          "a step of %d streams: expected 1 to %d".formatted(calls.size(), maxBatch()));
    }
    for (StepCall call : calls) {
      check(call.features(), call.state(), call.auxiliary());
    }
    int dimension = sizes.dimension(calls.size());
    return graph.call(
        session -> {
          Queue<StepTensors> pool =
              idle.computeIfAbsent(dimension, size -> new ConcurrentLinkedQueue<>());
          StepTensors pooled = pool.poll();
          StepTensors tensors =
              pooled == null ? StepTensors.create(environment, spec, dimension) : pooled;
          try {
            return tensors.run(session, calls);
          } finally {
            pool.add(tensors);
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
    graph.close(this::freeTensors);
  }

  private void freeTensors() {
    for (Queue<StepTensors> pool : idle.values()) {
      for (StepTensors tensors = pool.poll(); tensors != null; tensors = pool.poll()) {
        tensors.close();
      }
    }
  }
}
