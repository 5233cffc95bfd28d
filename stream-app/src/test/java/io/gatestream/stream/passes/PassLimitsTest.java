package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PassLimitsTest {
  private static PassLimits limits(OptionalInt brokersLongest, String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "model", "bundle"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    RunConfig config =
        RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
    return PassLimits.of(config, brokersLongest);
  }

  private static PassLimits limits(String... namesAndValues) {
    return limits(OptionalInt.empty(), namesAndValues);
  }

  @Test
  void aPassOfFiveMinutesFits() {
    PassLimits limits = limits();
    assertThat(limits).isEqualTo(new PassLimits(600_000, 900_000, 5_000));
    assertThat(limits.maxPollMillisOfStreams() / 2).isEqualTo(5_000);
    PassLimits streams = limits("kafka.group.protocol", "streams");
    assertThat(streams.maxPollMillisOfStreams())
        .as("one consumer, one interval")
        .isEqualTo(streams.maxPollMillis())
        .isEqualTo(900_000);
    assertThat(streams.pollMillis() + PassLimits.PASS_MILLIS).isLessThan(900_000);
    assertThat(limits("commit.interval.millis", "500000").transactionTimeoutMillis())
        .isEqualTo(800_000);
  }

  @Test
  void theUsersOwnWin() {
    for (String prefix : new String[] {"", "producer."}) {
      assertThat(
              limits("kafka." + prefix + "transaction.timeout.ms", "7000")
                  .transactionTimeoutMillis())
          .isEqualTo(7_000);
    }
    for (String prefix : new String[] {"", "consumer.", "main.consumer."}) {
      assertThat(limits("kafka." + prefix + "max.poll.interval.ms", "8000"))
          .isEqualTo(new PassLimits(600_000, 8_000, 4_000));
    }
    assertThat(
            limits(
                    "kafka.consumer.max.poll.interval.ms", "8000",
                    "kafka.main.consumer.max.poll.interval.ms", "9000")
                .maxPollMillis())
        .isEqualTo(9_000);
  }

  @Test
  void theBrokersLongestIsKept() {
    assertThat(limits(OptionalInt.of(60_000)).transactionTimeoutMillis()).isEqualTo(60_000);
    assertThatThrownBy(
            () -> limits(OptionalInt.of(60_000), "kafka.producer.transaction.timeout.ms", "60001"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "kafka.producer.transaction.timeout.ms is 60001",
            "60000 at most",
            "transaction.max.timeout.ms");
  }

  @Test
  void aTransactionIsOpenForLongerThanACommitInterval() {
    assertThatThrownBy(() -> limits(OptionalInt.of(60_000), "commit.interval.millis", "60000"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("commit.interval.millis is 60000", "transaction.timeout.ms");
  }

  @Test
  void whatIsNoNumberIsNamed() {
    assertThatThrownBy(() -> limits("kafka.producer.transaction.timeout.ms", "long"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.producer.transaction.timeout.ms is 'long'");
    assertThatThrownBy(() -> limits("kafka.max.poll.interval.ms", "0"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.max.poll.interval.ms is '0'");
  }
}
