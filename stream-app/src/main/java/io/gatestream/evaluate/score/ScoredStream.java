package io.gatestream.evaluate.score;

import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;

/**
 * The labels of one session of one stream, in the order of source time. Immutable.
 *
 * <p>A stream of several sessions becomes several of these, which share the stream id and so the
 * truth; each is scored like a video of its own.
 */
public final class ScoredStream {
  private final String stream;
  private final int part;
  private final Classes classes;
  private final List<ScoredFrame> frames;
  private final Counts counts;

  /**
   * @param part 1 for the stream's first session, 2 for its second, and so on
   * @param frames in ascending source time, each with a score (or NaN) for each class
   * @param counts the stream's running counts at its last label
   * @throws IllegalArgumentException frames out of order, or with another number of scores
   */
  public ScoredStream(
      String stream, int part, Classes classes, List<ScoredFrame> frames, Counts counts) {
    this.stream = stream;
    this.part = part;
    this.classes = classes;
    this.frames = List.copyOf(frames);
    this.counts = counts;
    for (int i = 0; i < frames.size(); i++) {
      ScoredFrame frame = frames.get(i);
      if (frame.classCount() != classes.count()) {
        throw new IllegalArgumentException(
            "%s frame %d: %d scores for %d classes"
                .formatted(name(), i, frame.classCount(), classes.count()));
      }
      if (i > 0 && frame.sourceTime() <= frames.get(i - 1).sourceTime()) {
        throw new IllegalArgumentException(
            "%s frame %d: source time %d does not come after %d"
                .formatted(name(), i, frame.sourceTime(), frames.get(i - 1).sourceTime()));
      }
    }
  }

  public String stream() {
    return stream;
  }

  /** 1 for the stream's first session, 2 for its second, and so on. */
  public int part() {
    return part;
  }

  /** The stream id, followed by {@code #part} from the second session on. */
  public String name() {
    return part == 1 ? stream : "%s#%d".formatted(stream, part);
  }

  public Classes classes() {
    return classes;
  }

  public List<ScoredFrame> frames() {
    return frames;
  }

  public Counts counts() {
    return counts;
  }

  /** Whether a frame lacks the score of a class. */
  public boolean truncated() {
    return frames.stream().anyMatch(frame -> frame.scoreCount() < classes.count());
  }

  /**
   * Labels read of this session, scored or not, and the stream's frames that got none.
   *
   * @param duplicates since the stream began, as are the others that follow
   */
  public record Counts(long labels, long duplicates, long skipped, long rejected) {
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** One more label, with what it tells of dropped frames. */
    Counts plusLabel(long duplicates, long skipped, long rejected) {
      return new Counts(
          labels + 1,
          Math.max(this.duplicates, duplicates),
          Math.max(this.skipped, skipped),
          Math.max(this.rejected, rejected));
    }

    /** These and those of another stream. */
    Counts plus(Counts other) {
      return new Counts(
          labels + other.labels,
          duplicates + other.duplicates,
          skipped + other.skipped,
          rejected + other.rejected);
    }

    /** These and those of the stream's next session. */
    public Counts then(Counts next) {
      return new Counts(
          labels + next.labels,
          Math.max(duplicates, next.duplicates),
          Math.max(skipped, next.skipped),
          Math.max(rejected, next.rejected));
    }
  }

  /** The first frame whose source time is not before {@code time}; the number of frames if none. */
  int firstFrom(long time) {
    int low = 0;
    int high = frames.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (frames.get(middle).sourceTime() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The end of each frame, in microseconds: the next frame's time; see docs/evaluation.md. */
  public long[] frameEnds() {
    long[] ends = new long[frames.size()];
    for (int i = 0; i + 1 < ends.length; i++) {
      ends[i] = frames.get(i + 1).sourceTime();
    }
    if (ends.length > 0) {
      ends[ends.length - 1] = frames.get(ends.length - 1).sourceTime() + medianInterval();
    }
    return ends;
  }

  /** The lower median of the intervals between frames; 1 microsecond for a single frame. */
  private long medianInterval() {
    List<Long> intervals = new ArrayList<>();
    for (int i = 0; i + 1 < frames.size(); i++) {
      intervals.add(frames.get(i + 1).sourceTime() - frames.get(i).sourceTime());
    }
    intervals.sort(null);
    return intervals.isEmpty() ? 1 : intervals.get((intervals.size() - 1) / 2);
  }

  /** Resets of the state other than {@link Reset#NONE}, by frame. */
  List<Reset> resets() {
    return frames.stream().map(ScoredFrame::reset).filter(reset -> reset != Reset.NONE).toList();
  }
}
