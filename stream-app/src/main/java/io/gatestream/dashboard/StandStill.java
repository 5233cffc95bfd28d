package io.gatestream.dashboard;

import java.util.HashMap;
import java.util.Map;

/**
 * How long partitions have made no progress though records wait: while a state is restored, or
 * where somebody hangs. Not thread-safe.
 */
final class StandStill {
  private record Since(long committed, long millis) {}

  private final Map<Integer, Since> since = new HashMap<>();

  /** Milliseconds without progress, 0 where there is some or nothing waits. */
  long look(int partition, long committed, long lag, long now) {
    Since known = since.get(partition);
    if (known == null || known.committed() != committed || lag == 0) {
      since.put(partition, new Since(committed, now));
      return 0;
    }
    return now - known.millis();
  }
}
