package io.gatestream.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Later versions of the default bundle, as bundles of their own. */
final class OtherBundles {
  static final String VERSION = "2.0.0";
  static final String RENAMED = "renamed-";
  private static final ObjectMapper JSON = new ObjectMapper();

  private OtherBundles() {}

  /**
   * Another model as its fingerprint sees it: the step graph has a doc_string more. States of the
   * other do not fit it.
   */
  static Path otherStep(Path folder) {
    Folders.copy(Gatestream.BUNDLE, folder);
    try {
      Path step = folder.resolve("step.onnx");
      // field 6 of ONNX's ModelProto; what is appended to a protobuf message is merged into it
      byte[] text = "another version".getBytes(StandardCharsets.UTF_8);
      Files.write(step, new byte[] {(6 << 3) | 2, (byte) text.length}, StandardOpenOption.APPEND);
      Files.write(step, text, StandardOpenOption.APPEND);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(step));
      ObjectNode contract = contract(folder);
      ((ObjectNode) contract.get("step")).put("sha256", HexFormat.of().formatHex(hash));
      write(folder, contract);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same model with other names of its labels. */
  static Path otherNames(Path folder) {
    Folders.copy(Gatestream.BUNDLE, folder);
    try {
      ObjectNode contract = contract(folder);
      var names = contract.putArray("labels");
      contract(folder).get("labels").forEach(name -> names.add(RENAMED + name.asText()));
      write(folder, contract);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode contract(Path folder) throws IOException {
    return (ObjectNode) JSON.readTree(folder.resolve("model.json").toFile());
  }

  private static void write(Path folder, ObjectNode contract) throws IOException {
    contract.put("version", VERSION);
    JSON.writeValue(folder.resolve("model.json").toFile(), contract);
  }
}
