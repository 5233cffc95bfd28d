package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.gatestream.errors.OutageException;

/**
 * step.onnx for several made-up streams in one call, on the CPU: for measuring what batches of
 * steps are worth. One thread uses it.
 */
public final class StepBatches implements AutoCloseable {
  private final OrtGraph graph;
  private final StepTensors tensors;

  private StepBatches(OrtGraph graph, StepTensors tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  /**
   * Opens the graph.
   *
   * @param batch streams in one call
   * @throws io.gatestream.errors.ConfigException it is not what model.json says
   */
  public static StepBatches open(ModelBundle bundle, int batch) {
    OrtEnvironment environment = NativeEnvironment.get();
    OrtGraph graph = OpenGraphs.openStep(environment, bundle);
    try {
      return new StepBatches(graph, StepTensors.create(environment, bundle.step(), batch));
    } catch (OrtException e) {
      graph.close();
      throw new OutageException("tensors of %d streams: %s".formatted(batch, e), e);
    }
  }

  /** One call. */
  public void run() {
    graph.call(
        session -> {
          tensors.runAsTheyAre(session);
          return tensors;
        });
  }

  @Override
  public void close() {
    graph.close(tensors::close);
  }
}
