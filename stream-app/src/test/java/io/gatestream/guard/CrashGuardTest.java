package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, real trials, and a journal as a dead instance leaves it. */
@Tag("process")
@Timeout(300)
class CrashGuardTest {
  private static final String TOPIC = "frames";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  @TempDir Path dir;

  @Test
  void ofWhatADeadInstanceWasDecodingOnlyWhatKillsIsRefused() throws Exception {
    byte[] good = TrialProcessTest.frame(Encoding.RAW_BGR, new byte[16 * 16 * 3]);
    byte[] killing = TrialProcessTest.frame(Encoding.JPEG, "fatal-SIGSEGV".getBytes(UTF_8));
    byte[] bad = "no frame".getBytes(UTF_8);
    Path state = dir.resolve("state");
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, dir.resolve("broker"))) {
      produce(broker.bootstrapServers(), List.of(good, killing, bad));
      leaveJournal(state, 0, 1, 2, 3, 1_000);
      try (CrashGuard guard = open(state, broker.bootstrapServers())) {
        guard.leave(guard.enter(PARTITION, 0, good));
        guard.leave(guard.enter(PARTITION, 2, bad));
        assertThatThrownBy(() -> guard.enter(PARTITION, 1, killing))
            .isInstanceOf(FrameDecodeException.class)
            .hasMessageContaining("SIGSEGV frames partition 0 offset 1")
            .extracting(thrown -> ((FrameDecodeException) thrown).reason())
            .isEqualTo(Reason.KILLS_PROCESS);
      }
      try (var left = Files.list(state.resolve("decoding"))) {
        assertThat(left.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("killing-records.txt", "start.lock");
      }
    }
  }

  /** Trials save a crash; they are no condition of a start. */
  @Test
  void whereTrialsCannotBeMadeTheStartGoesOnAndTheNextOneTriesAgain() throws Exception {
    Path state = dir.resolve("state");
    leaveJournal(state, 7);
    KafkaAccess nobody = new KafkaAccess("127.0.0.1:1", Map.of(), Duration.ofMillis(500));
    KafkaAccess refused =
        new KafkaAccess("127.0.0.1:1", Map.of("max.poll.records", "none"), Duration.ofMillis(500));
    for (KafkaAccess access : List.of(nobody, refused)) {
      try (CrashGuard guard = open(state, access)) {
        guard.leave(guard.enter(PARTITION, 7, new byte[1]));
      }
      assertThat(state.resolve("decoding/app@1-1.journal")).exists();
    }
  }

  /** As a member of a group a consumer may not be given what Kafka Streams is. */
  @Test
  void trialsAreMadeWithTheSettingsOfAStreamsGroup() throws Exception {
    byte[] good = TrialProcessTest.frame(Encoding.RAW_BGR, new byte[16 * 16 * 3]);
    Path state = dir.resolve("state");
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, dir.resolve("broker"))) {
      produce(broker.bootstrapServers(), List.of(good));
      leaveJournal(state, 0);
      Map<String, String> user =
          Map.of(
              "group.protocol", "streams", "session.timeout.ms", "6000", "group.instance.id", "");
      open(state, new KafkaAccess(broker.bootstrapServers(), user, KafkaAccess.DEFAULT_TIMEOUT))
          .close();
      assertThat(state.resolve("decoding/app@1-1.journal")).as("tried").doesNotExist();
    }
  }

  private static CrashGuard open(Path state, String bootstrapServers) {
    return open(state, KafkaAccess.of(bootstrapServers));
  }

  private static CrashGuard open(Path state, KafkaAccess access) {
    return CrashGuard.open(
        state,
        "app",
        TOPIC,
        4,
        access,
        new TrialSettings(
            TestBundles.tinyGru(),
            FrameLimits.DEFAULT,
            List.of("-Xmx256m", "-Dgatestream.fault.fatal=fatal-")));
  }

  private static void leaveJournal(Path state, long... offsets) throws Exception {
    Path folder = Files.createDirectories(state.resolve("decoding"));
    try (DecodeJournal journal =
        DecodeJournal.create(folder.resolve("app@1-1.journal"), TOPIC, offsets.length)) {
      for (long offset : offsets) {
        journal.enter(0, offset);
      }
    }
  }

  private static void produce(String bootstrapServers, List<byte[]> values) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(TOPIC, 0, null, value)).get();
      }
    }
  }
}
