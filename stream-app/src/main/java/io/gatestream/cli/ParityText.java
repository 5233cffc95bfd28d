package io.gatestream.cli;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.model.ProviderParity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a provider makes of a bundle, as rows of text and as JSON. */
final class ParityText {
  private ParityText() {}

  /** A name and a value each. */
  static List<Map.Entry<String, String>> rows(ProviderParity parity) {
    String provider = parity.provider().name().toLowerCase(Locale.ROOT);
    List<Map.Entry<String, String>> rows = new ArrayList<>();
    rows.add(Map.entry("encoder on " + provider, nodes(parity.encoderNodes())));
    rows.add(Map.entry("step on " + provider, nodes(parity.stepNodes())));
    for (ProviderParity.Difference difference : parity.differences()) {
      rows.add(
          Map.entry(
              "%s, batch %d".formatted(difference.what(), difference.batch()),
              String.format(
                  Locale.ROOT,
                  "within %.2g of %s, allowed %.2g%s",
                  difference.largest(),
                  difference.against(),
                  difference.allowed(),
                  difference.isAllowed() ? "" : ": TOO FAR")));
    }
    return rows;
  }

  private static String nodes(Map<String, Integer> byProvider) {
    return new TreeMap<>(byProvider)
        .entrySet().stream()
            .map(entry -> "%d nodes by %s".formatted(entry.getValue(), entry.getKey()))
            .collect(joining(", "));
  }

  static void write(ProviderParity parity, ObjectNode json) {
    json.put("provider", parity.provider().name().toLowerCase(Locale.ROOT));
    write(parity.encoderNodes(), json.putObject("encoderNodes"));
    write(parity.stepNodes(), json.putObject("stepNodes"));
    json.put("withinTolerance", parity.isWithinTolerance());
    ArrayNode differences = json.putArray("differences");
    for (ProviderParity.Difference difference : parity.differences()) {
      differences
          .addObject()
          .put("what", difference.what())
          .put("batch", difference.batch())
          .put("against", difference.against())
          .put("largest", difference.largest())
          .put("allowed", difference.allowed());
    }
  }

  private static void write(Map<String, Integer> nodes, ObjectNode json) {
    new TreeMap<>(nodes).forEach(json::put);
  }
}
