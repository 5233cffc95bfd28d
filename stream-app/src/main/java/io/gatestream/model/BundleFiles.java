package io.gatestream.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.config.ConfigException;
import io.gatestream.config.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reads the files of a bundle, and none outside its folder. */
final class BundleFiles {
  static final String CONTRACT = "model.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private BundleFiles() {}

  static JsonNode readContract(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "no model bundle at %s: %s; give the folder that holds model.json"
              .formatted(folder, Files.exists(folder) ? "it is not a folder" : "no such folder"));
    }
    Path file = folder.resolve(CONTRACT);
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "no model bundle at %s: the folder holds no model.json".formatted(folder));
    }
    try {
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw outside(folder, CONTRACT);
      }
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw new ConfigException("%s: expected a JSON object".formatted(file));
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "%s is not valid JSON, line %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ConfigException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /**
   * The bytes of a file of the bundle whose hash is right.
   *
   * @throws ConfigException it lies outside the folder, is missing, or has another hash
   */
  static byte[] readVerified(Path folder, String name, String sha256) {
    try {
      Path root = folder.toRealPath();
      Path file = root.resolve(name).normalize();
      if (!file.startsWith(root) || file.equals(root)) {
        throw outside(folder, name);
      }
      if (!Files.isRegularFile(file)) {
        throw new ConfigException(
            "%s: model.json names the file %s, which is missing"
                .formatted(folder.resolve(CONTRACT), name));
      }
      if (!file.toRealPath().startsWith(root)) {
        throw outside(folder, name);
      }
      byte[] bytes = Files.readAllBytes(file);
      String found = sha256(bytes);
      if (!found.equals(sha256)) {
        throw new ConfigException(
            "%s: expected SHA-256 %s as model.json says, found %s; the file was changed or is incomplete"
                .formatted(folder.resolve(name), sha256, found));
      }
      return bytes;
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "%s: '%s' is no file name".formatted(folder.resolve(CONTRACT), name), e);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read %s in %s: %s".formatted(name, folder, IoReason.of(e)), e);
    }
  }

  /** The canonical text of a JSON value: sorted keys, no white space. */
  static String canonical(JsonNode json) {
    try {
      return JsonMapper.builder()
          .enable(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build()
          .writeValueAsString(MAPPER.treeToValue(json, Object.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a parsed JSON value does not print", e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static ConfigException outside(Path folder, String name) {
    return new ConfigException(
        List.of(
            "%s: the file '%s' lies outside the bundle: expected a file in its folder"
                .formatted(folder.resolve(CONTRACT), name)));
  }
}
