package io.gatestream.model;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why a GPU provider cannot be had, with the missing library and what to do. */
final class ProviderFailure {
  private static final Pattern NOT_OPENED =
      Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");
  private static final Pattern ANY_LIBRARY = Pattern.compile("lib[\\w+-]+\\.so(?:\\.\\d+)*");
  private static final Pattern NUMBERED = Pattern.compile("(lib[\\w+-]+\\.so)\\.(\\d+)");

  /** What the driver, CUDA and ONNX Runtime's allocators say, and what that means for a user. */
  private static final List<Cause> CAUSES =
      List.of(
          new Cause(
              "libcuda\\.so",
              "the NVIDIA driver is missing (libcuda.so.1): install it, and start a container with the GPU (docker run --gpus all)"),
          new Cause(
              "driver version is insufficient|failure (35|803)\\b",
              "the NVIDIA driver is older than this CUDA: update the driver"),
          new Cause(
              "no CUDA-capable device|failure 100\\b",
              "there is no GPU that this process may use: look at nvidia-smi, CUDA_VISIBLE_DEVICES and the container's devices"),
          new Cause(
              "invalid device ordinal|failure 101\\b",
              "there is no GPU of that number: set gpu.device to one that nvidia-smi lists"),
          new Cause(
              "no kernel image|failure 209\\b",
              "this build of ONNX Runtime has no code for that GPU: take another build or another GPU"),
          new Cause(
              "out of memory|failure 2\\b|Failed to allocate memory|smaller than requested",
              "the GPU's memory does not suffice: raise gpu.memory.mb, lower encoder.batch, or end what else nvidia-smi shows on it"),
          new Cause(
              "not compiled with CUDA support",
              "libonnxruntime4j_jni.so is that of ONNX Runtime's CPU build: take the one of onnxruntime_gpu"),
          new Cause(
              "cuDNN is not available|cuDNN library was not found",
              "the library libcudnn.so.9 is missing or does not load: install cuDNN 9 and put it on LD_LIBRARY_PATH"));

  private record Cause(Pattern said, String text) {
    Cause(String said, String text) {
      this(Pattern.compile(said), text);
    }
  }

  private ProviderFailure() {}

  static ConfigException notBuiltIn(Provider provider) {
    return new ConfigException(
        "provider %s: this build has no %s provider (%s is missing): build with ./mvnw -Pcuda package, or set the provider to cpu or auto"
            .formatted(spelled(provider), provider, library(provider)));
  }

  static ConfigException of(Provider provider, Throwable failure) {
    return of(provider, failure, libraryPath());
  }

  /**
   * As the other.
   *
   * @param libraryPath folders that the system's loader searches, for a library of another version
   */
  static ConfigException of(Provider provider, Throwable failure, List<Path> libraryPath) {
    String message = String.valueOf(failure.getMessage());
    String why =
        CAUSES.stream()
            .filter(cause -> cause.said.matcher(message).find())
            .findFirst()
            .map(Cause::text)
            .orElseGet(() -> libraries(provider, message, libraryPath));
    return new ConfigException(
        "provider %s: %s, or set the provider to cpu or auto (ONNX Runtime says: %s)"
            .formatted(spelled(provider), why, message.strip()),
        failure);
  }

  private static String libraries(Provider provider, String message, List<Path> libraryPath) {
    Optional<String> missing = missingLibrary(message);
    String cuda =
        missing
            .flatMap(ProviderFailure::cudaVersion)
            .map(version -> "CUDA " + version)
            .orElse("CUDA (of the version that docs/gpu.md names)");
    String needs =
        provider == Provider.TENSORRT ? cuda + ", cuDNN 9 and TensorRT 10" : cuda + " and cuDNN 9";
    String remedy =
        "install %s and the NVIDIA driver and put their libraries on LD_LIBRARY_PATH"
            .formatted(needs);
    if (missing.isEmpty()) {
      return "it does not start: " + remedy;
    }
    return "the library %s is missing or does not load%s: %s"
        .formatted(
            missing.get(),
            otherVersion(missing.get(), libraryPath)
                .map(
                    other ->
                        ", and %s is another version, for which this ONNX Runtime was not built"
                            .formatted(other))
                .orElse(""),
            remedy);
  }

  /** The library that the loader did not find, or else the last that the message names. */
  static Optional<String> missingLibrary(String message) {
    Matcher notOpened = NOT_OPENED.matcher(message);
    if (notOpened.find()) {
      return Optional.of(notOpened.group(1));
    }
    return ANY_LIBRARY.matcher(message).results().map(r -> r.group()).reduce((a, b) -> b);
  }

  /** Of the libraries that have CUDA's own number. */
  private static Optional<String> cudaVersion(String library) {
    Matcher numbered = NUMBERED.matcher(library);
    return numbered.lookingAt()
            && List.of("libcudart.so", "libcublas.so", "libcublasLt.so").contains(numbered.group(1))
        ? Optional.of(numbered.group(2))
        : Optional.empty();
  }

  private static Optional<Path> otherVersion(String library, List<Path> folders) {
    Matcher numbered = NUMBERED.matcher(library);
    if (!numbered.lookingAt()) {
      return Optional.empty();
    }
    for (Path folder : folders) {
      String[] names = folder.toFile().list();
      for (String name : names == null ? new String[0] : names) {
        if (name.startsWith(numbered.group(1) + ".") && !name.startsWith(numbered.group())) {
          return Optional.of(folder.resolve(name));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> libraryPath() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")).orElse(""))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static String library(Provider provider) {
    return provider == Provider.TENSORRT
        ? "libonnxruntime_providers_tensorrt.so"
        : "libonnxruntime_providers_cuda.so";
  }

  private static String spelled(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }
}
