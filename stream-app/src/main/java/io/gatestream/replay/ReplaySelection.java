package io.gatestream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.labels.StreamGlob;
import io.gatestream.stream.RecordSelection;
import io.gatestream.stream.RecordUse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The records that a replay uses: of the plan's offsets, the range's times and the streams asked
 * for. What it answers depends on the record alone; beside that it remembers whether there was any,
 * and some streams that were not asked for, to be named where there was none. Thread-safe.
 */
final class ReplaySelection implements RecordSelection {
  private static final int MOST_NAMES = 10;

  private final Map<Integer, ReplayPlan.Span> spans;
  private final ReplayRange range;
  private final StreamGlob streams;
  private final boolean everyStream;
  private final Set<String> others = new ConcurrentSkipListSet<>();
  private volatile boolean labelled;

  ReplaySelection(ReplayPlan plan, ReplayRange range) {
    this.spans = plan.spans();
    this.range = range;
    this.streams = StreamGlob.of(range.streams());
    this.everyStream = range.streams().equals("*");
  }

  @Override
  public RecordUse of(int partition, long offset, long timestamp, byte @Nullable [] key) {
    ReplayPlan.Span span = spans.get(partition);
    if (span == null
        || offset < span.start()
        || offset >= span.end()
        || timestamp < range.readFromMillis()
        || timestamp >= range.toMillis()
        || !isStream(key)) {
      return RecordUse.IGNORED;
    }
    if (timestamp < range.fromMillis()) {
      return RecordUse.ADVANCES;
    }
    labelled = true;
    return RecordUse.LABELLED;
  }

  /** A record without a key belongs to no stream: it is rejected where all are replayed. */
  private boolean isStream(byte @Nullable [] key) {
    if (everyStream) {
      return true;
    }
    if (key == null) {
      return false;
    }
    String stream = new String(key, UTF_8);
    boolean asked = streams.test(stream);
    if (!asked && others.size() < MOST_NAMES) {
      others.add(stream);
    }
    return asked;
  }

  /** Whether a record of the range has been seen. */
  boolean sawFrames() {
    return labelled;
  }

  /** Some streams of the range's times that were not asked for. */
  Set<String> others() {
    return Set.copyOf(others);
  }
}
