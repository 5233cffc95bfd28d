package io.gatestream.labels;

import java.time.Duration;
import java.util.List;

/** What is committed in a topic of labels or of events, as it comes. One thread polls. */
public interface CommittedSource<T> {
  /** Waits at most {@code wait}; gives nothing when the time is over or this was stopped. */
  List<T> poll(Duration wait);

  /** Whether all that was committed at the opening has been read. */
  boolean caughtUp();

  /** Whether one had been committed at the opening. */
  boolean beforeEnd(T read);

  /** The records that were something else, so far. */
  ForeignRecords foreign();

  /** Whether this was stopped or closed: polls give nothing any more. */
  boolean stopped();
}
