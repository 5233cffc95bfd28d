package io.gatestream.stream.passes;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a pass may take: the work of a stream thread from one commit to the next, which is at
 * least one record of each of its partitions. Nothing can interrupt it, so what is longer is thrown
 * away and done again, for ever.
 *
 * @param transactionTimeoutMillis after which the brokers abort an open transaction
 * @param maxPollMillis after which a member that does not poll loses its partitions
 * @param pollMillis after which a stream thread begins no other pass before it has polled
 */
public record PassLimits(int transactionTimeoutMillis, int maxPollMillis, int pollMillis) {
  private static final Logger log = LoggerFactory.getLogger(PassLimits.class);

  /** What a pass may take with the values that are standard here. */
  static final int PASS_MILLIS = 300_000;

  /** Twice a pass: brokers count from its first label, and the commit itself takes its time. */
  static final int TRANSACTION_TIMEOUT_MILLIS = 2 * PASS_MILLIS;

  /** Where Kafka Streams polls after half of it at the latest, a pass fits into the other half. */
  static final int MAX_POLL_MILLIS = 3 * PASS_MILLIS;

  /** How soon a thread notices a rebalance or that it is to stop; below what a close may take. */
  static final int POLL_MILLIS = 5_000;

  private static final String TIMEOUT =
      StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
  private static final String MAX_POLL =
      StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
  private static final String BROKERS = "transaction.max.timeout.ms";

  /**
   * The user's own limits where given, with a warning where a pass of five minutes does not fit.
   *
   * @param brokersLongest transaction timeout that the brokers allow, if it may be known
   * @throws ConfigException what is given cannot be had
   */
  public static PassLimits of(RunConfig config, OptionalInt brokersLongest) {
    int maxPoll =
        given(
                config,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                StreamsConfig.MAIN_CONSUMER_PREFIX,
                StreamsConfig.CONSUMER_PREFIX)
            .orElse(MAX_POLL_MILLIS);
    // In the other protocol Kafka Streams makes the consumer itself, so there is one interval only.
    int poll =
        Math.max(
            1,
            !GroupMembership.isStreamsProtocol(config.kafka().clientSettings())
                ? Math.min(POLL_MILLIS, maxPoll / 2)
                : maxPoll / 2);
    if (maxPoll < poll + PASS_MILLIS) {
      log.warn(
          "kafka.{} is {}: a pass (a record of each partition of a stream thread) that takes longer than {} ms is done again and again; give {} or more, or leave it out",
          MAX_POLL,
          maxPoll,
          maxPoll - poll,
          MAX_POLL_MILLIS);
    }
    return new PassLimits(transactionTimeout(config, brokersLongest), maxPoll, poll);
  }

  private static int transactionTimeout(RunConfig config, OptionalInt brokersLongest) {
    int commit = config.storage().commitIntervalMillis();
    Optional<Integer> given =
        given(config, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, StreamsConfig.PRODUCER_PREFIX);
    int wanted = given.orElse(Math.max(TRANSACTION_TIMEOUT_MILLIS, commit + PASS_MILLIS));
    int longest = brokersLongest.orElse(Integer.MAX_VALUE);
    if (given.isPresent() && wanted > longest) {
      throw new ConfigException(
          "kafka.%s is %d and the brokers allow %d at most: give less, or raise the brokers' %s"
              .formatted(TIMEOUT, wanted, longest, BROKERS));
    }
    int timeout = Math.min(wanted, longest);
    if (timeout <= commit) {
      throw new ConfigException(
          "commit.interval.millis is %d and a transaction may be open for %d ms (kafka.%s, and at most the brokers' %s): commit more often, or raise both"
              .formatted(commit, timeout, TIMEOUT, BROKERS));
    }
    if (timeout < commit + PASS_MILLIS) {
      log.warn(
          "a transaction may be open for {} ms ({}): a pass (a record of each partition of a stream thread) that takes longer is done again and again; {} ms or more let it take five minutes",
          timeout,
          timeout < wanted
              ? "the brokers' " + BROKERS + ", below kafka." + TIMEOUT + "=" + wanted
              : "kafka." + TIMEOUT,
          commit + PASS_MILLIS);
    }
    return timeout;
  }

  /** What Kafka Streams is told, which polls again after half of it. */
  public int maxPollMillisOfStreams() {
    return 2 * pollMillis;
  }

  /** The user's own, the narrowest prefix first as in Kafka Streams. */
  private static Optional<Integer> given(RunConfig config, String key, String... prefixes) {
    Map<String, String> settings = config.kafka().clientSettings();
    return Stream.concat(Stream.of(prefixes), Stream.of(""))
        .map(prefix -> prefix + key)
        .filter(settings::containsKey)
        .findFirst()
        .map(name -> number(name, settings.getOrDefault(name, "")));
  }

  private static int number(String name, String value) {
    try {
      int number = Integer.parseInt(value.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ConfigException(
        "kafka.%s is '%s': give milliseconds, a whole number above 0".formatted(name, value));
  }
}
