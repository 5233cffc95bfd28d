package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import io.gatestream.natives.CacheFolder;
import io.gatestream.natives.LinuxNatives;
import io.gatestream.natives.NativeJar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks ONNX Runtime's libraries once into the user's cache. By itself it unpacks 20 MB and more
 * into a new temporary folder at each start, leaves the folder, and after a kill the libraries too.
 */
final class NativeLibraries {
  private static final Logger log = LoggerFactory.getLogger(NativeLibraries.class);

  /** Where ONNX Runtime looks for its libraries before it unpacks them. */
  private static final String NATIVE_PATH = "onnxruntime.native.path";

  private NativeLibraries() {}

  /**
   * Unpacks them where that has not been done, and tells ONNX Runtime; without a cache it goes its
   * own way.
   */
  static void unpack() {
    Optional<LinuxNatives> natives = LinuxNatives.ofThisMachine();
    if (CacheFolder.ofLauncher().isEmpty()
        || System.getProperty(NATIVE_PATH) != null
        || natives.isEmpty()) {
      return;
    }
    try {
      // its class loads nothing before the environment is asked for
      List<Path> libraries =
          NativeJar.of(OrtEnvironment.class.getName())
              .unpack(entries(natives.get()), CacheFolder.ofLauncher().get());
      if (!libraries.isEmpty()) {
        System.setProperty(
            NATIVE_PATH, libraries.get(0).toAbsolutePath().resolveSibling("").toString());
      }
    } catch (IOException e) {
      log.debug("ONNX Runtime unpacks its libraries itself: {}", e.toString());
    }
  }

  private static Pattern entries(LinuxNatives natives) {
    return Pattern.compile(
        "ai/onnxruntime/native/%s/lib[^/]*\\.so".formatted(natives.onnxruntime()));
  }

  /** Where ONNX Runtime loads them from. */
  static Path folder() {
    String told = System.getProperty(NATIVE_PATH);
    return Path.of(told == null ? System.getProperty("java.io.tmpdir") : told);
  }
}
