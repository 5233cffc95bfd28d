package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The names are ONNX Runtime 1.29's, whose own parser took them: docs/gpu.md says how. */
class GpuOptionsTest {
  private final ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());

  @Test
  void cudaComputesInFullFloat32WithoutASearchAndWithoutGraphs() {
    assertThat(GpuOptions.cuda(RuntimeSettings.DEFAULT))
        .containsEntry("use_tf32", "0")
        .containsEntry("cudnn_conv_algo_search", "HEURISTIC")
        .containsEntry("enable_cuda_graph", "0")
        .containsEntry("arena_extend_strategy", "kSameAsRequested")
        .containsEntry("do_copy_in_default_stream", "1")
        .hasSize(5);
  }

  @Test
  void theMemoryLimitIsGivenInBytes() {
    RuntimeSettings limited =
        new RuntimeSettings(
            OptionalInt.empty(), OptionalInt.empty(), 1, 0, OptionalLong.of(2_147_483_648L));
    assertThat(GpuOptions.cuda(limited)).containsEntry("gpu_mem_limit", "2147483648");
  }

  @Test
  void tensorRtBuildsOneEngineForAllBatchesAndKeepsIt() {
    BatchSizes sizes = BatchSizes.buckets(32);
    Path engines = GpuOptions.engines(Path.of("/cache"), bundle.encoder(), sizes);
    assertThat(engines)
        .isEqualTo(
            Path.of("/cache/tensorrt/" + bundle.encoder().sha256().substring(0, 16) + "-32"));
    assertThat(GpuOptions.tensorRt(bundle, sizes, engines))
        .containsEntry("trt_profile_min_shapes", "frames:1x16x16x3")
        .containsEntry("trt_profile_opt_shapes", "frames:32x16x16x3")
        .containsEntry("trt_profile_max_shapes", "frames:32x16x16x3")
        .containsEntry("trt_engine_cache_enable", "1")
        .containsEntry("trt_engine_cache_path", engines.toString())
        .containsEntry("trt_timing_cache_enable", "1")
        .containsEntry("trt_timing_cache_path", engines.toString())
        .containsEntry("trt_cuda_graph_enable", "0")
        .hasSize(8);
  }
}
