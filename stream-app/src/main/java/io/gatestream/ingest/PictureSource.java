package io.gatestream.ingest;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Pictures of one source in presentation order. For one thread; closed by whoever opened it. */
interface PictureSource extends AutoCloseable {
  /** Frames per second of a source that says nothing. */
  double STANDARD_RATE = 25;

  /**
   * The next picture, or null at the end.
   *
   * @throws SourceException the source is damaged
   */
  @Nullable Picture next() throws SourceException;

  /** Where the source ended, once {@link #next} gave null: last time and that picture's length. */
  long endMicros();

  /** Frames per second, on average, where known. */
  OptionalDouble rate();

  /** Degrees clockwise to turn the pictures upright. */
  int rotation();

  @Override
  void close();
}
