package io.gatestream.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.EventCodec;
import io.gatestream.model.CapturedLog;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events through a real broker to a real server and to a shell. */
@Tag("process")
@Timeout(120)
class EventDeliveryTest {
  @TempDir static Path folder;
  private static EmbeddedBroker broker;

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private ToIntFunction<String> answer = body -> 200;
  private HttpServer server;
  private String topic = "";

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(0, folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start(TestInfo test) throws Exception {
    topic = test.getTestMethod().orElseThrow().getName();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hook", this::take);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.incrementAndGet();
    int status = answer.applyAsInt(body);
    if (status == 200) {
      bodies.add(body);
      signatures.add(
          Optional.ofNullable(exchange.getRequestHeaders().getFirst(Webhook.SIGNATURE))
              .orElse("none"));
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private Webhook webhook(Optional<String> secret) {
    return new Webhook(
        URI.create("http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort())), secret);
  }

  private void send(int from, int to) throws Exception {
    EventCodec codec = new EventCodec();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        String stream = "s" + i % 3;
        byte[] value = codec.encode(event(stream, i));
        producer
            .send(new ProducerRecord<>(topic, i % 2, null, stream.getBytes(UTF_8), value))
            .get();
      }
    }
  }

  private static LabelEvent event(String stream, long number) {
    return LabelEvent.newBuilder()
        .setEventId("id-" + number)
        .setPhase(EventPhase.START)
        .setStreamId(stream)
        .setSession(Instant.EPOCH)
        .setSequence(number)
        .setLabel("cat")
        .setStartCaptureTime(Instant.EPOCH)
        .setStartSourceTime(0)
        .setEndCaptureTime(Instant.EPOCH)
        .setEndSourceTime(0)
        .setPeakCaptureTime(Instant.EPOCH)
        .setPeakSourceTime(0)
        .setPeakScore(1)
        .setMeanScore(1)
        .setFrames(1)
        .setReason(EndReason.NONE)
        .setReset(Reset.NONE)
        .setModel(new ModelId("m", "1", "f"))
        .build();
  }

  /** Delivers until {@code count} have arrived, and then stops as Ctrl-C does. */
  private void deliver(Outlet outlet, int count) throws Exception {
    AtomicInteger delivered = new AtomicInteger();
    try (EventDelivery delivery =
        EventDelivery.open(KafkaAccess.of(broker.bootstrapServers()), topic, "g-" + topic, true)) {
      delivery.run(
          read -> Optional.of(Long.toString(read.event().getSequence())),
          outlet,
          read -> {
            if (delivered.incrementAndGet() == count) {
              delivery.stop();
            }
          });
    }
  }

  /** Those of each partition, one after the other; the test's streams keep to theirs. */
  private void expectInOrder(int from, int to) {
    assertThat(bodies).hasSize(to - from);
    for (int partition = 0; partition < 2; partition++) {
      int parity = partition;
      List<Integer> of =
          bodies.stream().map(Integer::valueOf).filter(body -> body % 2 == parity).toList();
      assertThat(of).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void eachEventIsPostedOnceInOrderAndSigned() throws Exception {
    send(0, 20);
    deliver(webhook(Optional.of("secret")), 20);
    expectInOrder(0, 20);
    assertThat(signatures.get(0))
        .isEqualTo("sha256=" + Webhook.signature("secret", bodies.get(0).getBytes(UTF_8)));
    // as `printf abc | openssl dgst -sha256 -hmac key` prints it
    assertThat(Webhook.signature("key", "abc".getBytes(UTF_8)))
        .isEqualTo("9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab");
  }

  @Test
  void aStoppedDeliveryGoesOnWhereItWas() throws Exception {
    send(0, 10);
    deliver(webhook(Optional.empty()), 10);
    send(10, 16);
    deliver(webhook(Optional.empty()), 6);
    expectInOrder(0, 16);
    assertThat(signatures).containsOnly("none");
  }

  @Test
  void whatFailsIsTriedAgainAndNothingOvertakesIt() throws Exception {
    AtomicInteger failures = new AtomicInteger(2);
    answer = body -> failures.getAndDecrement() > 0 ? 503 : 200;
    send(0, 6);
    deliver(webhook(Optional.empty()), 6);
    expectInOrder(0, 6);
    assertThat(asked.get()).isEqualTo(8);
  }

  @Test
  void whatIsRefusedIsNamedAndTheRestGoesOn() throws Exception {
    answer = body -> body.equals("2") ? 422 : 200;
    send(0, 6);
    try (CapturedLog log = CapturedLog.of(EventDelivery.class)) {
      deliver(webhook(Optional.empty()), 5);
      assertThat(log.lines())
          .anyMatch(line -> line.contains("id-2") && line.contains("the webhook answers 422"));
    }
    expectInOrder(0, 5);
    assertThat(bodies).doesNotContain("2");
  }

  @Test
  void aServerThatIsNotThereIsWaitedFor() throws Exception {
    Webhook webhook = webhook(Optional.empty());
    server.stop(0);
    Outcome outcome = webhook.deliver(new Delivery(event("s", 1), "t-0@1", "{}"));
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aCommandGetsTheEventAndIsTriedThreeTimes() throws Exception {
    Path out = folder.resolve("commands.txt");
    Path tries = folder.resolve("tries.txt");
    EventCommand command =
        new EventCommand(
            "echo try >> %s; read body; [ \"$body\" != 0 ] || exit 3; echo $body $GATESTREAM_EVENT_STREAM >> %s"
                .formatted(tries, out));
    send(0, 6);
    deliver(command, 5); // those behind it in its partition are among them
    assertThat(Files.readAllLines(out))
        .containsExactlyInAnyOrder("1 s1", "2 s2", "3 s0", "4 s1", "5 s2");
    assertThat(Files.readAllLines(tries)).hasSize(5 + EventCommand.MOST_TRIES);
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
    assertThatThrownBy(() -> EventDelivery.open(access, "none", "g", true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topic 'none' does not exist");
  }

  @Test
  void aRecordThatIsNoEventIsPassedOver() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, 0, null, null, new byte[] {1}))
          .get(30, TimeUnit.SECONDS);
    }
    send(0, 2);
    deliver(webhook(Optional.empty()), 2);
    expectInOrder(0, 2);
  }
}
