package io.gatestream.errors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is after a failure that ends a command. Every failure has one category, by its
 * type; what nobody has foreseen is a bug.
 */
public enum Category {
  /** Usage, settings, bundle or topics are wrong: the user mends them. */
  MISTAKE,
  /** A file or a topic holds data that cannot be used: whoever made it mends it. */
  DATA,
  /** Brokers, disk, network, memory or a library fail: the message says what to do. */
  OUTAGE,
  /** Anything else: somebody mends the program. */
  BUG;

  /** The category of a failure. */
  public static Category of(Throwable failure) {
    if (failure instanceof ConfigException || refusedSetting(failure) != null) {
      return MISTAKE;
    }
    if (failure instanceof DataException) {
      return DATA;
    }
    return isOutage(failure) ? OUTAGE : BUG;
  }

  /** What to tell the user, a line or more for each problem. Of a bug it is the cause only. */
  public static List<String> problems(Throwable failure) {
    if (failure instanceof ConfigException mistake) {
      return mistake.problems();
    }
    if (failure instanceof DataException data) {
      return data.problems();
    }
    Throwable refused = refusedSetting(failure);
    return List.of(
        refused == null
            ? Causes.text(failure)
            : "Kafka cannot use a setting: " + refused.getMessage());
  }

  /** {@link LinkageError} is a library that does not load. */
  private static boolean isOutage(Throwable failure) {
    return failure instanceof OutageException
        || failure instanceof IOException
        || failure instanceof UncheckedIOException
        || failure instanceof KafkaException
        || failure instanceof InterruptedException
        || failure instanceof OutOfMemoryError
        || failure instanceof LinkageError;
  }

  private static @Nullable Throwable refusedSetting(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof org.apache.kafka.common.config.ConfigException) {
        return cause;
      }
    }
    return null;
  }
}
