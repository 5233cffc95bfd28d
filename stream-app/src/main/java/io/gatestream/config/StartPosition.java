package io.gatestream.config;

/** Where an application without committed offsets starts to read. */
public enum StartPosition {
  EARLIEST,
  LATEST
}
