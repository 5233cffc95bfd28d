package io.gatestream.stream.watch;

import io.gatestream.stream.policy.StreamProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * The streams of this instance whose frames got no label, or doubtful ones: counted for {@code
 * /trouble}, and said in the log once a stream and while. It keeps the streams that had trouble
 * last, a bounded number; a frame that is labelled never comes here. Thread-safe: all stream
 * threads write, one of the server's reads.
 */
final class TroubledStreams {
  static final int MOST_STREAMS = 10_000;

  /** Without trouble for so long, what comes next is counted anew. */
  private static final Duration OVER = Duration.ofMinutes(1);

  /** Until the same is said of the same stream again. */
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /** Until a stream without trouble is no longer shown. */
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final InstantSource clock;
  private final Consumer<Line> log;
  private final Map<Key, Case> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Case> eldest) {
          return size() > MOST_STREAMS;
        }
      };

  TroubledStreams(InstantSource clock, Consumer<Line> log) {
    this.clock = clock;
    this.log = log;
  }

  private record Key(Bytes stream, Trouble trouble) {}

  /**
   * What is at hand where a frame got no label.
   *
   * @param session of the frame, or {@link Long#MIN_VALUE} where that is not known
   * @param captureTime of the frame, or {@link Long#MIN_VALUE}
   */
  record Seen(int partition, StreamProgress stream, long session, long captureTime) {}

  private static final class Case {
    private Seen seen;
    private Instant since;
    private Instant last;
    private Instant said = Instant.MIN;
    private long frames;
    private long unlabelled;

    Case(Seen seen, Instant now) {
      this.seen = seen;
      this.since = now;
      this.last = now;
    }
  }

  /** One line of {@link #list}. */
  record Line(
      Bytes stream,
      Trouble trouble,
      Seen seen,
      Instant since,
      Instant last,
      long frames,
      long framesSinceLabel) {}

  void add(Bytes stream, Trouble trouble, Seen seen, long frames) {
    Instant now = clock.instant();
    synchronized (entries) {
      Case entry = entries.computeIfAbsent(new Key(stream, trouble), key -> new Case(seen, now));
      if (Duration.between(entry.last, now).compareTo(OVER) > 0) {
        entry.since = now;
        entry.frames = 0;
      }
      boolean labelled = seen.stream().hasLabelSince(entry.seen.stream());
      entry.unlabelled = (labelled ? 0 : entry.unlabelled) + frames;
      entry.frames += frames;
      entry.seen = seen;
      entry.last = now;
      // repeats among labelled frames are what producers do; of an older session all are lost
      long counted = trouble == Trouble.SEQUENCE ? entry.unlabelled : entry.frames;
      if (counted >= trouble.frames()
          && (entry.said.equals(Instant.MIN)
              || (trouble != Trouble.OTHER_PARTITION
                  && Duration.between(entry.said, now).compareTo(AGAIN) >= 0))) {
        entry.said = now;
        log.accept(line(stream, trouble, entry));
      }
    }
  }

  private static Line line(Bytes stream, Trouble trouble, Case entry) {
    return new Line(
        stream, trouble, entry.seen, entry.since, entry.last, entry.frames, entry.unlabelled);
  }

  /** The streams that had trouble within the last hour, the latest first. */
  List<Line> list() {
    Instant oldest = clock.instant().minus(FORGOTTEN);
    List<Line> lines = new ArrayList<>();
    synchronized (entries) {
      entries.values().removeIf(entry -> entry.last.isBefore(oldest));
      entries.forEach((key, entry) -> lines.add(line(key.stream, key.trouble, entry)));
    }
    lines.sort(Comparator.comparing(Line::last).reversed());
    return lines;
  }
}
