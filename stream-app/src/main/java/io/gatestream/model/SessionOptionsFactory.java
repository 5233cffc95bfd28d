package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.gatestream.config.Provider;
import java.util.stream.Collectors;

/** Makes session options; the caller closes them. */
final class SessionOptionsFactory {
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
    OrtProvider wanted = provider == Provider.TENSORRT ? OrtProvider.TENSOR_RT : OrtProvider.CUDA;
    if (!OrtEnvironment.getAvailableProviders().contains(wanted)) {
      throw ProviderFailure.notBuiltIn(provider);
    }
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

  private static void addCuda(SessionOptions options, RuntimeSettings settings)
      throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.gpuDeviceId())) {
      cuda.add("cudnn_conv_algo_search", "HEURISTIC");
      cuda.add("use_tf32", "0");
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (settings.gpuMemoryLimitBytes().isPresent()) {
        cuda.add("gpu_mem_limit", Long.toString(settings.gpuMemoryLimitBytes().getAsLong()));
      }
      options.addCUDA(cuda);
    }
  }

  /** One optimisation profile for all batch sizes: without it each new shape builds an engine. */
  private static void addTensorRt(
      SessionOptions options, ModelBundle bundle, RuntimeSettings settings, BatchSizes sizes)
      throws OrtException {
    String picture =
        bundle.encoder().frames().shape().stream()
            .skip(1)
            .map(dimension -> "x" + dimension)
            .collect(Collectors.joining());
    String name = bundle.encoder().frames().name() + ":";
    try (OrtTensorRTProviderOptions tensorRt =
        new OrtTensorRTProviderOptions(settings.gpuDeviceId())) {
      tensorRt.add("trt_profile_min_shapes", name + 1 + picture);
      tensorRt.add("trt_profile_opt_shapes", name + sizes.largest() + picture);
      tensorRt.add("trt_profile_max_shapes", name + sizes.largest() + picture);
      options.addTensorrt(tensorRt);
    }
  }
}
