package io.gatestream.ingest;

import org.jspecify.annotations.Nullable;

/** Encoded frames or segments of one source, in order. For one thread. */
interface PayloadSource extends AutoCloseable {
  /** The next payload, or null at the end. */
  @Nullable Payload next() throws SourceException;

  /** Where the source ended, once {@link #next} gave null. */
  long endMicros();

  @Override
  void close();
}
