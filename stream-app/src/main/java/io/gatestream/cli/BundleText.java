package io.gatestream.cli;

import static java.util.stream.Collectors.joining;

import io.gatestream.frame.InputSpec;
import io.gatestream.model.EventRule;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ProviderParity;
import io.gatestream.model.RoughTimes;
import io.gatestream.model.StateSpec;
import io.gatestream.text.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A bundle as aligned lines, a name and a value each. Made for one bundle. */
final class BundleText {
  private static final int VALUE_WIDTH = 90;

  private final ModelBundle bundle;
  private final List<Map.Entry<String, String>> rows = new ArrayList<>();

  private BundleText(ModelBundle bundle) {
    this.bundle = bundle;
  }

  static List<String> lines(ModelBundle bundle, RoughTimes times, Optional<ProviderParity> parity) {
    BundleText text = new BundleText(bundle);
    text.addContract();
    text.addInput();
    text.addTensors();
    text.addFiles();
    row(
        text.rows,
        "rough time on the CPU",
        String.format(
            Locale.ROOT,
            "encoder %.3f ms, step %.3f ms (one frame, one thread, median of %d: a rough figure)",
            times.encoderMillis(),
            times.stepMillis(),
            RoughTimes.RUNS));
    parity.ifPresent(
        measured ->
            ParityText.rows(measured).forEach(row -> row(text.rows, row.getKey(), row.getValue())));
    List<String> lines = aligned(text.rows, "");
    List<Map.Entry<String, String>> training = new ArrayList<>();
    new TreeMap<>(bundle.training()).forEach((name, value) -> row(training, name, value));
    if (!training.isEmpty()) {
      lines.add("");
      lines.add("training");
      lines.addAll(aligned(training, "  "));
    }
    return lines;
  }

  private void addContract() {
    row(rows, "name", bundle.name());
    row(rows, "version", bundle.version());
    row(rows, "folder", bundle.folder().toString());
    row(rows, "labels", String.join(", ", bundle.labels()));
    row(rows, "background", bundle.background().orElse("none"));
    row(
        rows,
        "activation",
        "%s, temperature %s"
            .formatted(
                bundle.activation().name().toLowerCase(Locale.ROOT), number(bundle.temperature())));
    if (!bundle.thresholds().isEmpty()) {
      row(rows, "thresholds", new TreeMap<>(bundle.thresholds()).toString());
    }
    addEvents();
  }

  /** A line for the classes that have the same rule. */
  private void addEvents() {
    Map<EventRule, List<String>> classes = new LinkedHashMap<>();
    for (EventRule rule : bundle.events().rules()) {
      classes.computeIfAbsent(rule.of(0, ""), same -> new ArrayList<>()).add(rule.name());
    }
    classes.forEach(
        (rule, names) ->
            row(
                rows,
                "events",
                "%s: %s"
                    .formatted(
                        names.size() == bundle.labels().size()
                            ? "every class"
                            : String.join(", ", names),
                        text(rule))));
  }

  private static String text(EventRule rule) {
    List<String> parts = new ArrayList<>();
    parts.add("on from %s for %d ms".formatted(number(rule.enter()), rule.enterTime() / 1_000));
    parts.add("off below %s for %d ms".formatted(number(rule.exit()), rule.exitTime() / 1_000));
    if (rule.smoothing() > 0) {
      parts.add("smoothed over %d ms".formatted(rule.smoothing() / 1_000));
    }
    if (rule.least() > 0) {
      parts.add("at least %d ms long".formatted(rule.least() / 1_000));
    }
    if (rule.merge() > 0) {
      parts.add("gaps of up to %d ms merged".formatted(rule.merge() / 1_000));
    }
    return String.join(", ", parts);
  }

  private void addInput() {
    InputSpec input = bundle.input();
    InputSpec.Resize resize = input.resize();
    row(rows, "input", "%d x %d pixels, RGB".formatted(input.width(), input.height()));
    row(
        rows,
        "resize",
        "%s, interpolation %s%s%s"
            .formatted(
                spelled(resize.mode()),
                spelled(resize.interpolation()),
                resize.mode() == InputSpec.Mode.LETTERBOX
                    ? ", colour " + resize.letterboxColour()
                    : "",
                resize.reducedScaleJpeg() ? ", large JPEGs at a reduced scale" : ""));
    row(
        rows,
        "region of interest",
        resize
            .regionOfInterest()
            .map(
                region ->
                    "x %s, y %s, width %s, height %s of the frame"
                        .formatted(region.x(), region.y(), region.width(), region.height()))
            .orElse("the whole frame"));
    long interval = bundle.frameIntervalMicros();
    row(
        rows,
        "frame rate",
        interval == 0
            ? "every frame"
            : "%s frames a second: one each %s ms"
                .formatted(number(1e6 / interval), number(interval / 1e3)));
  }

  private void addTensors() {
    row(rows, "feature size", bundle.featureSize() + " floats");
    for (StateSpec state : bundle.states()) {
      row(
          rows,
          "state '" + state.input() + "'",
          "%s, %d bytes, starts %s"
              .formatted(
                  state.shape(),
                  4 * state.size(),
                  state.initial().isEmpty() ? "at zero" : "at given values"));
    }
    row(
        rows,
        "state of one stream",
        bundle.states().isEmpty() ? "none: memoryless" : bundle.stateBytes() + " bytes");
    row(rows, "elapsed time", bundle.takesElapsed() ? "taken by the step" : "not taken");
    row(
        rows,
        "auxiliary",
        bundle.auxiliarySize().isPresent()
            ? bundle.auxiliarySize().getAsInt() + " side features a frame"
            : "not taken");
    row(rows, "bit-equal batches", "encoder " + sizes(bundle.encoder().bitEqualBatchSizes()));
    row(rows, "", "step " + sizes(bundle.step().bitEqualBatchSizes()));
  }

  private void addFiles() {
    BundleFile.of(bundle)
        .forEach(
            file ->
                row(
                    rows,
                    file.name(),
                    "%d bytes%s"
                        .formatted(
                            file.bytes(),
                            file.sha256().map(hash -> ", SHA-256 verified " + hash).orElse(""))));
    row(rows, "state fingerprint", bundle.stateFingerprint());
    row(rows, "bundle fingerprint", bundle.bundleFingerprint());
    row(rows, "licence", bundle.licence());
    row(
        rows,
        "attribution",
        bundle.attribution().isEmpty() ? "none" : String.join(", ", bundle.attribution()));
  }

  private static void row(List<Map.Entry<String, String>> rows, String name, String value) {
    rows.add(Map.entry(Terminal.printable(name), Terminal.printable(value)));
  }

  private static List<String> aligned(List<Map.Entry<String, String>> rows, String indent) {
    int width = rows.stream().mapToInt(row -> row.getKey().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> row : rows) {
      String name = row.getKey();
      for (String part : wrapped(row.getValue())) {
        lines.add((indent + name + " ".repeat(width - name.length() + 2) + part).stripTrailing());
        name = "";
      }
    }
    return lines;
  }

  /** Broken at spaces only; a longer word stays whole. */
  private static List<String> wrapped(String value) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (String word : value.split(" ", -1)) {
      if (part.length() > 0 && part.length() + 1 + word.length() > VALUE_WIDTH) {
        parts.add(part.toString());
        part.setLength(0);
      }
      part.append(part.length() == 0 ? "" : " ").append(word);
    }
    parts.add(part.toString());
    return parts;
  }

  private static String sizes(List<Integer> sizes) {
    return sizes.stream().map(String::valueOf).collect(joining(", "));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
