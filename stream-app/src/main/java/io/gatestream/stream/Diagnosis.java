package io.gatestream.stream;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.Causes;
import io.gatestream.kafka.ClientFault;
import io.gatestream.stream.topics.AccessNeeds;
import io.gatestream.stream.topics.GroupCheck;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
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
  /** As Kafka Streams says where a record goes. */
  private static final Pattern SENT_TO = Pattern.compile("sending record to topic (\\S+)");

  /**
   * Diagnoses; asks the brokers where they have refused access.
   *
   * @param stateFolder of this instance
   */
  static Diagnosis of(Throwable thrown, RunConfig config, Path stateFolder) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException refused) {
        return new Diagnosis("access", AccessNeeds.of(config, refused), true);
      }
      if (cause instanceof AuthenticationException refused) {
        return new Diagnosis("access", message(ClientFault.refused(config.kafka(), refused)), true);
      }
      if (cause instanceof ModelRefusedException || cause instanceof TopologyException) {
        return new Diagnosis("model", message(cause), true);
      }
      if (cause instanceof InvalidTxnTimeoutException) {
        return new Diagnosis(
            "transactions",
            "the brokers allow no transaction as long as kafka.producer.transaction.timeout.ms: give less than their transaction.max.timeout.ms, or raise that (%s)"
                .formatted(Causes.firstLine(message(cause))),
            true);
      }
      if (cause instanceof InconsistentGroupProtocolException) {
        return new Diagnosis("group", GroupCheck.strangers(config), true);
      }
      if (cause instanceof FencedInstanceIdException) {
        return new Diagnosis("group", sameInstance(config), true);
      }
      if (cause instanceof InvalidTimestampException || cause instanceof InvalidRecordException) {
        return new Diagnosis("topic settings", refusedRecord(thrown, cause), true);
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
        .formatted(thread, error.getClass().getSimpleName(), Causes.firstLine(Causes.text(error)));
  }

  private static String sameInstance(RunConfig config) {
    return "another instance of '%s' has the same kafka.group.instance.id '%s' and has taken over: give each instance its own"
        .formatted(
            config.applicationId(),
            GroupMembership.instanceId(config.kafka().clientSettings()).orElse(""));
  }

  /** The topics' settings were right at the start, or could not be read. */
  private static String refusedRecord(Throwable thrown, Throwable cause) {
    String topic = "a topic";
    for (Throwable outer = thrown; outer != null; outer = outer.getCause()) {
      Matcher found = SENT_TO.matcher(message(outer));
      if (found.find()) {
        topic = "the topic '%s'".formatted(found.group(1));
        break;
      }
    }
    return "%s refuses a record by its settings (%s): start again, and what to change is said"
        .formatted(topic, Causes.firstLine(message(cause)));
  }

  private static String brokersAway(Throwable cause, RunConfig config) {
    return "Kafka at %s does not answer in time (%s): see that the brokers run and can be reached, then start again; it goes on from the last commit"
        .formatted(config.kafka().bootstrapServers(), Causes.firstLine(message(cause)));
  }

  private static String message(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
