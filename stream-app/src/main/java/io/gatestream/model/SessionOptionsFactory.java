package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.natives.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes session options; the caller closes them. */
final class SessionOptionsFactory {
  private static final Logger log = LoggerFactory.getLogger(SessionOptionsFactory.class);

  private SessionOptionsFactory() {}

  /**
   * One thread a call by default, no spinning: several threads call, and a decoder needs the cores.
   */
  static SessionOptions cpu(int intraOpThreads) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(intraOpThreads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setDeterministicCompute(true);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      // weights then lie outside the arena, which doubles as it grows
      options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  /**
   * Options for {@code CUDA} or {@code TENSORRT}.
   *
   * @throws io.gatestream.errors.ConfigException the provider cannot be had
   */
  static SessionOptions gpu(
      Provider provider, ModelBundle bundle, RuntimeSettings settings, BatchSizes sizes)
      throws OrtException {
    require(provider);
    SessionOptions options = cpu(settings.intraOpThreads());
    try {
      if (provider == Provider.TENSORRT) {
        addTensorRt(options, bundle, settings, sizes);
      }
      addCuda(options, settings);
      return options;
    } catch (OrtException | LinkageError e) {
      options.close();
      throw ProviderFailure.of(provider, e);
    }
  }

  /**
   * The same for the step, which no profile of TensorRT names: on CUDA under both providers.
   *
   * @throws io.gatestream.errors.ConfigException the provider cannot be had
   */
  static SessionOptions gpuStep(Provider provider, RuntimeSettings settings) throws OrtException {
    require(provider);
    SessionOptions options = cpu(1);
    try {
      addCuda(options, settings);
      return options;
    } catch (OrtException | LinkageError e) {
      options.close();
      throw ProviderFailure.of(provider, e);
    }
  }

  private static void require(Provider provider) {
    OrtProvider wanted = provider == Provider.TENSORRT ? OrtProvider.TENSOR_RT : OrtProvider.CUDA;
    if (!OrtEnvironment.getAvailableProviders().contains(wanted)) {
      throw ProviderFailure.notBuiltIn(provider);
    }
  }

  private static void addCuda(SessionOptions options, RuntimeSettings settings)
      throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.gpuDeviceId())) {
      for (Map.Entry<String, String> option : GpuOptions.cuda(settings).entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(
      SessionOptions options, ModelBundle bundle, RuntimeSettings settings, BatchSizes sizes)
      throws OrtException {
    Path engines = engines(bundle, sizes);
    try (OrtTensorRTProviderOptions tensorRt =
        new OrtTensorRTProviderOptions(settings.gpuDeviceId())) {
      for (Map.Entry<String, String> option :
          GpuOptions.tensorRt(bundle, sizes, engines).entrySet()) {
        tensorRt.add(option.getKey(), option.getValue());
      }
      options.addTensorrt(tensorRt);
    }
  }

  private static Path engines(ModelBundle bundle, BatchSizes sizes) {
    Path folder = GpuOptions.engines(CacheFolder.standard(), bundle.encoder(), sizes);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new ConfigException(
          "%s, where TensorRT keeps its engines, cannot be made (%s): set XDG_CACHE_HOME to a folder that can be written"
              .formatted(folder, e.getMessage()),
          e);
    }
    log.info("TensorRT keeps its engines in {}; the first start with it builds them", folder);
    return folder;
  }
}
