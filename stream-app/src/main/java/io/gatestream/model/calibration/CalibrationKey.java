package io.gatestream.model.calibration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.Provider;
import io.gatestream.files.Sha256;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.NativeEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What a calibration holds for: a change of any part asks for another.
 *
 * @param model the bundle's state fingerprint
 * @param gpu index of the GPU and the kinds of all GPUs here where the driver tells; 0 on a CPU
 * @param cpu the processor's name where the system tells
 * @param processors that this process may use
 * @param runtime version of ONNX Runtime
 * @param fixed callers, threads and batch as given, {@code -} where not
 */
record CalibrationKey(
    String model,
    Provider provider,
    String gpu,
    String cpu,
    int processors,
    String arch,
    String runtime,
    String fixed) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path GPU_INFO = Path.of("/proc/driver/nvidia/gpus");

  /** Of this machine. */
  static CalibrationKey here(ModelBundle bundle, Provider provider, int gpu, FixedSetup fixed) {
    return new CalibrationKey(
        bundle.stateFingerprint(),
        provider,
        provider == Provider.CPU ? "0" : gpu + " of " + gpus(GPU_INFO),
        cpu(CPU_INFO),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        NativeEnvironment.get().getVersion(),
        String.join(
            " ", List.of(text(fixed.callers()), text(fixed.threads()), text(fixed.batch()))));
  }

  private static String text(OptionalInt given) {
    return given.isPresent() ? Integer.toString(given.getAsInt()) : "-";
  }

  /** The first "model name" of a file like /proc/cpuinfo. */
  static String cpu(Path cpuInfo) {
    try (Stream<String> lines = Files.lines(cpuInfo)) {
      return lines
          .filter(line -> line.startsWith("model name") && line.indexOf(':') > 0)
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown");
    } catch (IOException | UncheckedIOException e) {
      return "unknown";
    }
  }

  /** The "Model" of every file {@code information} below a folder like the driver's, in order. */
  static List<String> gpus(Path folder) {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<String> models = new ArrayList<>();
      for (Path file : files.filter(found -> found.endsWith("information")).sorted().toList()) {
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("Model:"))
            .map(line -> line.substring("Model:".length()).strip())
            .forEach(models::add);
      }
      return models;
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // no driver, or a container that hides it
    }
  }

  /** A file name of its own. */
  String fileName() {
    return Sha256.hex(toString().getBytes(UTF_8)).substring(0, 32) + ".json";
  }
}
