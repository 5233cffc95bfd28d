package io.gatestream.model;

import static io.gatestream.model.BundleFiles.canonical;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.errors.ConfigException;
import io.gatestream.files.Sha256;
import io.gatestream.frame.InputSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns model.json into a {@link ModelBundle}, or into all problems found. Used once. */
public final class BundleReader {
  static final int FORMAT = 1;

  private final Path folder;
  private final JsonNode json;
  private final FieldProblems problems;
  private final JsonFields root;

  BundleReader(Path folder, JsonNode json) {
    this.folder = folder;
    this.json = json;
    this.problems = new FieldProblems(folder.resolve(BundleFiles.CONTRACT).toString());
    this.root = new JsonFields(json, "", problems);
  }

  /**
   * Reads and validates a bundle, all of it but the insides of the graphs.
   *
   * @throws ConfigException with every problem found, each with what was expected and found
   */
  public static ModelBundle load(Path folder) {
    return new BundleReader(folder, BundleFiles.readContract(folder)).read();
  }

  ModelBundle read() {
    readFormat();
    List<String> labels = readLabels();
    Activation activation = root.choice("activation", Activation.class);
    double temperature = root.number("temperature");
    if (!Classifier.isTemperature(temperature)) {
      root.wrong(
          "temperature",
          "a number from %s to %s"
              .formatted(Classifier.LOWEST_TEMPERATURE, Classifier.HIGHEST_TEMPERATURE));
    }
    Optional<String> background = root.optionalText("background");
    if (background.isPresent() && root.areSound("labels") && !labels.contains(background.get())) {
      root.wrong("background", "null or one of the labels " + labels);
    }
    Map<String, Double> thresholds = readThresholds(labels, activation);
    EventRules events =
        root.optionalObject("events")
            .map(fields -> new EventRulesReader(fields, labels, background).read())
            .orElse(EventRules.NONE);
    JsonFields input = root.object("input");
    long interval = input.integer("frameIntervalMillis", 0, 86_400_000) * 1_000L;
    Optional<InputSpec> inputSpec = new InputReader(input).read();
    GraphReader graphs = new GraphReader(root);
    EncoderSpec encoder = graphs.readEncoder(inputSpec);
    StepSpec step = graphs.readStep(encoder.features(), labels.size());
    ModelBundle.Tolerance tolerance = readTolerance();
    String name = root.text("name");
    String version = root.text("version");
    String licence = root.text("licence");
    List<String> attribution = root.absent("attribution") ? List.of() : root.texts("attribution");
    checkFiles("encoder", encoder.file(), encoder.sha256(), encoder.data());
    checkFiles("step", step.file(), step.sha256(), step.data());
    if (!problems.all().isEmpty()) {
      throw new ConfigException(problems.all());
    }
    return new ModelBundle(
        folder,
        name,
        version,
        labels,
        activation,
        temperature,
        background,
        thresholds,
        events,
        inputSpec.orElseThrow(),
        interval,
        encoder,
        step,
        tolerance,
        licence,
        attribution,
        readTraining(),
        stateFingerprint(encoder, step),
        Sha256.hex(canonical(json).getBytes(UTF_8)));
  }

  /**
   * A newer format that this reader can still read says so by its minimumReaderFormat. One it
   * cannot may mean anything by its fields, so nothing else is said about them.
   */
  private void readFormat() {
    int format = root.integer("format", 1, Integer.MAX_VALUE);
    boolean same = root.absent("minimumReaderFormat");
    int minimum = same ? format : root.integer("minimumReaderFormat", 1, Integer.MAX_VALUE);
    if (root.areSound("format", "minimumReaderFormat") && minimum > FORMAT) {
      throw new ConfigException(
          "%s: %s is %d: expected at most %d; this bundle needs a newer gatestream"
              .formatted(
                  folder.resolve(BundleFiles.CONTRACT),
                  same ? "format" : "minimumReaderFormat",
                  minimum,
                  FORMAT));
    }
  }

  private List<String> readLabels() {
    List<String> labels = root.texts("labels");
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (!seen.add(label)) {
        root.problem(
            "labels", "labels holds '%s' twice: expected each label once".formatted(label));
      }
    }
    if (labels.isEmpty() && !root.absent("labels")) {
      root.wrong("labels", "at least one label");
    }
    return labels;
  }

  private Map<String, Double> readThresholds(List<String> labels, Activation activation) {
    Map<String, Double> thresholds = new TreeMap<>();
    JsonFields fields =
        root.optionalObject("thresholds")
            .orElseGet(() -> new JsonFields(json.path("?"), "", problems));
    for (String label : fields.names()) {
      double score = fields.number(label);
      if (root.areSound("labels") && !labels.contains(label)) {
        root.problem(
            "thresholds",
            "thresholds names '%s': expected one of the labels %s".formatted(label, labels));
      }
      if (score < 0 || score > 1) {
        fields.wrong(label, "a score from 0 to 1");
      }
      thresholds.put(label, score);
    }
    if (!thresholds.isEmpty() && activation == Activation.SOFTMAX && root.areSound("activation")) {
      root.problem(
          "thresholds", "thresholds are given with the activation softmax: expected sigmoid");
    }
    return thresholds;
  }

  private ModelBundle.Tolerance readTolerance() {
    return root.optionalObject("tolerance")
        .map(
            fields ->
                new ModelBundle.Tolerance(
                    fields.integer("pixels", 0, 255),
                    fields.number("features"),
                    fields.number("logits"),
                    fields.optionalNumber("parity").orElse(ModelBundle.Tolerance.STANDARD_PARITY)))
        .orElse(new ModelBundle.Tolerance(1, 0.01, 0.001, ModelBundle.Tolerance.STANDARD_PARITY));
  }

  private Map<String, String> readTraining() {
    Map<String, String> flat = new TreeMap<>();
    flatten("", json.path("training"), flat);
    return java.util.Collections.unmodifiableMap(flat);
  }

  private static void flatten(String name, JsonNode value, Map<String, String> flat) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              field ->
                  flatten(
                      name.isEmpty() ? field.getKey() : name + "." + field.getKey(),
                      field.getValue(),
                      flat));
    } else if (!value.isMissingNode() && !value.isNull()) {
      flat.put(name, value.isValueNode() ? value.asText() : value.toString());
    }
  }

  private void checkFiles(String graph, String file, String sha256, List<DataFile> data) {
    if (root.areSound(graph + ".file", graph + ".sha256")) {
      checkFile(file, sha256);
    }
    data.stream()
        .filter(one -> !one.file().isEmpty() && !one.sha256().isEmpty())
        .forEach(one -> checkFile(one.file(), one.sha256()));
  }

  private void checkFile(String file, String sha256) {
    try {
      BundleFiles.verify(folder, file, sha256);
    } catch (ConfigException e) {
      e.problems().forEach(problems::add);
    }
  }

  /**
   * Over all that shapes a state: the two graphs, what they are fed, and how a state is laid out.
   */
  private String stateFingerprint(EncoderSpec encoder, StepSpec step) {
    String text =
        String.join(
            "\n",
            "gatestream state 1",
            encoder.sha256(),
            step.sha256(),
            canonical(json.path("input")),
            encoder.frames().toString(),
            encoder.features().toString(),
            step.inputs().toString(),
            step.outputs().toString(),
            step.states().toString());
    for (DataFile data : Stream.concat(encoder.data().stream(), step.data().stream()).toList()) {
      text += "\n" + data.sha256();
    }
    return Sha256.hex(text.getBytes(UTF_8));
  }
}
