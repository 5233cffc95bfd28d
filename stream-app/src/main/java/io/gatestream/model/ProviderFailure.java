package io.gatestream.model;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why a GPU provider cannot be had, with the missing library and what to do. */
final class ProviderFailure {
  private static final Pattern NOT_OPENED =
      Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");
  private static final Pattern ANY_LIBRARY = Pattern.compile("lib[\\w+-]+\\.so(?:\\.\\d+)*");

  private ProviderFailure() {}

  static ConfigException notBuiltIn(Provider provider) {
    return new ConfigException(
        "provider %s: this build has no %s provider (%s is missing): build with ./mvnw -Pcuda package, or set the provider to cpu or auto"
            .formatted(spelled(provider), provider, library(provider)));
  }

  static ConfigException of(Provider provider, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String needs =
        provider == Provider.TENSORRT ? "CUDA 12, cuDNN 9 and TensorRT 10" : "CUDA 12 and cuDNN 9";
    String missing =
        missingLibrary(message)
            .map(name -> "the library %s is missing or does not load".formatted(name))
            .orElse("it does not start");
    return new ConfigException(
        "provider %s: %s: install %s and the NVIDIA driver and put their libraries on LD_LIBRARY_PATH, or set the provider to cpu or auto (ONNX Runtime says: %s)"
            .formatted(spelled(provider), missing, needs, message.strip()),
        failure);
  }

  /** The library that the loader did not find, or else the last that the message names. */
  static Optional<String> missingLibrary(String message) {
    Matcher notOpened = NOT_OPENED.matcher(message);
    if (notOpened.find()) {
      return Optional.of(notOpened.group(1));
    }
    return ANY_LIBRARY.matcher(message).results().map(r -> r.group()).reduce((a, b) -> b);
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
