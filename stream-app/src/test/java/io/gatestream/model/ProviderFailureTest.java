package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What ONNX Runtime 1.29 says, word for word where it was seen to say it, and what is made of it.
 */
class ProviderFailureTest {
  private static final String NOT_LOADED =
      "Failed to load library /tmp/x/libonnxruntime_providers_cuda.so with error: %s: cannot open"
          + " shared object file: No such file or directory";

  @TempDir Path folder;

  private static ConfigException said(String message, Path... libraryPath) {
    return ProviderFailure.of(
        Provider.CUDA, new IllegalStateException(message), List.of(libraryPath));
  }

  @Test
  void theLibraryThatDidNotLoadIsNamedWithItsCuda() {
    assertThat(said(NOT_LOADED.formatted("libcudart.so.12")))
        .hasMessageContaining("the library libcudart.so.12 is missing")
        .hasMessageContaining("install CUDA 12 and cuDNN 9")
        .hasMessageContaining("or set the provider to cpu or auto");
    assertThat(said(NOT_LOADED.formatted("libcublasLt.so.13")))
        .hasMessageContaining("install CUDA 13 and cuDNN 9");
    assertThat(ProviderFailure.missingLibrary("no CUDA-capable device is detected")).isEmpty();
  }

  @Test
  void theSameLibraryOfAnotherVersionIsNamedToo() throws IOException {
    Path other = Files.createFile(folder.resolve("libcublas.so.13"));
    Files.createFile(folder.resolve("libcublasLt.so.13"));
    assertThat(said(NOT_LOADED.formatted("libcublas.so.12"), folder.resolve("none"), folder))
        .hasMessageContaining(other + " is another version");
    assertThat(said(NOT_LOADED.formatted("libcublas.so.13"), folder).getMessage())
        .doesNotContain("another version");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "libcuda.so.1: cannot open shared object file: No such file or directory | the NVIDIA driver is missing",
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version | update the driver",
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 | there is no GPU that this process may use",
        "CUDA failure 101: invalid device ordinal ; GPU=3 | set gpu.device",
        "CUDA failure 209: no kernel image is available for execution on the device | no code for that GPU",
        "CUDA failure 2: out of memory ; GPU=0 | raise gpu.memory.mb",
        "BFCArena::AllocateRawInternal Available memory of 9 is smaller than requested bytes of 10 | raise gpu.memory.mb",
        "Failed to allocate memory for requested buffer of size 99 | lower encoder.batch",
        "This binary was not compiled with CUDA support. | that of ONNX Runtime's CPU build",
        "cuDNN is not available. Install cuDNN, update the system library search path | libcudnn.so.9 is missing",
        "CUBLAS failure 1: the library was not initialized ; GPU=0 | it does not start"
      })
  void aKnownCauseIsSaidInTheUsersWords(String message, String expected) {
    assertThat(said(message))
        .hasMessageStartingWith("provider cuda: ")
        .hasMessageContaining(expected)
        .hasMessageContaining("ONNX Runtime says: " + message);
  }

  @Test
  void anErrorCodeThatOnlyBeginsLikeOneOfThemIsAnother() {
    assertThat(said("CUDA failure 200: device kernel image is invalid").getMessage())
        .contains("it does not start")
        .doesNotContain("gpu.memory.mb");
  }
}
