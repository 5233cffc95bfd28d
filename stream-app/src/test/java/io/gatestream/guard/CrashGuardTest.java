package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.FrameLimits;
import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, real trials, and a journal as a dead instance leaves it. */
@Timeout(300)
class CrashGuardTest {
  private static final String TOPIC = "frames";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  @TempDir Path dir;

  @Test
  void ofWhatADeadInstanceWasDecodingOnlyTheGuiltyIsRefused() throws Exception {
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

  private static CrashGuard open(Path state, String bootstrapServers) {
    return CrashGuard.open(
        state,
        "app",
        TOPIC,
        4,
        KafkaAccess.of(bootstrapServers),
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
