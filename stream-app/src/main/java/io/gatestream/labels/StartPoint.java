package io.gatestream.labels;

import io.gatestream.errors.ConfigException;
import java.time.Instant;

/** Where the reading of a topic starts. */
public sealed interface StartPoint {
  /** The oldest record that each partition still has. */
  record Beginning() implements StartPoint {}

  /** What is committed after the reader was opened. */
  record End() implements StartPoint {}

  /** Records whose timestamp, the capture time, is at or after {@code time}. */
  record Time(Instant time) implements StartPoint {}

  /**
   * From the first record whose timestamp is at or after {@code since}, or from {@code least}
   * records before the end where that is more; what follows may have any time.
   */
  record Recent(Instant since, long least) implements StartPoint {}

  /**
   * Reads {@code beginning}, {@code end} or an ISO-8601 time with a zone.
   *
   * @throws ConfigException it is none of them
   */
  static StartPoint parse(String text) {
    return switch (text) {
      case "beginning" -> new Beginning();
      case "end" -> new End();
      default -> new Time(CaptureTime.parse("--from", text, "beginning, end or "));
    };
  }
}
