package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks ONNX Runtime's libraries once into the user's cache. By itself it unpacks 20 MB and more
 * into a new temporary folder at each start, leaves the folder, and after a kill the libraries too.
 */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);

  /** Where ONNX Runtime looks for its libraries before it unpacks them. */
  private static final String NATIVE_PATH = "onnxruntime.native.path";

  /** The cache folder, from the launcher. */
  private static final String CACHE = "gatestream.cache";

  private static final String FOLDER = "/ai/onnxruntime/native/linux-x64/";
  private static final List<String> NAMES =
      List.of(
          "libonnxruntime.so",
          "libonnxruntime4j_jni.so",
          "libonnxruntime_providers_shared.so",
          "libonnxruntime_providers_cuda.so",
          "libonnxruntime_providers_tensorrt.so");

  private NativeLibraries() {}

  /**
   * Unpacks them where that has not been done, and tells ONNX Runtime; without a cache it goes its
   * own way.
   */
  static void unpack() {
    String cache = System.getProperty(CACHE);
    if (cache == null || System.getProperty(NATIVE_PATH) != null || !isLinuxX64()) {
      return;
    }
    try {
      Path jar =
          Path.of(OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = Path.of(cache, "%s-%d".formatted(jar.getFileName(), Files.size(jar)));
      Files.createDirectories(folder);
      for (String name : NAMES) {
        unpack(name, folder);
      }
      System.setProperty(NATIVE_PATH, folder.toString());
    } catch (IOException | URISyntaxException e) {
      LOG.debug("ONNX Runtime unpacks its libraries itself: {}", e.toString());
    }
  }

  private static boolean isLinuxX64() {
    return System.getProperty("os.name", "").equals("Linux")
        && System.getProperty("os.arch", "").equals("amd64");
  }

  /** Several processes may do so at once: a library appears whole or not at all. */
  private static void unpack(String name, Path folder) throws IOException {
    Path library = folder.resolve(name);
    if (Files.exists(library)) {
      return;
    }
    try (InputStream packed = OrtEnvironment.class.getResourceAsStream(FOLDER + name)) {
      if (packed == null) {
        return; // the CPU build has no providers
      }
      Path part = Files.createTempFile(folder, name, ".part");
      try {
        Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }
}
