package io.gatestream.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gatestream.frame.TestPictures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One password, given in every way that there is: nothing that a process writes has it. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class SecretsNeverShownTest {
  private static final String SECRET = "zq7hush";
  private static final String JAAS =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"%s\";"
          .formatted(SECRET);

  private static final TopicNames TOPICS =
      new TopicNames("secret-frames", "secret-labels", "secret-rejected", "secret-events");

  /** Passwords of Kafka in the environment, in a file and as flags; none is used. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "GATESTREAM_KAFKA_SSL_KEYSTORE_PASSWORD", SECRET,
          "GATESTREAM_KAFKA_SSL_KEYSTORE_KEY", "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----",
          "GATESTREAM_KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET", SECRET);

  private static final List<String> FLAGS =
      List.of(
          "--kafka",
          "ssl.key.password=" + SECRET,
          "--kafka",
          "sasl.oauthbearer.token.endpoint.url=https://id:%s@idp/token".formatted(SECRET));

  @Test
  void aWorkingApplicationShowsNone(Gatestream gatestream) throws Exception {
    Running broker =
        gatestream.start(
            "broker",
            ENVIRONMENT,
            List.of(
                "broker",
                "--verbose",
                "--port",
                "0",
                "--data",
                gatestream.folder().resolve("kafka").toString()));
    byte[] clip = TestPictures.segment(gatestream.folder(), "mpegts", 64, 48, 30);
    HttpServer camera = camera(clip);
    try (Kafka kafka = new Kafka(broker.awaitOut("listening on (\\S+)"))) {
      Running ingest =
          command(
              gatestream,
              "ingest",
              kafka.bootstrapServers(),
              "--create-topics",
              "--frames-topic",
              TOPICS.frames(),
              "--max-frames",
              "30",
              "--connect-timeout",
              "2",
              "http://user:%s@127.0.0.1:%d/clip.ts?token=%s"
                  .formatted(SECRET, camera.getAddress().getPort(), SECRET),
              "rtsp://user:%s@127.0.0.1:%d/1".formatted(SECRET, closedPort()),
              "rtsp://user:pa ss %s@127.0.0.1:%d/2".formatted(SECRET, closedPort()),
              "rtsp://user:1/@#? %%20%s@[::1]:%d/3".formatted(SECRET, closedPort()));
      assertThat(ingest.awaitExit())
          .as("three sources are not there: %s", ingest.tail())
          .isEqualTo(1);
      assertThat(ingest.out() + ingest.err()).contains("***");
      sendGarbage(kafka);

      Running run =
          command(
              gatestream,
              "run",
              kafka.bootstrapServers(),
              "--frames-topic",
              TOPICS.frames(),
              "--labels-topic",
              TOPICS.labels(),
              "--rejected-topic",
              TOPICS.rejected(),
              "--application-id",
              "secret",
              "--create-topics",
              "--state-dir",
              gatestream.folder().resolve("state").toString(),
              "--http-port",
              "0");
      kafka.awaitProcessed("secret", TOPICS.frames(), List.of(run));
      String address = run.awaitErr("metrics and health on (http://127\\.0\\.0\\.1:[1-9][0-9]*)");
      for (String page : List.of("/metrics", "/live", "/ready")) {
        requireNone(page, get(address + page));
      }
      Running labels =
          command(
              gatestream,
              "labels",
              kafka.bootstrapServers(),
              "--labels-topic",
              TOPICS.labels(),
              "--format",
              "json");
      assertThat(labels.awaitExit()).as(labels::tail).isZero();
      assertThat(labels.out().lines()).isNotEmpty();
      run.terminateInTime();
      assertThat(run.err()).as("settings are logged").contains("ssl.key.password = [hidden]");
      for (String topic : List.of(TOPICS.frames(), TOPICS.labels(), TOPICS.rejected())) {
        List<ConsumerRecord<byte[], byte[]>> records = kafka.committed(topic);
        assertThat(records).as(topic).isNotEmpty();
        records.forEach(record -> requireNone(topic, text(record)));
      }
    } finally {
      camera.stop(0);
    }
    assertThat(broker.terminate()).as(broker::tail).isZero();
    Folders.delete(gatestream.folder().resolve("kafka"));
    requireNoneInLogs(gatestream);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "ingest", "labels"})
  void aBrokerThatIsNotThere(String name, Gatestream gatestream) throws IOException {
    String address = "127.0.0.1:" + closedPort();
    List<String> more =
        new ArrayList<>(
            List.of("--broker-timeout", "2", "--kafka", "security.protocol=SASL_PLAINTEXT"));
    more.addAll(List.of("--kafka", "sasl.mechanism=PLAIN"));
    if (name.equals("ingest")) {
      more.add("rtsp://user:%s@127.0.0.1:1/1".formatted(SECRET));
    }

    Running command = command(gatestream, name, address, more.toArray(String[]::new));

    assertThat(command.awaitExit()).as(command::tail).isEqualTo(1);
    assertThat(command.err()).contains(address);
    requireNoneInLogs(gatestream);
  }

  @Test
  void mistakesInTheSettingsThemselves(Gatestream gatestream) throws IOException {
    Path file = gatestream.folder().resolve("mistaken.properties");
    Files.writeString(file, "sasl.jaas.config=%s\nssl.key.pasword=%s\n".formatted(JAAS, SECRET));
    String nobody = "127.0.0.1:" + closedPort();
    List<List<String>> mistakes =
        List.of(
            List.of("run", "--bootstrap-servers", nobody, "--config", file.toString()),
            List.of("labels", "--bootstrap-servers", "user:%s@127.0.0.1:1".formatted(SECRET)),
            List.of(
                "labels", "--bootstrap-servers", nobody, "--kafak", "ssl.key.password=" + SECRET),
            List.of("broker", "--data", "kafka", "--kafka", "ssl.key.password=" + SECRET),
            List.of(
                "labels",
                "--bootstrap-servers",
                nobody,
                "--kafka",
                "security.protocol=SASL_PLAINTEXT",
                "--kafka",
                "sasl.jaas.config=org.x.Module %s username=u;".formatted(SECRET)),
            List.of(
                "labels",
                "--bootstrap-servers",
                nobody,
                "--kafka",
                "security.protocol=SSL",
                "--kafka",
                "ssl.keystore.type=PEM",
                "--kafka",
                "ssl.keystore.key=" + SECRET),
            List.of(
                "ingest",
                "--bootstrap-servers",
                nobody,
                "rtsp:/user:%s@camera/1".formatted(SECRET)),
            List.of(
                "ingest",
                "--bootstrap-servers",
                nobody,
                "rtsp://user:a b %s@camera/1".formatted(SECRET)),
            List.of(
                "ingest",
                "--bootstrap-servers",
                nobody,
                "--stram",
                "rtsp:/user:1 %s@camera/1".formatted(SECRET)),
            List.of("rtsp://user:554/ %s@camera/1".formatted(SECRET)),
            List.of(
                "ingest",
                "--bootstrap-servers",
                nobody,
                "gopher://user:%s@camera/1?password=%s".formatted(SECRET, SECRET)));
    for (int i = 0; i < mistakes.size(); i++) {
      List<String> arguments = new ArrayList<>(mistakes.get(i));
      arguments.add("--verbose");
      Running command = gatestream.start("mistake-" + i, ENVIRONMENT, arguments);
      assertThat(command.awaitExit()).as(command::tail).isBetween(1, 2);
      assertThat(command.err()).as("mistake %d", i).isNotBlank();
    }
    requireNoneInLogs(gatestream);
  }

  /** A command with all the passwords. */
  private static Running command(
      Gatestream gatestream, String name, String bootstrapServers, String... more)
      throws IOException {
    Path file = gatestream.folder().resolve("secret.properties");
    Files.writeString(
        file,
        "kafka.ssl.truststore.password=%s\nkafka.sasl.jaas.config=%s\n".formatted(SECRET, JAAS));
    List<String> arguments = new ArrayList<>(List.of(name, "--verbose"));
    arguments.addAll(List.of("--bootstrap-servers", bootstrapServers));
    arguments.addAll(List.of("--config", file.toString()));
    arguments.addAll(FLAGS);
    arguments.addAll(List.of(more));
    return gatestream.start(name, ENVIRONMENT, arguments);
  }

  /** Gives the clip to everybody who asks. */
  private static HttpServer camera(byte[] clip) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/clip.ts",
        exchange -> {
          exchange.sendResponseHeaders(200, clip.length);
          exchange.getResponseBody().write(clip);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static void sendGarbage(Kafka kafka) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  TOPICS.frames(), "clip".getBytes(UTF_8), "no frame".getBytes(UTF_8)))
          .get();
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String get(String address) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.body()).isNotEmpty();
    return response.headers() + response.body();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    append(text, record.key());
    append(text, record.value());
    for (Header header : record.headers()) {
      text.append(' ').append(header.key());
      append(text, header.value());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, byte[] bytes) {
    text.append(' ').append(bytes == null ? "" : new String(bytes, ISO_8859_1));
  }

  private static void requireNone(String where, String text) {
    assertThat(text.contains(SECRET)).as("the password is in %s: %s", where, text).isFalse();
  }

  /** Standard output and standard error of all processes of the test. */
  private static void requireNoneInLogs(Gatestream gatestream) throws IOException {
    List<String> logs =
        Folders.files(gatestream.folder()).stream().filter(file -> file.endsWith(".log")).toList();
    assertThat(logs).isNotEmpty();
    for (String log : logs) {
      String text = Files.readString(gatestream.folder().resolve(log), ISO_8859_1);
      List<String> lines = text.lines().filter(line -> line.contains(SECRET)).toList();
      assertThat(lines).as(log).isEmpty();
    }
  }
}
