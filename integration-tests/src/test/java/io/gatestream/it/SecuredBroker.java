package io.gatestream.it;

import static io.gatestream.it.Certificates.PASSWORD;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests of security share: the embedded broker in a JVM of its own, with TLS, users and
 * Kafka's own authorizer. Each way to log in has a listener. On one more, without encryption,
 * whoever connects is the super user: that is the tests' own view. Made when the first test asks,
 * closed after the last.
 */
final class SecuredBroker implements AutoCloseable {
  /** Users of the listener for PLAIN are {@code user-0} to this number less one. */
  static final int USERS = 24;

  static final String WORD = "w0rd-of-users";

  private static final String SCRAM_MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required";
  private static final String PLAIN_MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";
  private static final String OAUTH_MODULE =
      "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required";

  /** How a client shows who it is. */
  enum Login {
    SCRAM("SASL_SSL", "User:scrammer"),
    PLAIN("SASL_SSL", "User:user-0"),
    MTLS("SSL", "User:CN=client"),
    OAUTH("SASL_PLAINTEXT", "User:bearer");

    private final String protocol;
    private final String principal;

    Login(String protocol, String principal) {
      this.protocol = protocol;
      this.principal = principal;
    }

    String principal() {
      return principal;
    }
  }

  private final Gatestream gatestream = new Gatestream("secured");
  private final List<Integer> ownPorts = Ports.free(2);
  private final Map<Login, Integer> ports = new EnumMap<>(Login.class);
  private final Certificates certificates;
  private final Kafka kafka;
  private final Admin admin;

  SecuredBroker() {
    Iterator<Integer> free = Ports.free(Login.values().length).iterator();
    for (Login login : Login.values()) {
      ports.put(login, free.next());
    }
    try {
      certificates = Certificates.make(gatestream.folder().resolve("certificates"));
      Path settings =
          PropertiesFile.write(gatestream.folder().resolve("server.properties"), settings());
      Running broker =
          gatestream.start(
              "broker",
              "broker",
              "--data",
              gatestream.folder().resolve("kafka").toString(),
              "--port",
              "0",
              "--config",
              settings.toString());
      kafka = new Kafka(broker.awaitOut("listening on (\\S+)"));
      admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
      Kafka.get(
          admin
              .alterUserScramCredentials(
                  List.of(
                      new UserScramCredentialUpsertion(
                          "scrammer",
                          new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096),
                          WORD)))
              .all());
    } catch (RuntimeException | Error e) {
      System.err.println(gatestream.tails());
      gatestream.close();
      throw e;
    }
  }

  static SecuredBroker of(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SecuredBroker.class))
        .getOrComputeIfAbsent(SecuredBroker.class);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    String internal = "INTERNAL://127.0.0.1:%d".formatted(ownPorts.get(0));
    String controller = "127.0.0.1:%d".formatted(ownPorts.get(1));
    String clients =
        Stream.concat(
                Stream.of(internal),
                Stream.of(Login.values()).map(login -> login + "://" + address(login)))
            .collect(Collectors.joining(","));
    settings.put("listeners", "%s,CONTROLLER://%s".formatted(clients, controller));
    settings.put("advertised.listeners", clients);
    settings.put("controller.quorum.voters", "1@" + controller);
    settings.put("inter.broker.listener.name", "INTERNAL");
    settings.put(
        "listener.security.protocol.map",
        Stream.of(Login.values())
            .map(login -> login + ":" + login.protocol)
            .collect(Collectors.joining(",", "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,", "")));
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");

    stores(settings, "", certificates.broker(), certificates.trustInClient());
    settings.put("listener.name.mtls.ssl.client.auth", "required");
    sasl(settings, "scram", "SCRAM-SHA-512", SCRAM_MODULE + ";");
    sasl(
        settings,
        "plain",
        "PLAIN",
        IntStream.range(0, USERS)
            .mapToObj(user -> " user_user-%d=\"%s\"".formatted(user, WORD))
            .collect(Collectors.joining("", PLAIN_MODULE, ";")));
    sasl(settings, "oauth", "OAUTHBEARER", OAUTH_MODULE + " unsecuredLoginStringClaim_sub=\"b\";");
    return settings;
  }

  private static void sasl(
      Map<String, String> settings, String listener, String mechanism, String jaas) {
    settings.put("listener.name.%s.sasl.enabled.mechanisms".formatted(listener), mechanism);
    settings.put(
        "listener.name.%s.%s.sasl.jaas.config"
            .formatted(listener, mechanism.toLowerCase(Locale.ROOT)),
        jaas);
  }

  private static void stores(Map<String, String> settings, String prefix, Path keys, Path trust) {
    settings.put(prefix + "ssl.keystore.location", keys.toString());
    settings.put(prefix + "ssl.keystore.password", PASSWORD);
    settings.put(prefix + "ssl.keystore.type", "PKCS12");
    trust(settings, prefix, trust);
  }

  private static void trust(Map<String, String> settings, String prefix, Path trust) {
    settings.put(prefix + "ssl.truststore.location", trust.toString());
    settings.put(prefix + "ssl.truststore.password", PASSWORD);
    settings.put(prefix + "ssl.truststore.type", "PKCS12");
  }

  /** Where clients log in so. */
  String address(Login login) {
    return "127.0.0.1:" + ports.get(login);
  }

  /** The super user's view. */
  Kafka kafka() {
    return kafka;
  }

  /** The super user. */
  Admin admin() {
    return admin;
  }

  Certificates certificates() {
    return certificates;
  }

  /** The settings of a client, as they stand in a file for {@code --config}. */
  Map<String, String> client(Login login) {
    return client(login, 0);
  }

  /**
   * As the other.
   *
   * @param user of the listener for PLAIN
   */
  Map<String, String> client(Login login, int user) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", address(login));
    settings.put("kafka.security.protocol", login.protocol);
    if (login != Login.OAUTH) {
      trust(settings, "kafka.", certificates.trustInBroker());
    }
    switch (login) {
      case SCRAM -> {
        settings.put("kafka.sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
            "kafka.sasl.jaas.config",
            "%s username=\"scrammer\" password=\"%s\";".formatted(SCRAM_MODULE, WORD));
      }
      case PLAIN -> {
        settings.put("kafka.sasl.mechanism", "PLAIN");
        settings.put(
            "kafka.sasl.jaas.config",
            "%s username=\"user-%d\" password=\"%s\";".formatted(PLAIN_MODULE, user, WORD));
      }
      case MTLS -> stores(settings, "kafka.", certificates.client(), certificates.trustInBroker());
      case OAUTH -> {
        settings.put("kafka.sasl.mechanism", "OAUTHBEARER");
        settings.put(
            "kafka.sasl.jaas.config", OAUTH_MODULE + " unsecuredLoginStringClaim_sub=\"bearer\";");
      }
    }
    return settings;
  }

  /** Allows a user exactly these, beside what it may already. */
  void grant(String principal, Set<DocumentedRight> rights) {
    Kafka.get(
        admin
            .createAcls(
                rights.stream()
                    .map(
                        right ->
                            new AclBinding(
                                right.pattern(),
                                new AccessControlEntry(
                                    principal, "*", right.operation(), AclPermissionType.ALLOW)))
                    .toList())
            .all());
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
    gatestream.close();
    Folders.delete(gatestream.folder().resolve("kafka"));
  }
}
