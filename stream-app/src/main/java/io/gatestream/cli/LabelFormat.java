package io.gatestream.cli;

import io.gatestream.labels.ReadLabel;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;

/** Turns batches of labels into lines. Used by one thread; keeps state between batches. */
interface LabelFormat {
  DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  /** The lines of {@code labels}, with a line before the first ones where the format has that. */
  List<String> lines(List<ReadLabel> labels);

  /** ISO-8601 in UTC with microseconds. */
  static String time(Instant time) {
    return MICROS.format(time);
  }
}
