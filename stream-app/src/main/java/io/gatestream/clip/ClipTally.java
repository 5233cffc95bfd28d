package io.gatestream.clip;

import io.gatestream.errors.DataException;
import io.gatestream.frame.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What has gone into a clip so far, and what has not. For one thread. */
final class ClipTally {
  private static final long NONE = Long.MIN_VALUE;

  private long frames;
  private long damaged;
  private long firstDamaged = NONE;
  private String damage = "";
  private long gone;
  private long unlabelled;
  private long first = NONE;
  private long last = NONE;
  private int width;
  private int height;

  /** Pictures are in, captured from one time to another. */
  void add(long count, long from, long to) {
    frames += count;
    first = first == NONE ? from : first;
    last = to;
  }

  void damaged(long count, long captured, String what) {
    if (firstDamaged == NONE) {
      firstDamaged = captured;
      damage = what;
    }
    damaged += count;
  }

  /** They were in the topic when it was looked through. */
  void gone(long count) {
    gone += count;
  }

  void unlabelled() {
    unlabelled++;
  }

  void size(int width, int height) {
    this.width = width;
    this.height = height;
  }

  long frames() {
    return frames;
  }

  long damaged() {
    return damaged;
  }

  /** Its first picture's capture time, microseconds since the epoch; none before. */
  long firstOr(long other) {
    return first == NONE ? other : first;
  }

  /**
   * Refuses a clip without a picture.
   *
   * @throws DataException all frames are damaged or gone
   */
  void requireSome(ClipRequest request) {
    if (frames == 0) {
      ClipSpan span = request.span();
      throw new DataException(
          "no frame of stream '%s' from %s to %s can be shown: %s"
              .formatted(
                  span.stream(),
                  span.from(),
                  span.to(),
                  damaged > 0
                      ? "%d are damaged, the first of %s: %s"
                          .formatted(damaged, Micros.instant(firstDamaged), damage)
                      : gone > 0 ? "retention took them meanwhile" : "the segments end before"));
    }
  }

  /**
   * What is in the clip.
   *
   * @param why its pictures were encoded where that was not to be expected
   */
  ClipSummary summary(FoundFrames found, ClipRequest request, List<String> why, boolean reencoded) {
    List<String> notes = new ArrayList<>(found.notes());
    notes.addAll(why);
    if (gone > 0) {
      notes.add(
          "%d frames went out of topic '%s' meanwhile".formatted(gone, request.framesTopic()));
    }
    if (damaged > 0) {
      notes.add(
          "%d frames are damaged and left out, the first of %s: %s"
              .formatted(damaged, Micros.instant(firstDamaged), damage));
    }
    if (unlabelled > 0) {
      notes.add(
          "%d frames have no label in topic '%s' and none in the clip"
              .formatted(unlabelled, request.labelsTopic().orElse("")));
    }
    Instant from = request.span().from();
    if (!reencoded && Micros.instant(first).isBefore(from)) {
      notes.add(
          "it begins %.1f s early: H.264 segments are passed on whole"
              .formatted((Micros.of(from) - first) / 1e6));
    }
    return new ClipSummary(
        frames,
        found.index().missing() + gone,
        damaged,
        found.index().repeated(),
        Micros.instant(first),
        Micros.instant(last),
        reencoded,
        width,
        height,
        notes);
  }

  /** The time base of a clip: fine, but for long ones, whose times have 31 bits. */
  static int ticksPerSecond(ClipSpan span) {
    return span.length().toHours() < 6 ? 90_000 : 1_000;
  }
}
