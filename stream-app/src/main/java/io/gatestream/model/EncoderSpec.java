package io.gatestream.model;

import java.util.List;

/**
 * What model.json says of encoder.onnx.
 *
 * @param file its name in the bundle
 * @param sha256 64 lower-case hex digits
 * @param data files beside it that hold weights
 * @param frames uint8 [-1, H, W, 3]
 * @param features float32 [-1, F]
 * @param bitEqualBatchSizes batch sizes found bit-equal to batch 1 on the CPU
 */
public record EncoderSpec(
    String file,
    String sha256,
    List<DataFile> data,
    TensorSpec frames,
    TensorSpec features,
    List<Integer> bitEqualBatchSizes) {
  public EncoderSpec {
    data = List.copyOf(data);
    bitEqualBatchSizes = List.copyOf(bitEqualBatchSizes);
  }
}
