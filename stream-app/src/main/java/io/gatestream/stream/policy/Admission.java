package io.gatestream.stream.policy;

/** Whether a record's frames belong to the producer that its stream follows. */
public sealed interface Admission {
  /** Where the stream is before the frames that are let in, or after those that are not. */
  StreamProgress progress();

  /** They do; the stream policy decides on each. */
  record Admitted(StreamProgress progress) implements Admission {}

  /** They do not: dropped, and counted as duplicates. */
  record Dropped(StreamProgress progress, Cause cause) implements Admission {}

  /** Why frames are dropped. */
  enum Cause {
    /** A sequence not above the last one of the session. */
    SEQUENCE,
    /** A session older than the stream's. */
    OLDER_SESSION,
    /** A newer session that the stream went on from, because it was silent. */
    LEFT_SESSION
  }
}
