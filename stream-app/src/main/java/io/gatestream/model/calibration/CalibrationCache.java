package io.gatestream.model.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that keeps what calibration chose, a file for each key. Processes may share it: a file
 * appears whole or not at all. Whatever cannot be read or understood counts as missing.
 */
final class CalibrationCache {
  private static final Logger log = LoggerFactory.getLogger(CalibrationCache.class);
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Of the file, and of the candidates: another asks for a new calibration. */
  private static final int FORMAT = 1;

  private final Path folder;

  CalibrationCache(Path folder) {
    this.folder = folder;
  }

  Path file(CalibrationKey key) {
    return folder.resolve(key.fileName());
  }

  Optional<EncoderSetup> find(CalibrationKey key) {
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file(key)));
      if (json.path("format").asInt() != FORMAT
          || !json.path("key").equals(MAPPER.valueToTree(key))) {
        return Optional.empty();
      }
      return Optional.of(
          new EncoderSetup(
              json.path("callers").asInt(),
              json.path("threads").asInt(),
              json.path("batch").asInt()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      log.debug("{} is calibrated again: {}", file(key), e.toString());
      return Optional.empty();
    }
  }

  /** Keeps a choice in place of an earlier one; false, and a line in the log, where it cannot. */
  boolean keep(CalibrationKey key, EncoderSetup choice) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.set("key", MAPPER.valueToTree(key));
    json.put("callers", choice.callers());
    json.put("threads", choice.threads());
    json.put("batch", choice.batch());
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "calibration", ".part");
      try {
        MAPPER.writerWithDefaultPrettyPrinter().writeValue(part.toFile(), json);
        Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      return true;
    } catch (IOException e) {
      log.warn(
          "the calibration cannot be kept in {} ({}), each start makes it again: {}",
          folder,
          IoReason.of(e),
          IoReason.remedy(e, "--calibration-dir"));
      return false;
    }
  }
}
