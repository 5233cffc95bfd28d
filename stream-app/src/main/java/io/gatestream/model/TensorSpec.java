package io.gatestream.model;

import java.util.List;

/**
 * A tensor at the border of an ONNX graph.
 *
 * @param name its name in the graph
 * @param type {@code uint8} or {@code float32}
 * @param shape dimensions, the batch first; -1 is dynamic
 */
public record TensorSpec(String name, String type, List<Integer> shape) {
  public static final String UINT8 = "uint8";
  public static final String FLOAT32 = "float32";

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  @Override
  public String toString() {
    return "%s %s %s".formatted(name, type, shape);
  }
}
