package io.gatestream.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What model.json says of step.onnx.
 *
 * @param file its name in the bundle
 * @param sha256 64 lower-case hex digits
 * @param data files beside it that hold weights
 * @param features float32 [-1, F]
 * @param logits float32 [-1, C]
 * @param states state tensors in the order in which they are kept; empty for a memoryless model
 * @param elapsed name of the float32 [-1, 1] input of seconds since the previous frame
 * @param auxiliary the float32 [-1, n] input of side features
 * @param bitEqualBatchSizes batch sizes found bit-equal to batch 1 on the CPU
 */
public record StepSpec(
    String file,
    String sha256,
    List<DataFile> data,
    TensorSpec features,
    TensorSpec logits,
    List<StateSpec> states,
    Optional<String> elapsed,
    Optional<TensorSpec> auxiliary,
    List<Integer> bitEqualBatchSizes) {
  public StepSpec {
    data = List.copyOf(data);
    states = List.copyOf(states);
    bitEqualBatchSizes = List.copyOf(bitEqualBatchSizes);
  }

  List<TensorSpec> inputs() {
    List<TensorSpec> inputs = new ArrayList<>(List.of(features));
    states.forEach(state -> inputs.add(state.inputTensor()));
    elapsed.ifPresent(name -> inputs.add(new TensorSpec(name, TensorSpec.FLOAT32, List.of(-1, 1))));
    auxiliary.ifPresent(inputs::add);
    return inputs;
  }

  List<TensorSpec> outputs() {
    List<TensorSpec> outputs = new ArrayList<>(List.of(logits));
    states.forEach(state -> outputs.add(state.outputTensor()));
    return outputs;
  }
}
