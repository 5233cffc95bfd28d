package io.gatestream.stream;

import io.gatestream.config.OverloadMode;
import io.gatestream.config.RunConfig;
import io.gatestream.lookahead.PartitionLags;

/**
 * Says whether frames of a partition are skipped undecoded because more come than can be labelled.
 * Asked by the processor for each frame, which alone decides, and ahead by the lookahead, where a
 * wrong guess costs time only. Thread-safe.
 */
@FunctionalInterface
interface Overload {
  /** Everything is labelled, and the lag grows. */
  Overload KEEP_ALL = partition -> false;

  boolean skips(int partition);

  /** As the settings say, by the lag that the consumers tell. */
  static Overload of(RunConfig.Overload settings, PartitionLags lags) {
    return settings.mode() == OverloadMode.KEEP_ALL
        ? KEEP_ALL
        : partition -> lags.of(partition) > settings.records();
  }
}
