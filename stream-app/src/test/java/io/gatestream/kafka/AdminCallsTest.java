package io.gatestream.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminCallsTest {
  private final AdminCalls calls =
      new AdminCalls(new KafkaAccess("127.0.0.1:1", Map.of(), Duration.ofSeconds(1)));

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void waitingInVainHasTheLastQuestionWithoutAnAnswerAsItsCause() {
    OutageException away = new OutageException("no Kafka broker answers");
    assertThatThrownBy(
            () ->
                calls.await(
                    "a leader",
                    () -> {
                      throw away;
                    }))
        .isInstanceOf(OutageException.class)
        .hasMessageStartingWith("waited 1 s for a leader: look at the brokers")
        .hasCause(away);
  }

  @Test
  void aQuestionWithoutAnAnswerIsAskedAgain() {
    Iterator<Boolean> answers = List.of(false, true).iterator();
    boolean[] failed = {false};
    assertThatCode(
            () ->
                calls.await(
                    "a leader",
                    () -> {
                      if (!failed[0]) {
                        failed[0] = true;
                        throw new OutageException("no answer");
                      }
                      return answers.next();
                    }))
        .doesNotThrowAnyException();
  }
}
