package io.gatestream.model;

/** How logits become scores. */
public enum Activation {
  /** One label a frame: scores sum to 1. */
  SOFTMAX,
  /** Several labels a frame: each score on its own. */
  SIGMOID
}
