package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.process.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka tries again is no news; log4j2.xml is read once a process, so each has its own. */
@Tag("process")
class RetriedRequestsTest {
  private static final String AWAY = "Connection to node -1";

  @ParameterizedTest
  @ValueSource(strings = {"run", "broker", "ingest", "replay"})
  void whatIsTriedAgainIsNotShown(String command) throws Exception {
    String err = err(command);

    assertThat(err)
        .doesNotContain("CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER")
        .doesNotContain("NETWORK_EXCEPTION", "NOT_LEADER_OR_FOLLOWER", "invalid metadata")
        .doesNotContain("append operation", "sequence number", "TOPIC_ALREADY_EXISTS")
        .doesNotContain("high watermark for")
        .contains("highwatermark", "all log dirs")
        .containsOnlyOnce(AWAY);
  }

  @Test
  void whatTheClientsWaitForIsShownByWhatServes() throws Exception {
    assertThat(err("run")).contains("NOT_ENOUGH_REPLICAS");
  }

  /** Of the libraries only that nobody answers, and why the process is ended. */
  @ParameterizedTest
  @ValueSource(strings = {"demo", "evaluate", "labels", "rejected"})
  void whoTriesTheProductSeesOnlyThatNothingCanGoOn(String command) throws Exception {
    assertThat(err(command).lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("highwatermark"),
            line -> assertThat(line).contains("all log dirs"),
            line -> assertThat(line).contains(AWAY));
  }

  @Test
  void verboseShowsAll() throws Exception {
    assertThat(err("labels", Verbosity.FLAG))
        .contains("CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER", "NOT_ENOUGH_REPLICAS")
        .contains("append operation", "out of order sequence number", "TOPIC_ALREADY_EXISTS");
  }

  /** A class that Kafka renames would be loud again. */
  @Test
  void theLoggersAreKafkasClasses() throws Exception {
    for (String name :
        List.of(
            RetriedRequests.SENDER,
            RetriedRequests.REPLICAS,
            RetriedRequests.CREATION,
            RetriedRequests.OFFSETS,
            RetriedRequests.LOGS,
            RetriedRequests.NETWORK)) {
      assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
    }
  }

  /** Both streams of a process that runs {@link RetriedRequests}. */
  private static String err(String... arguments) throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"), RetriedRequests.class, arguments);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    return outcome.output();
  }
}
