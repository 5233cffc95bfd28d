package io.gatestream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ProviderParity;
import io.gatestream.model.RoughTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A bundle as one JSON object: what was found, next to the contract itself as model.json has it.
 */
final class BundleJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private BundleJson() {}

  static String text(ModelBundle bundle, RoughTimes times, Optional<ProviderParity> parity) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("folder", bundle.folder().toString());
    json.put("stateFingerprint", bundle.stateFingerprint());
    json.put("bundleFingerprint", bundle.bundleFingerprint());
    json.put("hashesVerified", true);
    json.put("featureSize", bundle.featureSize());
    json.put("stateBytesPerStream", bundle.stateBytes());
    ArrayNode files = json.putArray("files");
    for (BundleFile file : BundleFile.of(bundle)) {
      ObjectNode entry = files.addObject().put("name", file.name()).put("bytes", file.bytes());
      file.sha256().ifPresent(hash -> entry.put("sha256", hash));
    }
    json.putObject("roughCpuTimes")
        .put("medianOf", RoughTimes.RUNS)
        .put("encoderMillis", times.encoderMillis())
        .put("stepMillis", times.stepMillis());
    parity.ifPresent(measured -> ParityText.write(measured, json.putObject("parity")));
    json.set("contract", contract(bundle));
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode contract(ModelBundle bundle) {
    try {
      return MAPPER.readTree(bundle.folder().resolve("model.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
