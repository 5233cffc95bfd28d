package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final RunConfig CONFIG =
      RunConfig.from(
          ConfigLoader.load(
              Optional.empty(),
              Map.of(),
              Map.of(
                  "bootstrap.servers",
                  "localhost:1",
                  "model",
                  "bundle",
                  "broker.timeout.seconds",
                  "1")),
          Optional.empty());

  private static Diagnosis of(Throwable thrown) {
    return Diagnosis.of(thrown, CONFIG, Path.of("state", "0"));
  }

  @Test
  void aTransactionTimeoutThatTheBrokersRefuseNamesBothSettings() {
    Diagnosis diagnosis =
        of(new StreamsException(new InvalidTxnTimeoutException("larger than the max")));
    assertThat(diagnosis.isFinal()).isTrue();
    assertThat(diagnosis.message())
        .contains("kafka.producer.transaction.timeout.ms", "transaction.max.timeout.ms");
  }

  @Test
  void aFaultWithARecordHasItsPosition() {
    RuntimeException fault = new IllegalStateException("encoder.onnx failed");
    Diagnosis diagnosis =
        of(new StreamsException("x", new FrameProcessingException("frames", 3, 77, fault)));
    assertThat(diagnosis.position()).isEqualTo("frames partition 3 offset 77");
    assertThat(diagnosis.message()).contains("frames partition 3 offset 77", "encoder.onnx failed");
    assertThat(diagnosis.isFinal()).isFalse();
  }

  @Test
  void aFaultWithoutARecordIsCountedByKindAndTask() {
    Diagnosis first = of(new StreamsException("broker gone", null, new TaskId(0, 1)));
    Diagnosis other = of(new StreamsException("broker gone", null, new TaskId(0, 2)));
    assertThat(first.isFinal()).isFalse();
    assertThat(first.position()).contains("StreamsException", "0_1");
    assertThat(first.position()).isNotEqualTo(other.position());
    assertThat(of(new IllegalStateException()).message()).contains("IllegalStateException");
  }

  @Test
  void brokersThatAreAwayAreNamedHoweverDeepTheCauseIs() {
    Diagnosis diagnosis =
        of(
            new StreamsException(
                "Error encountered trying to commit a transaction",
                new KafkaException("in an error state", new TimeoutException("120000 ms"))));
    assertThat(diagnosis.isFinal()).isFalse();
    assertThat(diagnosis.position()).isEqualTo("brokers");
    assertThat(diagnosis.message()).contains("localhost:1", "120000 ms", "start again");
  }

  @Test
  void aStateThatCannotBeUsedIsNamedWithTheWayOut() {
    Diagnosis damaged =
        of(new ProcessorStateException("Error opening store", new IOException("Corruption: x")));
    assertThat(damaged.position()).isEqualTo("local state");
    assertThat(damaged.message())
        .contains(Path.of("state", "0").toString(), "Corruption: x", "delete", "changelog");
    Diagnosis full =
        of(
            new FrameProcessingException(
                "frames", 0, 1, new ProcessorStateException("No space left on device")));
    assertThat(full.message()).contains("--state-dir", "No space").doesNotContain("delete");
  }

  @Test
  void refusedAccessIsFinalWhereverItShows() {
    RuntimeException refused = new TopicAuthorizationException(Set.of("labels"));
    Diagnosis diagnosis = of(new FrameProcessingException("frames", 0, 1, refused));
    assertThat(diagnosis.isFinal()).isTrue();
    assertThat(diagnosis.message())
        .contains("refuse access", "Write on topic 'labels'", "--operation Write --topic labels")
        .doesNotContain("frames");
  }

  @Test
  void whereBrokersDoNotTellTheKindOfTheRefusalTellsTheRight() {
    Map<RuntimeException, String> rights =
        Map.of(
            new GroupAuthorizationException("gatestream"),
            "Read on group 'gatestream'",
            new TransactionalIdAuthorizationException("Transactional Id authorization failed."),
            "Write on transactional ids with the prefix 'gatestream-'",
            new ClusterAuthorizationException("Cluster authorization failed."),
            "IdempotentWrite on the cluster");
    rights.forEach(
        (refused, right) ->
            assertThat(of(new StreamsException(refused)).message())
                .startsWith(
                    "the brokers refuse access: this user lacks %s. Have somebody run: kafka-acls.sh --bootstrap-server localhost:1 --add"
                        .formatted(right)));
  }

  @Test
  void aRefusedLoginIsFinalAndNamesWhatToLookAt() {
    Diagnosis diagnosis =
        of(new StreamsException(new SaslAuthenticationException("invalid credentials")));
    assertThat(diagnosis.isFinal()).isTrue();
    assertThat(diagnosis.message()).contains("invalid credentials", "kafka.sasl.jaas.config");
  }

  @Test
  void aGroupWithOtherProgramsAndATakenInstanceIdAreFinalAndNamed() {
    Diagnosis strangers =
        of(new StreamsException(new InconsistentGroupProtocolException("incompatible")));
    assertThat(strangers.isFinal()).isTrue();
    assertThat(strangers.message()).contains("'gatestream'", "another program", "application.id");
    Diagnosis taken = of(new StreamsException(new FencedInstanceIdException("fenced")));
    assertThat(taken.isFinal()).isTrue();
    assertThat(taken.message()).contains("kafka.group.instance.id", "give each");
  }

  @Test
  void aTopicThatRefusesARecordByItsSettingsIsNamedAndFinal() {
    for (RuntimeException refused :
        List.of(
            new InvalidTimestampException("Timestamp 9 is out of range"),
            new InvalidRecordException("Compacted topic cannot accept message without key"))) {
      Diagnosis diagnosis =
          of(
              new FrameProcessingException(
                  "frames",
                  0,
                  1,
                  new StreamsException(
                      "Error encountered sending record to topic labels for task 0_0 due to:",
                      refused)));
      assertThat(diagnosis.isFinal()).isTrue();
      assertThat(diagnosis.message()).contains("the topic 'labels'", refused.getMessage());
    }
  }

  @Test
  void aRefusedModelAndAMissingTopicAreFinal() {
    Diagnosis refused =
        of(new FrameProcessingException("frames", 0, 1, new ModelRefusedException("stream 's'")));
    assertThat(refused.isFinal()).isTrue();
    assertThat(refused.message()).startsWith("stream 's'").contains("model.change=reset");
    Diagnosis gone = of(new MissingSourceTopicException("x"));
    assertThat(gone.isFinal()).isTrue();
    assertThat(gone.message()).isEqualTo("the topic 'frames' is gone");
  }

  /** After one the lock of a task may be held by a thread that is dead. */
  @Test
  void anErrorOutsideARecordIsFinalHoweverDeepItIs() {
    for (Throwable thrown :
        new Throwable[] {
          new UnsatisfiedLinkError("librocksdbjni.so: failed to map segment"),
          new StreamsException("x", new NoClassDefFoundError("Could not initialize RocksDB"))
        }) {
      Diagnosis diagnosis = of(thrown);
      assertThat(diagnosis.isFinal()).as("%s", thrown).isTrue();
      assertThat(diagnosis.message()).contains("start it again").containsAnyOf("map", "RocksDB");
    }
    assertThat(
            of(new FrameProcessingException("f", 0, 1, new RuntimeException(new Error())))
                .isFinal())
        .as("at a record: tried again, five times")
        .isFalse();
  }

  @Test
  void theMessageNamesTheCauseToo() {
    assertThat(
            of(new StreamsException("Exception caught", new IllegalStateException("no such file")))
                .message())
        .isEqualTo("Exception caught; cause: no such file");
  }
}
