package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import io.gatestream.labels.CaptureTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the times of a range. */
public final class RangeText {
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private RangeText() {}

  /**
   * Reads a time with its zone.
   *
   * @param open the word for no time: the topic's beginning or end
   */
  public static Optional<Instant> time(String option, String text, String open) {
    return text.equals(open)
        ? Optional.empty()
        : Optional.of(CaptureTime.parse(option, text, open + " or "));
  }

  /** Reads a length such as {@code 90s}, or {@code beginning} for all that is there. */
  public static Duration warmUp(String text) {
    Matcher matcher = LENGTH.matcher(text);
    if (text.equals("beginning")) {
      return ReplayRange.FROM_BEGINNING;
    }
    if (!matcher.matches()) {
      throw new ConfigException(
          "--warm-up is '%s': give a length such as 500ms, 30s, 5m or 2h, or beginning"
              .formatted(text));
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
