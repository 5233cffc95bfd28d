package io.gatestream.stream.policy;

import io.gatestream.schema.Reset;

/** What the stream policy says of one frame, and where the stream is after it. */
public sealed interface Decision {
  /** Where the stream is once the decision is carried out. */
  StreamProgress after();

  /** Seen before, or of an older session: dropped and counted. */
  record Duplicate(StreamProgress after) implements Decision {}

  /** Came before it was due: counted, not labelled. */
  record Skip(StreamProgress after) implements Decision {}

  /**
   * To be labelled.
   *
   * @param reset why the state starts anew before this frame, or NONE
   * @param elapsed seconds since the stream's previous labelled frame, 0 after a reset
   */
  record Step(Reset reset, float elapsed, StreamProgress after) implements Decision {}
}
