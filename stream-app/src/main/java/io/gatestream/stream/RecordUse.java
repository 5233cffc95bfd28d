package io.gatestream.stream;

/** What becomes of a record of the frames topic. */
public enum RecordUse {
  /** It is passed over, as if it were not in the topic. */
  IGNORED,

  /** It advances its stream's state and counts, and nothing is written for it. */
  ADVANCES,

  /** It is labelled, or rejected, as the stream policy says. */
  LABELLED
}
