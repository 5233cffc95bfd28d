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

  static Attention of(StreamCard stream, long now) {
    List<String> why = new ArrayList<>();
    int level = 0;
    long silent = now - stream.labelledAt();
    if (silent > SILENT_MILLIS) {
      level += 8;
      why.add("silent " + duration(silent));
    } else if (stream.delay() > LATE_MILLIS && stream.delay() < RECORDED_MILLIS) {
      level += 4;
      why.add("late " + duration(stream.delay()));
    }
    if (recent(stream.rejectedAt(), now)) {
      level += 2;
      why.add("%d rejected".formatted(stream.last().getRejected()));
    }
    if (recent(stream.resetAt(), now)) {
      level += 1;
      why.add("reset");
    }
    return level == 0 ? NONE : new Attention(level, List.copyOf(why));
  }

  private static boolean recent(long at, long now) {
    return at != Long.MIN_VALUE && now - at < RECENT_MILLIS;
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
