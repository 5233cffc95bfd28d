package io.gatestream.config;

/** Where ONNX Runtime runs the encoder. Only {@link #AUTO} may fall back to the CPU. */
public enum Provider {
  CPU,
  CUDA,
  TENSORRT,
  AUTO
}
