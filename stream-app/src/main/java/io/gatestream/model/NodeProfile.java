package io.gatestream.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * ONNX Runtime's own account of which provider ran which node of a graph: it puts nodes that a GPU
 * has no kernel for on the CPU, and says so nowhere else. Used by one thread.
 */
final class NodeProfile implements AutoCloseable {
  private static final String NODE = "_kernel_time";

  private final Path folder;

  private NodeProfile(Path folder) {
    this.folder = folder;
  }

  /** An account that lies in a temporary folder until it is closed. */
  static NodeProfile create() {
    try {
      return new NodeProfile(Files.createTempDirectory("gatestream-profile"));
    } catch (IOException e) {
      throw new OutageException("no temporary folder for a profile: " + e, e);
    }
  }

  /** Makes a session of these options keep the account. */
  void enable(SessionOptions options) throws OrtException {
    options.enableProfiling(folder.resolve("nodes").toString());
  }

  /** Nodes that ran since the session was opened, by provider; ends the account. */
  Map<String, Integer> nodes(OrtGraph graph) {
    Path file = Path.of(graph.call(OrtSession::endProfiling));
    Map<String, Integer> counts = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    try {
      for (JsonNode event : new JsonMapper().readTree(file.toFile())) {
        String name = event.path("name").asText();
        if (name.endsWith(NODE) && seen.add(name)) {
          counts.merge(event.path("args").path("provider").asText(), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new OutageException("the profile %s cannot be read: %s".formatted(file, e), e);
    }
    return counts;
  }

  @Override
  public void close() {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new OutageException("the folder %s cannot be deleted: %s".formatted(folder, e), e);
    }
  }
}
