package io.gatestream.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the CUDA and the TensorRT provider are told, by ONNX Runtime's names for it. Every choice
 * and the source that it was read in: docs/gpu.md.
 */
final class GpuOptions {
  private GpuOptions() {}

  /** TF32 would round float32 to 10 bits of mantissa, far beyond a bundle's tolerance. */
  static Map<String, String> cuda(RuntimeSettings settings) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("use_tf32", "0");
    options.put("cudnn_conv_algo_search", "HEURISTIC");
    options.put("do_copy_in_default_stream", "1");
    options.put("arena_extend_strategy", "kSameAsRequested");
    // a captured graph is replayed without copying the inputs, and Java cannot hold them on the GPU
    options.put("enable_cuda_graph", "0");
    settings
        .gpuMemoryLimitBytes()
        .ifPresent(limit -> options.put("gpu_mem_limit", Long.toString(limit)));
    return options;
  }

  /**
   * One optimisation profile for all batch sizes: without it each new shape builds an engine.
   *
   * @param engines folder that keeps what takes minutes to build
   */
  static Map<String, String> tensorRt(ModelBundle bundle, BatchSizes sizes, Path engines) {
    String picture =
        bundle.encoder().frames().shape().stream()
            .skip(1)
            .map(dimension -> "x" + dimension)
            .collect(Collectors.joining());
    String name = bundle.encoder().frames().name() + ":";
    Map<String, String> options = new LinkedHashMap<>();
    options.put("trt_profile_min_shapes", name + 1 + picture);
    options.put("trt_profile_opt_shapes", name + sizes.largest() + picture);
    options.put("trt_profile_max_shapes", name + sizes.largest() + picture);
    options.put("trt_engine_cache_enable", "1");
    options.put("trt_engine_cache_path", engines.toString());
    options.put("trt_timing_cache_enable", "1");
    options.put("trt_timing_cache_path", engines.toString());
    options.put("trt_cuda_graph_enable", "0");
    return options;
  }

  /**
   * Where engines of an encoder lie. ONNX Runtime names them by the graph and the kind of GPU; not
   * by the largest batch, for which an engine is built.
   */
  static Path engines(Path cache, EncoderSpec encoder, BatchSizes sizes) {
    return cache.resolve(
        "tensorrt/%s-%d".formatted(encoder.sha256().substring(0, 16), sizes.largest()));
  }
}
