package io.gatestream.bench;

/** Something that one thread does over and over while it is measured. */
interface Work extends AutoCloseable {
  /** Does it once and gives how many frames that were. */
  int run() throws Exception;

  @Override
  default void close() {}
}
