package io.gatestream.labels;

import io.gatestream.errors.ConfigException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Reads a capture time as options have it: ISO-8601 with its zone. */
public final class CaptureTime {
  private CaptureTime() {}

  /**
   * Reads a time.
   *
   * @param others what else the option takes, for the message, such as {@code "end or "}
   * @throws ConfigException it is none; a time without a zone is refused, for it is ambiguous
   */
  public static Instant parse(String option, String text, String others) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new ConfigException(
          "%s is '%s': give %sa time with its zone such as 2026-11-01T09:30:00Z"
              .formatted(option, text, others),
          e);
    }
  }
}
