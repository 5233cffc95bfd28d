package io.gatestream.stream;

import io.gatestream.config.Causes;
import io.gatestream.config.RunConfig;
import java.nio.file.Path;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TopologyException;

/**
 * What a failed stream thread means.
 *
 * @param position the record's position, or the kind of failure and its task where there is none
 * @param message for the user
 * @param isFinal another try cannot help
 */
record Diagnosis(String position, String message, boolean isFinal) {
  /**
   * Diagnoses.
   *
   * @param stateFolder of this instance
   */
  static Diagnosis of(Throwable thrown, RunConfig config, Path stateFolder) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
        return new Diagnosis("access", AccessNeeds.of(config, cause), true);
      }
      if (cause instanceof ModelRefusedException || cause instanceof TopologyException) {
        return new Diagnosis("model", message(cause), true);
      }
      if (cause instanceof MissingSourceTopicException) {
        return new Diagnosis(
            "topic", "the topic '%s' is gone".formatted(config.topics().frames()), true);
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProcessorStateException) {
        return new Diagnosis("local state", LocalStateFault.message(cause, stateFolder), false);
      }
      if (cause instanceof TimeoutException || cause instanceof DisconnectException) {
        return new Diagnosis("brokers", brokersAway(cause, config), false);
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FrameProcessingException processing) {
        return new Diagnosis(processing.position(), Causes.text(processing), false);
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Error) {
        return new Diagnosis("error", broken(cause, "a stream thread"), true);
      }
    }
    String task =
        thrown instanceof StreamsException streams
            ? streams.taskId().map(id -> " at task " + id).orElse("")
            : "";
    return new Diagnosis(thrown.getClass().getName() + task, Causes.text(thrown), false);
  }

  /**
   * What to say of an Error that ends a thread. Kafka Streams lets go of a task's lock for
   * exceptions only: after an Error while a store opens another thread would wait for the lock for
   * ever.
   */
  static String broken(Throwable error, String thread) {
    return "%s ended by %s (%s): this process cannot go on; start it again, it goes on from the last commit"
        .formatted(thread, error.getClass().getSimpleName(), firstLine(Causes.text(error)));
  }

  private static String brokersAway(Throwable cause, RunConfig config) {
    return "Kafka at %s does not answer in time (%s): see that the brokers run and can be reached, then start again; it goes on from the last commit"
        .formatted(config.kafka().bootstrapServers(), firstLine(message(cause)));
  }

  static String firstLine(String text) {
    return text.lines().findFirst().orElse(text).strip();
  }

  private static String message(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
