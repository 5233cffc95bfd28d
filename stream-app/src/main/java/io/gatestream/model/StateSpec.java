package io.gatestream.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One state tensor of a step.
 *
 * @param input name of the tensor that takes the state before a frame
 * @param output name of the tensor that gives the state after it
 * @param shape dimensions without the batch
 * @param initial the row-major values before a stream's first frame; empty means zeros
 */
public record StateSpec(String input, String output, List<Integer> shape, List<Float> initial) {
  public StateSpec {
    shape = List.copyOf(shape);
    initial = List.copyOf(initial);
    int size = size(shape);
    if (!initial.isEmpty() && initial.size() != size) {
      throw new IllegalArgumentException(
          "initial state of %d values for the shape %s".formatted(initial.size(), shape));
    }
  }

  /** Floats of one stream's tensor. */
  public int size() {
    return size(shape);
  }

  private static int size(List<Integer> shape) {
    int size = 1;
    for (int dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    return size;
  }

  /** A fresh row-major array of the values before the first frame. */
  public float[] initialValues() {
    float[] values = new float[size()];
    for (int i = 0; i < initial.size(); i++) {
      values[i] = initial.get(i);
    }
    return values;
  }

  TensorSpec inputTensor() {
    return tensor(input);
  }

  TensorSpec outputTensor() {
    return tensor(output);
  }

  private TensorSpec tensor(String name) {
    List<Integer> batched = new ArrayList<>(List.of(-1));
    batched.addAll(shape);
    return new TensorSpec(name, TensorSpec.FLOAT32, batched);
  }
}
