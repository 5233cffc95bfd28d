package io.gatestream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.JpegDepth;
import io.gatestream.frame.StrayBytes;
import io.gatestream.natives.CacheFolder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigTest {
  private static final Map<String, String> REQUIRED =
      Map.of("bootstrap.servers", "localhost:9092", "model", "bundle");

  private static RunConfig read(String... namesAndValues) {
    Map<String, String> flags = new HashMap<>(REQUIRED);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  @Test
  void defaultsAreThoseDocumented() {
    RunConfig config = read();
    assertThat(config.applicationId()).isEqualTo("gatestream");
    assertThat(config.topics())
        .isEqualTo(new Topics("frames", "labels", "frames-rejected", "events"));
    assertThat(config.creation()).isEqualTo(new RunConfig.TopicCreation(false, 8, -1));
    assertThat(config.start()).isEqualTo(StartPosition.EARLIEST);
    assertThat(config.compute())
        .isEqualTo(
            new RunConfig.Compute(
                Provider.CPU,
                0,
                2_147_483_648L,
                2,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                new RunConfig.CalibrationSettings(
                    true, CacheFolder.standard().resolve("calibration")),
                OptionalInt.empty()));
    assertThat(config.pollBounds())
        .isEqualTo(new RunConfig.PollBounds(128, 64, 16_777_216, 524_288, 16_777_216));
    assertThat(config.storage())
        .isEqualTo(
            new RunConfig.Storage(
                67_108_864,
                33_554_432,
                16_777_216,
                100,
                Path.of(System.getProperty("user.home"), ".local", "state", "gatestream"),
                "streams",
                0));
    assertThat(config.policy()).isEqualTo(PolicySettings.DEFAULT);
    assertThat(config.overload()).isEqualTo(new RunConfig.Overload(OverloadMode.KEEP_ALL, 32));
    assertThat(read("overload", "latest", "overload.records", "7").overload())
        .isEqualTo(new RunConfig.Overload(OverloadMode.LATEST, 7));
    assertThat(config.scoreLimit()).isEqualTo(64);
    assertThat(config.limits()).isEqualTo(FrameLimits.DEFAULT);
    assertThat(config.limits())
        .isEqualTo(
            new FrameLimits(8_192, 16_777_216, 1_000, 100, 1_073_741_824, StrayBytes.REPAIR));
    assertThat(config.http())
        .isEqualTo(new RunConfig.Http(OptionalInt.empty(), "127.0.0.1", Optional.empty()));
    assertThat(config.otlp()).isEqualTo(RunConfig.Otlp.NONE);
    assertThat(config.closeSeconds()).isEqualTo(9);
    assertThat(config.closeLeavesGroup()).isTrue();
    assertThat(config.kafka()).isEqualTo(KafkaAccess.of("localhost:9092"));
  }

  @Test
  void aStaticMemberStaysInItsGroupUnlessToldOtherwise() {
    String id = "kafka.group.instance.id";
    assertThat(read(id, "a").closeLeavesGroup()).isFalse();
    assertThat(read("kafka.main.consumer.group.instance.id", "a").closeLeavesGroup()).isFalse();
    assertThat(read(id, "a", "close.leaves.group", "true").closeLeavesGroup()).isTrue();
    assertThat(read("close.leaves.group", "false").closeLeavesGroup()).isFalse();
    assertThatThrownBy(() -> read(id, "a/b"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.group.instance.id is 'a/b'");
    assertThatThrownBy(() -> read(id, "a", "kafka.group.protocol", "streams"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no static members");
  }

  @Test
  void aGroupProtocolIsOneOfKafkaStreamsAndHasNoPrefix() {
    assertThat(read("kafka.group.protocol", "STREAMS").kafka().clientSettings()).hasSize(1);
    for (String[] wrong :
        new String[][] {
          {"kafka.group.protocol", "consumer"},
          {"kafka.main.consumer.group.protocol", "streams"},
          {"kafka.consumer.group.protocol", "classic"}
        }) {
      assertThatThrownBy(() -> read(wrong))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(wrong[0]);
    }
  }

  @Test
  void labelsAreWrittenExactlyOnceWhateverAFileSays() {
    assertThat(read("guarantee", "exactly-once")).isEqualTo(read());
    assertThatThrownBy(() -> read("guarantee", "at-least-once"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("guarantee is 'at-least-once'")
        .hasMessageContaining("Remove the setting")
        .hasMessageNotContaining("there is no setting");
  }

  @Test
  void whatIsGivenOfThreadsAndBatchIsRead() {
    RunConfig.Compute compute =
        read(
                "workers", "0",
                "encoder.callers", "3",
                "encoder.threads", "4",
                "encoder.batch", "5",
                "calibrate", "false",
                "calibration.dir", "kept")
            .compute();
    assertThat(compute.workers()).hasValue(0);
    assertThat(compute.encoderCallers()).hasValue(3);
    assertThat(compute.encoderThreads()).hasValue(4);
    assertThat(compute.encoderBatch()).hasValue(5);
    assertThat(compute.calibration())
        .isEqualTo(new RunConfig.CalibrationSettings(false, Path.of("kept")));
  }

  @Test
  void theFramesLimitsAreRead() {
    assertThat(
            read(
                    "max.side", "1",
                    "max.pixels", "2",
                    "max.segment.frames", "3",
                    "max.scans", "4",
                    "max.work", "5000000000",
                    "jpeg.stray.bytes", "refuse")
                .limits())
        .isEqualTo(new FrameLimits(1, 2, 3, 4, 5_000_000_000L, StrayBytes.REFUSE));
    for (String setting : new String[] {"max.scans", "max.work"}) {
      assertThatThrownBy(() -> read(setting, "0"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(setting + " is '0'");
    }
    assertThatThrownBy(() -> read("jpeg.stray.bytes", "ignore"))
        .hasMessageContaining("give one of refuse, repair");
  }

  @Test
  void howCloselyJpegsAreLookedAtIsRead() {
    assertThat(read().limits().jpegDepth()).isEqualTo(JpegDepth.FULL);
    assertThat(read("jpeg.check", "structure").limits())
        .isEqualTo(FrameLimits.DEFAULT.with(JpegDepth.STRUCTURE));
    assertThatThrownBy(() -> read("jpeg.check", "none"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("jpeg.check is 'none'")
        .hasMessageContaining("give one of full, structure");
  }

  @Test
  void aSegmentMayHoldAsManyFramesAsItsWorkAllows() {
    assertThat(FrameLimits.DEFAULT.segmentFrames(640, 480)).isEqualTo(1_000);
    assertThat(FrameLimits.DEFAULT.segmentFrames(1_920, 1_080)).isEqualTo(517);
    assertThat(FrameLimits.DEFAULT.segmentFrames(4_096, 4_096)).isEqualTo(64);
    assertThat(new FrameLimits(9, 9, 9, 9, 80, StrayBytes.REPAIR).segmentFrames(9, 9)).isZero();
  }

  @Test
  void thePolicysSettingsAreRead() {
    assertThat(
            read(
                    "gap.millis", "3",
                    "expiry.millis", "4",
                    "model.change", "refuse",
                    "latest.time", "2030-01-01T00:00:00Z",
                    "tombstone.resets", "false",
                    "state.removal.records", "1000",
                    "session.return.millis", "5")
                .policy())
        .isEqualTo(
            new PolicySettings(
                3_000,
                4_000,
                PolicySettings.ModelChange.REFUSE,
                1_893_456_000_000_000L,
                false,
                1_000,
                5_000));
    assertThat(PolicySettings.DEFAULT)
        .isEqualTo(
            new PolicySettings(
                2_000_000,
                60_000_000,
                PolicySettings.ModelChange.RESET,
                7_258_118_400_000_000L,
                true,
                0,
                2_500_000));
    for (String time :
        new String[] {"tomorrow", "1969-12-31T23:59:59Z", "+999999999-01-01T00:00:00Z"}) {
      assertThatThrownBy(() -> read("latest.time", time))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("latest.time");
    }
  }

  @Test
  void aCollectorWithoutAPathGetsTheUsualOne() {
    assertThat(read("otlp.endpoint", "http://collector:4318").otlp().endpoint())
        .contains(URI.create("http://collector:4318/v1/metrics"));
    assertThat(read("otlp.endpoint", "HTTPS://collector/").otlp().endpoint())
        .contains(URI.create("HTTPS://collector/v1/metrics"));
    assertThat(read("otlp.endpoint", "http://collector/api/otlp?x=y").otlp().endpoint())
        .contains(URI.create("http://collector/api/otlp?x=y"));
    assertThat(read("otlp.interval.seconds", "10").otlp().interval())
        .contains(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({
    "camera-1.example.com, camera-1.example.com",
    "camera-1:08080, camera-1:8080",
    "10.0.0.1:65535, 10.0.0.1:65535",
    "[2001:db8::1]:00001, [2001:db8::1]:1",
    "[2001:db8::1], [2001:db8::1]",
    "2001:db8::1, 2001:db8::1"
  })
  void anAdvertisedAddressIsTakenAsOthersAskIt(String given, String taken) {
    assertThat(read("http.advertised", given).http().advertised()).contains(taken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "camera_1",
        "camera_1:80",
        "camera:0",
        "camera:65536",
        "camera:",
        "-",
        "a b",
        "::g"
      })
  void anAddressThatOthersCannotAskIsRefused(String given) {
    assertThatThrownBy(() -> read("http.advertised", given))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("http.advertised is '%s': give a host without underscores", given);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector",
        "collector:4318",
        "localhost:4318/v1/metrics",
        "grpc://collector:4317",
        "http://",
        "http:///v1/metrics",
        "http://collector:70000",
        "http://user:hush@collector:4318",
        "http://a collector"
      })
  void whatIsNoAddressOfACollectorIsRefusedInOneLine(String url) {
    assertThatThrownBy(() -> read("otlp.endpoint", url))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "otlp.endpoint is '%s': give an http or https URL without user and password, such as"
                + " http://localhost:4318 (from --otlp-endpoint)",
            url);
  }

  @ParameterizedTest
  @FieldSource("io.gatestream.config.RunSettings#ALL")
  void everySettingIsKnown(Setting<?> setting) {
    Map<String, String> flags = new HashMap<>(REQUIRED);
    flags.put(setting.key(), "?");
    String problems = "";
    try {
      RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
    } catch (ConfigException e) {
      problems = e.getMessage();
    }
    assertThat(problems).doesNotContain("there is no setting");
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThatThrownBy(
            () ->
                RunConfig.from(
                    ConfigLoader.load(
                        Optional.empty(),
                        Map.of(),
                        Map.of(
                            "workers", "many",
                            "provider", "tpu",
                            "gap.millis", "0",
                            "frames.topic", "labels",
                            "colour", "red",
                            "kafka.group.id", "mine")),
                    Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no Kafka broker is named")
        .hasMessageContaining("no model bundle is named")
        .hasMessageContaining("workers is 'many'")
        .hasMessageContaining("provider is 'tpu': give one of cpu, cuda, tensorrt, auto")
        .hasMessageContaining("gap.millis is '0'")
        .hasMessageContaining("must differ")
        .hasMessageContaining("there is no setting 'colour'")
        .hasMessageContaining("kafka.group.id is set by Gatestream itself");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.application.id", "kafka.consumer.isolation.level",
        "kafka.main.consumer.max.poll.records",
    "kafka.producer.transactional.id", "kafka.enable.auto.commit", "kafka.processing.guarantee"
  })
  void reservedKafkaKeysAreRefusedByName(String key) {
    assertThatThrownBy(() -> read(key, "x"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + " is set by Gatestream itself");
  }

  @Test
  void otherKafkaKeysPassThrough() {
    assertThat(read("kafka.security.protocol", "SSL").kafka().clientSettings())
        .containsExactly(Map.entry("security.protocol", "SSL"));
  }

  @Test
  void flagsWinOverEnvironmentAndEnvironmentOverFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("run.properties");
    Files.writeString(
        file,
        """
        bootstrap.servers = file:1
        model = file-bundle
        application.id = from-file
        frames.topic = from-file
        labels.topic = from-file-too
        """);
    RunConfig config =
        RunConfig.from(
            ConfigLoader.load(
                Optional.of(file),
                Map.of(
                    "GATESTREAM_APPLICATION_ID", "from-environment",
                    "GATESTREAM_FRAMES_TOPIC", "from-environment",
                    "GATESTREAM_HOME", "somebody else's"),
                Map.of("frames.topic", "from-flag")),
            Optional.empty());
    assertThat(config.topics().frames()).isEqualTo("from-flag");
    assertThat(config.applicationId()).isEqualTo("from-environment");
    assertThat(config.topics().labels()).isEqualTo("from-file-too");
  }

  @Test
  void aSettingsFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ConfigLoader.load(Optional.of(Path.of("no-such")), Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot read the settings file no-such");
  }

  @ParameterizedTest
  @CsvSource({
    "stream.threds,stream.threads",
    "bootstrap.servesr,bootstrap.servers",
    "stream_threads,stream.threads",
    "aplication.id,application.id"
  })
  void misspeltSettingIsAnsweredWithTheNameMeant(String written, String meant, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("run.properties");
    Files.writeString(file, written + " = 1\n");
    Settings fromFile = ConfigLoader.load(Optional.of(file), Map.of(), REQUIRED);

    assertThatThrownBy(fromFile::kafkaAccess)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no setting '%s': did you mean '%s'?", written, meant);
  }

  @Test
  void misspeltVariableIsAnsweredWithTheNameMeant() {
    Settings settings =
        ConfigLoader.load(
            Optional.empty(), Map.of("GATESTREAM_STREAM_THREDS", "4", "PATH", "/bin"), REQUIRED);

    assertThatThrownBy(settings::kafkaAccess)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "the environment holds GATESTREAM_STREAM_THREDS, and there is no such setting: did you"
                + " mean GATESTREAM_STREAM_THREADS?");
  }

  /** The launcher's own, and those that Kubernetes makes for a service of this name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAP",
        "DIRECT",
        "JAVA_OPTS",
        "BUILD_ARGS",
        "HOME",
        "ROOT",
        "PORT",
        "SERVICE_HOST",
        "SERVICE_PORT",
        "PORT_8080_TCP",
        "PORT_8080_TCP_ADDR",
        "PORT_8080_TCP_PROTO"
      })
  void variablesOfOthersAreLeftAlone(String name) {
    Settings settings =
        ConfigLoader.load(Optional.empty(), Map.of("GATESTREAM_" + name, "x"), REQUIRED);

    assertThat(settings.kafkaAccess().bootstrapServers()).isNotEmpty();
  }

  @Test
  void oneFileServesEveryCommand(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("all.properties");
    for (Setting<?> setting : RunSettings.ALL) {
      Files.writeString(
          file, setting.key() + "=\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    assertThat(
            ConfigLoader.load(Optional.of(file), Map.of(), REQUIRED)
                .kafkaAccess()
                .bootstrapServers())
        .isNotEmpty();
  }

  @Test
  void userWithoutAHomeIsToldToNameAStateFolder() {
    String home = System.setProperty("user.home", "?");
    try {
      assertThatThrownBy(() -> read("start", "latest"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--state-dir");
      assertThat(read("state.dir", "/var/lib/gatestream").storage().stateDir())
          .isEqualTo(Path.of("/var/lib/gatestream"));
    } finally {
      System.setProperty("user.home", home);
    }
  }
}
