package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.it.SecuredBroker.Login;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Brokers that encrypt and want to know who asks: every command works by its settings alone, and
 * says in one line why it is not let in.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SecuredConnectionsTest {
  private static final int FRAMES = 20;

  /** From a camera's frames to labels that are read, each by the same file of settings. */
  @ParameterizedTest
  @EnumSource
  void framesBecomeLabels(Login login, SecuredBroker broker, Gatestream gatestream) {
    String application = "by-" + login;
    TopicNames topics = TopicNames.of(application + "-frames", application);
    Map<String, String> settings = broker.client(login);
    settings.putAll(topicsOf(topics));
    settings.put("application.id", application);
    Path file = PropertiesFile.write(gatestream.folder().resolve("run.properties"), settings);
    broker.grant(login.principal(), rights(application, topics));

    Running ingest =
        gatestream.run(
            "ingest",
            "ingest",
            "--config",
            file.toString(),
            "--frames-topic",
            topics.frames(),
            "--create-topics",
            "--partitions",
            "2",
            "--max-frames",
            Integer.toString(FRAMES),
            Gatestream.SAMPLES.resolve("bowl.mp4").toString());
    assertThat(ingest.process().exitValue()).as(ingest::tail).isZero();
    Running run =
        gatestream.start(
            "run",
            "run",
            "--config",
            file.toString(),
            "--create-topics",
            "--state-dir",
            gatestream.folder().resolve("state").toString());
    broker.kafka().awaitProcessed(application, topics.frames(), List.of(run));
    Running labels =
        gatestream.run("labels", "labels", "--config", file.toString(), "--format", "json");
    assertThat(labels.process().exitValue()).as(labels::tail).isZero();
    assertThat(labels.out().lines()).hasSize(FRAMES);
    run.terminateInTime();
    assertThat(broker.kafka().accountProblems(application, topics)).isEmpty();
    for (Running command : List.of(ingest, run, labels)) {
      assertThat(command.err()).as(command::tail).doesNotContain(SecuredBroker.WORD, "WARN");
    }
  }

  /** What can be wrong between client and brokers, and what is said. */
  enum Fault {
    WRONG_PASSWORD_SCRAM(Login.SCRAM, "invalid credentials", "kafka.sasl.jaas.config"),
    WRONG_PASSWORD_PLAIN(Login.PLAIN, "Invalid username or password", "kafka.sasl.jaas.config"),
    OTHER_MECHANISM(Login.SCRAM, "SCRAM-SHA-512", "kafka.sasl.mechanism"),
    UNKNOWN_AUTHORITY(Login.SCRAM, "does not trust", "kafka.ssl.truststore.location"),
    NO_CLIENT_CERTIFICATE(Login.MTLS, "want a certificate", "kafka.ssl.keystore.location"),
    UNKNOWN_CLIENT_CERTIFICATE(Login.MTLS, "want a certificate", "kafka.ssl.keystore.location");

    private final Login login;
    private final String wrong;
    private final String remedy;

    Fault(Login login, String wrong, String remedy) {
      this.login = login;
      this.wrong = wrong;
      this.remedy = remedy;
    }

    /** The settings of a client with this fault. */
    Map<String, String> settings(SecuredBroker broker) {
      Map<String, String> settings = broker.client(login);
      switch (this) {
        case WRONG_PASSWORD_SCRAM, WRONG_PASSWORD_PLAIN ->
            settings.computeIfPresent(
                "kafka.sasl.jaas.config", (key, jaas) -> jaas.replace(SecuredBroker.WORD, "no"));
        case OTHER_MECHANISM -> settings.put("kafka.sasl.mechanism", "SCRAM-SHA-256");
        case UNKNOWN_AUTHORITY ->
            settings.put(
                "kafka.ssl.truststore.location", broker.certificates().trustInClient().toString());
        case NO_CLIENT_CERTIFICATE ->
            settings.keySet().removeIf(key -> key.startsWith("kafka.ssl.keystore"));
        case UNKNOWN_CLIENT_CERTIFICATE ->
            settings.put("kafka.ssl.keystore.location", broker.certificates().broker().toString());
      }
      return settings;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsNotLetInIsToldWhy(Fault fault, SecuredBroker broker, Gatestream gatestream) {
    Map<String, String> settings = fault.settings(broker);
    String file =
        PropertiesFile.write(gatestream.folder().resolve("wrong.properties"), settings).toString();
    String clip = Gatestream.SAMPLES.resolve("bowl.mp4").toString();
    String state = gatestream.folder().resolve("state").toString();
    List<Running> refused =
        List.of(
            gatestream.start("labels", "labels", "--config", file),
            gatestream.start("ingest", "ingest", "--config", file, clip),
            gatestream.start("run", "run", "--config", file, "--state-dir", state));
    for (Running command : refused) {
      assertThat(command.awaitExit()).as(command::tail).isEqualTo(1);
      assertThat(command.err()).as(command::tail).doesNotContain("\tat ", " ERROR ");
      assertThat(command.err().lines().filter(line -> line.startsWith("error: ")).toList())
          .as(command::tail)
          .singleElement()
          .asString()
          .contains(fault.wrong, fault.remedy)
          .doesNotContain(SecuredBroker.WORD);
    }
  }

  private static Set<DocumentedRight> rights(String application, TopicNames topics) {
    Map<String, String> names =
        Map.of(
            "frames", topics.frames(),
            "labels", topics.labels(),
            "frames-rejected", topics.rejected(),
            "events", topics.events(),
            "APPLICATION_ID", application);
    Set<DocumentedRight> rights = new HashSet<>();
    for (String command :
        List.of("run", "run --create-topics", "ingest", "ingest --create-topics", "labels")) {
      rights.addAll(DocumentedRight.of(command, names));
    }
    return rights;
  }

  static Map<String, String> topicsOf(TopicNames topics) {
    return Map.of(
        "frames.topic", topics.frames(),
        "labels.topic", topics.labels(),
        "rejected.topic", topics.rejected(),
        "events.topic", topics.events());
  }
}
