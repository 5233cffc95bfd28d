package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Reads {@code --start-time}: ISO-8601 with its zone, or seconds since 1970 in UTC. */
public final class StartTime {
  private StartTime() {}

  /**
   * Reads a time to the microsecond.
   *
   * @throws ConfigException neither form; a time without a zone is refused, for it is ambiguous
   */
  public static Instant parse(String text) {
    try {
      if (text.matches("-?\\d{1,11}(\\.\\d{1,9})?")) {
        long micros = new BigDecimal(text).movePointRight(6).toBigInteger().longValueExact();
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      }
      return ZonedDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw new ConfigException(
          "start-time '%s': give a time with its zone, such as 2026-01-31T09:30:00Z or 2026-01-31T10:30:00+01:00, or seconds since 1970"
              .formatted(text),
          e);
    }
  }
}
