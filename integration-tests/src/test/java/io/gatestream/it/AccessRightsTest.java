package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.it.SecuredBroker.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The table of rights in docs/kafka.md: with what it lists every command works, and where one of
 * them is missing that one is named. Each try has a user and an application of its own.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class AccessRightsTest {
  private static final String FRAMES = "rights-frames";
  private static final int COUNT = 10;
  private static final int PARTITIONS = 2;

  /** Starts are work for a processor each. */
  private static final int AT_ONCE = 2;

  /** Users of tries. The first of the broker's is for other tests. */
  private static final int FIRST_USER = 1;

  private static final int STREAMS_USER = 16;
  private static final int REVOKED_USER = 17;
  private static final int READER = 18;
  private static final int SENDER = 19;
  private static final int REPLAYER = 20;

  @BeforeAll
  static void sendFrames(SecuredBroker broker) {
    Gatestream gatestream = new Gatestream("AccessRightsTest/frames");
    try (gatestream) {
      Running ingest = gatestream.run("ingest", ingest(broker, FRAMES));
      assertThat(ingest.process().exitValue()).as(ingest::tail).isZero();
    }
  }

  private static String[] ingest(SecuredBroker broker, String topic) {
    return new String[] {
      "ingest",
      "--bootstrap-servers",
      broker.kafka().bootstrapServers(),
      "--frames-topic",
      topic,
      "--create-topics",
      "--partitions",
      Integer.toString(PARTITIONS),
      "--max-frames",
      Integer.toString(COUNT),
      clip()
    };
  }

  private static String clip() {
    return Gatestream.SAMPLES.resolve("bowl.mp4").toString();
  }

  @Test
  void theWholeTableIsUnderstood() {
    assertThat(DocumentedRight.strangeLines()).isEmpty();
  }

  @Test
  void theRecipeOfStrimziGrantsTheTable() throws IOException {
    Matcher recipe =
        Pattern.compile("<!-- strimzi -->(.*)<!-- /strimzi -->", Pattern.DOTALL)
            .matcher(Files.readString(Gatestream.ROOT.resolve("docs/managed-kafka.md")));
    assertThat(recipe.find()).isTrue();
    Matcher line =
        Pattern.compile(
                "type: (\\w+)(?:, name: ([\\w-]+))?(, patternType: prefix)?}, operations: \\[([^]]+)]")
            .matcher(recipe.group(1));
    Set<String> granted = new TreeSet<>();
    while (line.find()) {
      for (String operation : List.of(line.group(4).split(", ", -1))) {
        granted.add(
            "%s %s %s%s"
                .formatted(
                    operation,
                    line.group(1).toLowerCase(Locale.ROOT),
                    line.group(2) == null ? "kafka-cluster" : line.group(2),
                    line.group(3) == null ? "" : "*"));
      }
    }
    Set<String> listed = new TreeSet<>();
    DocumentedRight.of("run", Map.of("APPLICATION_ID", "gatestream"))
        .forEach(
            right ->
                listed.add(
                    "%s %s %s%s"
                        .formatted(
                            right.operationName(),
                            right
                                .pattern()
                                .resourceType()
                                .name()
                                .replace("_", "")
                                .toLowerCase(Locale.ROOT),
                            right.pattern().name(),
                            right.pattern().patternType() == PatternType.PREFIXED ? "*" : "")));
    assertThat(granted).isEqualTo(listed);
  }

  /** A user with all rights of {@code run} but one, and the application that it starts. */
  private static final class Try {
    private final SecuredBroker broker;
    private final String application;
    private final TopicNames topics;
    private final int user;
    private final Optional<DocumentedRight> without;
    private final Running run;

    Try(
        SecuredBroker broker,
        Gatestream gatestream,
        int user,
        Optional<DocumentedRight> without,
        String... more) {
      this.broker = broker;
      this.user = user;
      this.without = without;
      application = application(user);
      topics = TopicNames.of(FRAMES, application);
      broker.kafka().createTopic(topics.labels(), PARTITIONS);
      broker.kafka().createTopic(topics.rejected(), PARTITIONS);
      broker.kafka().createTopic(topics.events(), PARTITIONS);
      Set<DocumentedRight> rights = rights(user);
      without.ifPresent(rights::remove);
      broker.grant("User:user-" + user, rights);
      if (without.filter(right -> right.operation() == AclOperation.ALTER_CONFIGS).isPresent()) {
        // with settings that have to be mended
        broker.kafka().createTopic(application + "-streams-changelog", PARTITIONS);
      }
      List<String> arguments = new ArrayList<>(List.of("run", "--config"));
      arguments.add(file(broker, gatestream, user));
      arguments.addAll(List.of("--state-dir", gatestream.folder().resolve(application).toString()));
      arguments.addAll(List.of(more));
      run = gatestream.start("run-" + user, Map.of(), arguments);
    }

    void requireOutcome() {
      if (without.filter(DocumentedRight::needed).isPresent()) {
        requireNamed(run, without.get());
        return;
      }
      broker.kafka().awaitProcessed(application, FRAMES, List.of(run));
      assertThat(broker.kafka().labels(topics).count())
          .as(run::tail)
          .isEqualTo(broker.kafka().committed(FRAMES).size());
      if (without.isEmpty()) {
        assertThat(run.err()).as(run::tail).doesNotContain("may not", "lacks", "refuse");
        run.terminateInTime();
        return;
      }
      DocumentedRight missing = without.get();
      assertThat(run.err().lines().filter(line -> line.contains(missing.operationName())))
          .as("%s: %s", missing, run.tail())
          .singleElement()
          .asString()
          .contains(where(missing));
      run.kill();
    }
  }

  private static String application(int user) {
    return "rights-" + user;
  }

  private static Set<DocumentedRight> rights(int user) {
    return new LinkedHashSet<>(DocumentedRight.of("run", names(application(user))));
  }

  private static Map<String, String> names(String application) {
    TopicNames topics = TopicNames.of(FRAMES, application);
    return Map.of(
        "frames", topics.frames(),
        "labels", topics.labels(),
        "frames-rejected", topics.rejected(),
        "events", topics.events(),
        "APPLICATION_ID", application);
  }

  /** The settings of a user, for {@code --config}. */
  private static String file(SecuredBroker broker, Gatestream gatestream, int user) {
    Map<String, String> settings = new HashMap<>(broker.client(Login.PLAIN, user));
    settings.putAll(SecuredConnectionsTest.topicsOf(TopicNames.of(FRAMES, application(user))));
    settings.put("application.id", application(user));
    return PropertiesFile.write(
            gatestream.folder().resolve("user-%d.properties".formatted(user)), settings)
        .toString();
  }

  /** One line that names the right and nothing else, and the command that grants it. */
  private static void requireNamed(Running command, DocumentedRight missing) {
    assertThat(command.awaitExit()).as("%s: %s", missing, command.tail()).isEqualTo(1);
    assertThat(command.err()).as(command::tail).doesNotContain("\tat ");
    assertThat(command.err().lines().filter(line -> line.startsWith("error: ")).toList())
        .as("%s: %s", missing, command.tail())
        .singleElement()
        .asString()
        .contains(
            "this user lacks %s on %s. Have somebody run: kafka-acls.sh"
                .formatted(missing.operationName(), where(missing)))
        .contains("--operation " + missing.operationName());
  }

  private static String where(DocumentedRight right) {
    String name = right.pattern().name();
    return switch (right.pattern().resourceType()) {
      case TOPIC -> right.needed() ? "topic '%s'".formatted(name) : "topic %s:".formatted(name);
      case GROUP -> "group '%s'".formatted(name);
      case TRANSACTIONAL_ID -> "transactional ids with the prefix '%s'".formatted(name);
      default -> "the cluster";
    };
  }

  @Test
  void runWorksWithTheListedRightsAndNamesTheOneThatIsMissing(
      SecuredBroker broker, Gatestream gatestream) {
    List<Optional<DocumentedRight>> tries = new ArrayList<>(List.of(Optional.empty()));
    int count = rights(0).size();
    assertThat(FIRST_USER + count).isLessThan(STREAMS_USER);
    for (int i = 0; i < count; i++) {
      tries.add(Optional.of(List.copyOf(rights(FIRST_USER + 1 + i)).get(i)));
    }
    for (int from = 0; from < tries.size(); from += AT_ONCE) {
      List<Try> wave = new ArrayList<>();
      for (int i = from; i < Math.min(tries.size(), from + AT_ONCE); i++) {
        wave.add(new Try(broker, gatestream, FIRST_USER + i, tries.get(i)));
      }
      wave.forEach(Try::requireOutcome);
    }
  }

  @Test
  void theOtherGroupProtocolNeedsNoOtherRights(SecuredBroker broker, Gatestream gatestream) {
    new Try(broker, gatestream, STREAMS_USER, Optional.empty(), "--kafka", Fleet.STREAMS_PROTOCOL)
        .requireOutcome();
  }

  @Test
  void aRightThatIsTakenAwayWhileItRunsIsNamed(SecuredBroker broker, Gatestream gatestream) {
    Try running = new Try(broker, gatestream, REVOKED_USER, Optional.empty());
    broker.kafka().awaitProcessed(running.application, FRAMES, List.of(running.run));
    DocumentedRight taken =
        rights(running.user).stream()
            .filter(right -> right.pattern().name().equals(running.topics.labels()))
            .filter(right -> right.operation() == AclOperation.WRITE)
            .findFirst()
            .orElseThrow();
    Kafka.get(
        broker
            .admin()
            .deleteAcls(
                List.of(
                    new AclBindingFilter(
                        new ResourcePatternFilter(
                            taken.pattern().resourceType(),
                            taken.pattern().name(),
                            taken.pattern().patternType()),
                        new AccessControlEntryFilter(
                            null, null, AclOperation.WRITE, AclPermissionType.ALLOW))))
            .all());
    Running more = gatestream.run("ingest", ingest(broker, FRAMES));
    assertThat(more.process().exitValue()).as(more::tail).isZero();

    requireNamed(running.run, taken);
  }

  private static Running ingest(String name, SecuredBroker broker, Gatestream gatestream) {
    return gatestream.start(
        name,
        "ingest",
        "--config",
        file(broker, gatestream, SENDER),
        "--frames-topic",
        FRAMES,
        "--max-frames",
        "3",
        clip());
  }

  @Test
  void labelsAndIngestNeedWhatIsListed(SecuredBroker broker, Gatestream gatestream) {
    Map<String, String> names = names(application(READER));
    String labelsTopic = names.get("labels");
    Running read =
        gatestream.start("labels", "labels", "--config", file(broker, gatestream, READER));
    Running send = ingest("ingest", broker, gatestream);
    DocumentedRight reading = DocumentedRight.of("labels", names).iterator().next();
    requireNamed(read, reading);
    DocumentedRight sending =
        DocumentedRight.of("ingest", names).stream()
            .filter(DocumentedRight::needed)
            .findFirst()
            .orElseThrow();
    requireNamed(send, sending);

    broker.kafka().createTopic(String.valueOf(labelsTopic), 1);
    broker.grant("User:user-" + READER, DocumentedRight.of("labels", names));
    broker.grant("User:user-" + SENDER, Set.of(sending));
    Running readNow =
        gatestream.start("labels-allowed", "labels", "--config", file(broker, gatestream, READER));
    Running sendNow = ingest("ingest-allowed", broker, gatestream);
    assertThat(readNow.awaitExit()).as(readNow::tail).isZero();
    assertThat(sendNow.awaitExit()).as(sendNow::tail).isZero();
    assertThat(sendNow.err()).contains("cannot read the last sessions", FRAMES);
  }

  @Test
  void replayNeedsWhatIsListed(SecuredBroker broker, Gatestream gatestream) {
    Map<String, String> names = new HashMap<>();
    names.put("frames", FRAMES);
    names.put("labels", "rights-again");
    names.put("frames-rejected", "rights-again-rejected");
    names.put("events", "rights-again-events");
    names.put("APPLICATION_ID", "rights-replay");
    names.put("OUTPUT", "rights-again");
    names.put("NAME", "rights-replay");
    Set<DocumentedRight> rights = new LinkedHashSet<>(DocumentedRight.of("run", names));
    rights.addAll(DocumentedRight.of("replay", names));
    broker.grant("User:user-" + REPLAYER, rights);

    Running replay =
        gatestream.run(
            "replay",
            "replay",
            "--config",
            file(broker, gatestream, REPLAYER),
            "--name",
            "rights-replay",
            "--output",
            "rights-again",
            "--state-dir",
            gatestream.folder().resolve("state").toString());

    assertThat(replay.process().exitValue()).as(replay::tail).isZero();
    assertThat(replay.err()).as(replay::tail).doesNotContain("WARN", "lacks");
    assertThat(broker.kafka().committed("rights-again")).hasSizeGreaterThanOrEqualTo(COUNT);
    assertThat(broker.kafka().topicsOf("rights-replay")).isEmpty();
    assertThat(broker.kafka().groupsOf("rights-replay")).isEmpty();
  }
}
