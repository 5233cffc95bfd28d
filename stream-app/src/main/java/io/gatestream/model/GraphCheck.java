package io.gatestream.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares an ONNX graph with what model.json says of it: names, types, ranks and dimensions. A
 * dimension that the graph leaves open is accepted for a fixed one (the warm-up run checks it); a
 * batch dimension must be open.
 */
final class GraphCheck {
  private final String file;
  private final List<String> problems = new ArrayList<>();

  private GraphCheck(String file) {
    this.file = file;
  }

  /** The problems, each a sentence; none when the graph is as model.json says. */
  static List<String> problems(
      String file, OrtSession session, List<TensorSpec> inputs, List<TensorSpec> outputs)
      throws OrtException {
    GraphCheck check = new GraphCheck(file);
    check.compare("input", inputs, session.getInputInfo());
    check.compare("output", outputs, session.getOutputInfo());
    List<String> named = inputs.stream().map(TensorSpec::name).toList();
    for (String input : session.getInputNames()) {
      if (!named.contains(input)) {
        check.problems.add(
            "%s: the graph takes the input '%s': expected only %s as model.json says"
                .formatted(file, input, named));
      }
    }
    return check.problems;
  }

  private void compare(String kind, List<TensorSpec> expected, Map<String, NodeInfo> found) {
    for (TensorSpec spec : expected) {
      NodeInfo node = found.get(spec.name());
      if (node == null) {
        problems.add(
            "%s: expected the %s '%s' as model.json says, found %s"
                .formatted(file, kind, spec.name(), found.keySet()));
      } else if (!(node.getInfo() instanceof TensorInfo tensor)) {
        problems.add(
            "%s: the %s '%s' is no tensor: expected %s".formatted(file, kind, spec.name(), spec));
      } else {
        compare(kind, spec, tensor);
      }
    }
  }

  private void compare(String kind, TensorSpec spec, TensorInfo tensor) {
    String type =
        switch (tensor.type) {
          case FLOAT -> TensorSpec.FLOAT32;
          case UINT8 -> TensorSpec.UINT8;
          default -> tensor.type.name().toLowerCase(Locale.ROOT);
        };
    if (!type.equals(spec.type())) {
      problems.add(
          "%s: the %s '%s' has the type %s: expected %s as model.json says"
              .formatted(file, kind, spec.name(), type, spec.type()));
    }
    long[] shape = tensor.getShape();
    if (!fits(spec.shape(), shape)) {
      problems.add(
          "%s: the %s '%s' has the shape %s: expected %s as model.json says%s"
              .formatted(
                  file,
                  kind,
                  spec.name(),
                  Arrays.toString(shape),
                  spec.shape(),
                  shape.length > 0 && shape[0] >= 0 ? "; -1 is a dynamic batch" : ""));
    }
  }

  private static boolean fits(List<Integer> expected, long[] found) {
    if (expected.size() != found.length) {
      return false;
    }
    for (int i = 0; i < found.length; i++) {
      boolean open = found[i] < 0;
      if (i == 0 ? !open : !open && found[i] != expected.get(i)) {
        return false;
      }
    }
    return true;
  }
}
