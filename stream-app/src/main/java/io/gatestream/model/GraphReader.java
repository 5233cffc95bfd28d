package io.gatestream.model;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.InputSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code encoder} and {@code step} objects of model.json. */
final class GraphReader {
  private static final int MOST_VALUES = 1 << 24;

  /** Of all states together, 1 GiB: they are one record. */
  private static final int MOST_STATE_VALUES = 1 << 28;

  private final JsonFields root;

  GraphReader(JsonFields root) {
    this.root = root;
  }

  EncoderSpec readEncoder(Optional<InputSpec> input) {
    JsonFields encoder = root.object("encoder");
    TensorSpec frames = tensor(encoder.object("frames"), TensorSpec.UINT8);
    if (frames.shape().size() == 5) {
      root.problem(
          "encoder.frames",
          "encoder.frames has the shape %s, a clip of several frames: expected [-1, H, W, 3]; format 1 takes one frame an encoder call"
              .formatted(frames.shape()));
    } else if (input.isPresent() && root.areSound("input")) {
      shape("encoder.frames", frames, List.of(-1, input.get().height(), input.get().width(), 3));
    }
    TensorSpec features = tensor(encoder.object("features"), TensorSpec.FLOAT32);
    twoDimensions("encoder.features", features);
    return new EncoderSpec(
        encoder.text("file"),
        sha256(encoder),
        data(encoder),
        frames,
        features,
        batchSizes(encoder));
  }

  StepSpec readStep(TensorSpec encoded, int labels) {
    JsonFields step = root.object("step");
    TensorSpec features = tensor(step.object("features"), TensorSpec.FLOAT32);
    if (root.areSound("encoder.features")) {
      shape("step.features", features, encoded.shape());
    }
    TensorSpec logits = tensor(step.object("logits"), TensorSpec.FLOAT32);
    if (root.areSound("labels", "step.logits") && !logits.shape().equals(List.of(-1, labels))) {
      root.problem(
          "step.logits",
          "step.logits has the shape %s: expected [-1, %d], one logit for each of the %d labels"
              .formatted(logits.shape(), labels, labels));
    }
    List<StateSpec> states = new ArrayList<>();
    step.objects("states").forEach(state -> states.add(state(state)));
    long values = states.stream().mapToLong(StateSpec::size).sum();
    if (values > MOST_STATE_VALUES) {
      root.problem(
          "step.states",
          "step.states has %d values in all: expected at most %d"
              .formatted(values, MOST_STATE_VALUES));
    }
    StepSpec spec =
        new StepSpec(
            step.text("file"),
            sha256(step),
            data(step),
            features,
            logits,
            states,
            step.optionalText("elapsed"),
            step.optionalObject("auxiliary").map(GraphReader::auxiliary),
            batchSizes(step));
    if (root.areSound("step")) {
      unique("step inputs", spec.inputs());
      unique("step outputs", spec.outputs());
    }
    return spec;
  }

  private static TensorSpec auxiliary(JsonFields auxiliary) {
    return new TensorSpec(
        auxiliary.text("name"),
        TensorSpec.FLOAT32,
        List.of(-1, auxiliary.integer("size", 1, AvroFrameCodec.MAX_AUXILIARY)));
  }

  private static StateSpec state(JsonFields fields) {
    String input = fields.text("input");
    String output = fields.text("output");
    List<Integer> shape = fields.integers("shape", 1, MOST_VALUES);
    // exact up to far more than the limit, and without the overflow of a long
    double size = shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    if (shape.isEmpty() || shape.size() > 8 || size < 1 || size > MOST_VALUES) {
      fields.wrong("shape", "1 to 8 dimensions and at most %d values".formatted(MOST_VALUES));
      return new StateSpec(input, output, List.of(1), List.of());
    }
    List<Float> initial = fields.optionalFloats("initial").orElse(List.of());
    if (!initial.isEmpty() && initial.size() != size) {
      fields.wrong("initial", "null or %.0f numbers for the shape %s".formatted(size, shape));
    }
    return new StateSpec(input, output, shape, fields.areSound("initial") ? initial : List.of());
  }

  private static TensorSpec tensor(JsonFields fields, String type) {
    if (!fields.text("type").equals(type)) {
      fields.wrong("type", '"' + type + '"');
    }
    return new TensorSpec(fields.text("name"), type, fields.integers("shape", -1, MOST_VALUES));
  }

  private void shape(String name, TensorSpec found, List<Integer> expected) {
    if (root.areSound(name) && !found.shape().equals(expected)) {
      root.problem(
          name, "%s has the shape %s: expected %s".formatted(name, found.shape(), expected));
    }
  }

  private void twoDimensions(String name, TensorSpec found) {
    if (found.shape().size() != 2 || found.shape().get(0) != -1 || found.shape().get(1) < 1) {
      root.problem(name, "%s has the shape %s: expected [-1, F]".formatted(name, found.shape()));
    }
  }

  private void unique(String what, List<TensorSpec> tensors) {
    Set<String> seen = new HashSet<>();
    for (TensorSpec tensor : tensors) {
      if (!seen.add(tensor.name())) {
        root.problem(
            "step",
            "%s use the name '%s' twice: expected each name once".formatted(what, tensor.name()));
      }
    }
  }

  private static String sha256(JsonFields graph) {
    String hash = graph.text("sha256");
    if (!hash.matches("[0-9a-f]{64}")) {
      graph.wrong("sha256", "64 lower-case hex digits");
    }
    return hash;
  }

  private static List<DataFile> data(JsonFields graph) {
    return graph.absent("data")
        ? List.of()
        : graph.objects("data").stream()
            .map(file -> new DataFile(file.text("file"), sha256(file)))
            .toList();
  }

  private static List<Integer> batchSizes(JsonFields graph) {
    return graph.absent("bitEqualBatchSizes")
        ? List.of(1)
        : graph.integers("bitEqualBatchSizes", 1, 4_096);
  }
}
