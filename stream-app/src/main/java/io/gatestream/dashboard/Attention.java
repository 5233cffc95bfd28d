package io.gatestream.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a person should look at a stream.
 *
 * @param level 0 for no, else the more the more urgent
 * @param why in words
 */
record Attention(int level, List<String> why) {
  static final Attention NONE = new Attention(0, List.of());

  private static final long SILENT_MILLIS = 10_000;
  private static final long LATE_MILLIS = 2_000;

  /** Labels that come so late are of a recording, and not late. */
  private static final long RECORDED_MILLIS = 600_000;

  private static final long RECENT_MILLIS = 60_000;

  /** No time. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * What is looked at, in milliseconds of the wall clock.
   *
   * @param labelledAt when the last label was read
   * @param delay from its capture to then, below 0 where that is not known
   * @param rejectedAt when a frame was rejected last, or {@link #NEVER}
   * @param rejected frames so far
   * @param resetAt when the stream began anew last, or {@link #NEVER}
   */
  record Signs(long labelledAt, long delay, long rejectedAt, long rejected, long resetAt) {}

  static Attention of(Signs signs, long now) {
    List<String> why = new ArrayList<>();
    int level = 0;
    long silent = now - signs.labelledAt();
    if (silent > SILENT_MILLIS) {
      level += 8;
      why.add("silent " + duration(silent));
    } else if (signs.delay() > LATE_MILLIS && signs.delay() < RECORDED_MILLIS) {
      level += 4;
      why.add("late " + duration(signs.delay()));
    }
    if (recent(signs.rejectedAt(), now)) {
      level += 2;
      why.add("%d rejected".formatted(signs.rejected()));
    }
    if (recent(signs.resetAt(), now)) {
      level += 1;
      why.add("reset");
    }
    return level == 0 ? NONE : new Attention(level, List.copyOf(why));
  }

  private static boolean recent(long at, long now) {
    return at != NEVER && now - at < RECENT_MILLIS;
  }

  /** In steps that grow, so that a silent stream is not news each second. */
  private static String duration(long millis) {
    long seconds = millis / 1_000;
    if (seconds < 10) {
      return "%d s".formatted(seconds);
    }
    if (seconds < 60) {
      return "%d s".formatted(seconds / 10 * 10);
    }
    return seconds < 3_600
        ? "%d min".formatted(seconds / 60)
        : String.format(Locale.ROOT, "%d h", seconds / 3_600);
  }
}
