package io.gatestream.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/** Reads the files of a bundle, and none outside its folder. */
public final class BundleFiles {
  static final String CONTRACT = "model.json";

  private static final int PART_BYTES = 1 << 20;

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
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return readJson(file);
  }

  private static ConfigException unreadable(Path file, IOException why) {
    return new ConfigException("cannot read %s: %s".formatted(file, IoReason.of(why)), why);
  }

  /**
   * Reads a file that holds one JSON object.
   *
   * @throws ConfigException it cannot be read, or holds something else
   */
  static JsonNode readJson(Path file) {
    try {
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
      throw unreadable(file, e);
    }
  }

  /**
   * Checks the hash of a file of the bundle, of any size, without reading it into the heap.
   *
   * @throws ConfigException it lies outside the folder, is missing, or has another hash
   */
  static void verify(Path folder, String name, String sha256) {
    try (FileChannel file = FileChannel.open(find(folder, name), StandardOpenOption.READ)) {
      MessageDigest digest = Sha256.digest();
      ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
      while (file.read(part.clear()) >= 0) {
        digest.update(part.flip());
      }
      require(folder, name, sha256, digest);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read %s in %s: %s".formatted(name, folder, IoReason.of(e)), e);
    }
  }

  /**
   * A file of the bundle whose hash is right, mapped: it takes no heap. What was hashed is what the
   * caller reads, even where another file takes its name.
   *
   * @throws ConfigException as {@link #verify}, or it is too large for an ONNX file
   */
  static ByteBuffer mapVerified(Path folder, String name, String sha256) {
    try (FileChannel file = FileChannel.open(find(folder, name), StandardOpenOption.READ)) {
      if (file.size() > Integer.MAX_VALUE) {
        throw new ConfigException(
            "%s: has %d bytes, and ONNX files end at 2 GiB: export the weights into a file beside it"
                .formatted(folder.resolve(name), file.size()));
      }
      ByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
      MessageDigest digest = Sha256.digest();
      digest.update(bytes.duplicate());
      require(folder, name, sha256, digest);
      return bytes;
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read %s in %s: %s".formatted(name, folder, IoReason.of(e)), e);
    }
  }

  private static void require(Path folder, String name, String sha256, MessageDigest digest) {
    String found = Sha256.hex(digest);
    if (!found.equals(sha256)) {
      throw new ConfigException(
          "%s: expected SHA-256 %s as model.json says, found %s; the file was changed or is incomplete"
              .formatted(folder.resolve(name), sha256, found));
    }
  }

  private static Path find(Path folder, String name) throws IOException {
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
      return file;
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "%s: '%s' is no file name".formatted(folder.resolve(CONTRACT), name), e);
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

  private static ConfigException outside(Path folder, String name) {
    return new ConfigException(
        List.of(
            "%s: the file '%s' lies outside the bundle: expected a file in its folder"
                .formatted(folder.resolve(CONTRACT), name)));
  }
}
