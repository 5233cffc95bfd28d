package io.gatestream.ingest;

import java.util.OptionalLong;

/** Hears how an ingest goes. Called from every source's thread, so it must be thread-safe. */
public interface IngestListener {
  /** Hears nothing. */
  IngestListener NONE = new IngestListener() {};

  /**
   * A source is open.
   *
   * @param frames about as many will come, where that is known
   */
  default void opened(VideoSource source, OptionalLong frames) {}

  /** Frames were handed to the sink. */
  default void sent(VideoSource source, int frames, int bytes) {}

  /** A camera was faster than Kafka, so frames were left out. */
  default void dropped(VideoSource source, int frames) {}

  /** Something that the user should know, without passwords. */
  default void warning(VideoSource source, String text) {}

  default void finished(SourceReport report) {}
}
