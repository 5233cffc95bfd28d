package io.gatestream.clip;

import io.gatestream.schema.Frame;

/** Makes the file of a clip of frames. Owns native memory; one thread. */
interface ClipWriter extends AutoCloseable {
  /**
   * Adds the pictures of a frame that comes after the last one.
   *
   * @return whether the clip can hold it; else it has to be made in another way
   */
  boolean add(Frame frame);

  /** Writes what is left: the file is whole then. */
  void finish();

  @Override
  void close();
}
