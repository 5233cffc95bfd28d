package io.gatestream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Names, values and defaults of all settings as they were promised. Who adds or changes a setting
 * records it here, and so says that it is meant.
 */
class RecordedDefaultsTest {
  private static final String RECORDED =
      """
      bootstrap.servers: HOST:PORT = none; it must be given
      broker.timeout.seconds: SECONDS 1 to 86400 = 30
      log.format: text|json = text
      model: BUNDLE = the object-motion bundle
      application.id: ID = gatestream
      frames.topic: TOPIC = frames
      labels.topic: TOPIC = labels
      rejected.topic: TOPIC = frames-rejected
      events.topic: TOPIC = events
      create.topics: true|false = false
      partitions: N 1 to 10000 = 8
      replication.factor: N -1 to 100 = -1
      start: earliest|latest = earliest
      provider: cpu|cuda|tensorrt|auto = cpu
      gpu.device: N 0 to 1023 = 0
      gpu.memory.mb: MB 64 to 1048576 = 2048
      stream.threads: N 1 to 256 = 2
      workers: N 0 to 1024 = the number of cores
      encoder.callers: N 1 to 1024 = calibrated, or cores; 1 on a GPU
      encoder.threads: N 1 to 1024 = calibrated, or 1
      encoder.batch: N 1 to 4096 = calibrated, or 1; 32 on a GPU
      step.batch: N 1 to 4096 = the largest bit-equal up to 32
      calibrate: true|false = true
      calibration.dir: DIR = ~/.cache/gatestream/calibration
      pixel.slots: N 2 to 1000000 = by workers, threads and batch
      max.poll.records: N 1 to 100000 = 128
      buffered.records.per.partition: N 1 to 1000000 = 64
      fetch.bytes: BYTES 1024 to 2147483647 = 16777216
      partition.fetch.bytes: BYTES 1024 to 2147483647 = 524288
      max.record.bytes: BYTES 1024 to 1073741824 = 16777216
      rocksdb.bytes: BYTES 1048576 to 2147483647 = 67108864
      store.cache.bytes: BYTES 0 to 2147483647 = 33554432
      hot.state.bytes: BYTES 0 to 2147483647 = 16777216
      commit.interval.millis: MS 1 to 600000 = 100
      state.dir: DIR = ~/.local/state/gatestream
      store.name: NAME = streams
      standby.replicas: N 0 to 100 = 0
      gap.millis: MS 1 to 2147483647 = 2000
      expiry.millis: MS 1 to 2147483647 = 60000
      model.change: reset|refuse = reset
      latest.time: TIME = 2200-01-01T00:00:00Z
      tombstone.resets: true|false = true
      state.removal.records: N 0 to 2147483647 = 0
      session.return.millis: MS 1 to 2147483647 = 2500
      overload: keep-all|latest = keep-all
      overload.records: N 1 to 2147483647 = 32
      score.limit: N 1 to 1000000 = 64
      events: true|false = true
      events.rules: FILE = those of the model
      max.side: PIXELS 1 to 65535 = 8192
      max.pixels: PIXELS 1 to 2147483647 = 16777216
      max.segment.frames: N 1 to 1000000 = 1000
      max.scans: N 1 to 1000000 = 100
      max.work: PIXELS 1 to 9223372036854775807 = 1073741824
      jpeg.stray.bytes: refuse|repair = repair
      jpeg.check: full|structure = full
      http.port: PORT 0 to 65535 = none
      http.host: HOST = 127.0.0.1
      http.advertised: HOST[:PORT] = http.host, or the machine's name
      otlp.endpoint: URL = none
      otlp.interval.seconds: SECONDS 1 to 3600 = 60
      close.seconds: SECONDS 1 to 3600 = 9
      close.leaves.group: true|false = true; false with kafka.group.instance.id
      """;

  private static Stream<Setting<?>> all() {
    return Stream.of(KafkaSettings.ALL, RunSettings.ALL).flatMap(List::stream);
  }

  private static Stream<Setting<?>> numbers() {
    return all().filter(setting -> !setting.kind().range().isEmpty());
  }

  /** All but those that take any text. */
  private static Stream<Setting<?>> choosy() {
    return RunSettings.ALL.stream().filter(setting -> !setting.allowed().equals("a text"));
  }

  private static Settings given(Setting<?> setting, String value) {
    return ConfigLoader.load(Optional.empty(), Map.of(), Map.of(setting.key(), value));
  }

  @Test
  void everySettingHasTheRecordedValuesAndDefault() {
    String now =
        all()
            .map(
                setting ->
                    "%s: %s %s = %s\n"
                        .formatted(
                            setting.key(),
                            setting.form(),
                            setting.kind().range(),
                            setting.standardText())
                        .replace("  ", " "))
            .collect(Collectors.joining());

    assertThat(now)
        .as("a changed setting is recorded here, and docs/settings.md is made anew")
        .isEqualTo(RECORDED);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aDefaultIsOneOfTheValuesThatMayBeGiven(Setting<?> setting) {
    if (setting.standard() instanceof Optional<?> open) {
      assertThat(open).isEmpty();
    } else {
      assertThat(given(setting, setting.standardText()).get(setting)).isEqualTo(setting.standard());
    }
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void boundsAreTakenAndWhatIsBeyondIsRefused(Setting<?> setting) {
    String[] bounds = setting.kind().range().split(" to ", -1);
    long min = Long.parseLong(bounds[0]);
    long max = Long.parseLong(bounds[1]);
    for (long bound : new long[] {min, max}) {
      Settings settings = given(setting, Long.toString(bound));
      settings.get(setting);
      settings.throwProblems();
    }
    String above = new BigInteger(bounds[1]).add(BigInteger.ONE).toString();
    for (String beyond : new String[] {Long.toString(min - 1), above}) {
      Settings settings = given(setting, beyond);
      settings.get(setting);
      assertThatThrownBy(settings::throwProblems)
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "%s is '%s': give a whole number from %d to %d (from %s)",
              setting.key(), beyond, min, max, setting.flag());
    }
  }

  /** Nothing takes a zero byte, so what does not complain was never read. */
  @ParameterizedTest
  @MethodSource("choosy")
  void runReadsEverySetting(Setting<?> setting) {
    assertThatThrownBy(() -> RunConfig.from(given(setting, "\0"), Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "%s is '\0': give %s (from %s)", setting.key(), setting.allowed(), setting.flag());
  }

  @Test
  void aProblemSaysWhereTheValueCameFrom(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("run.properties");
    Files.writeString(file, "workers=many\nmax.side=0\nkafka.group.protocol=consumer\n");
    Map<String, String> environment =
        new HashMap<>(Map.of("GATESTREAM_WORKERS", "lots", "GATESTREAM_PROVIDER", "tpu"));
    Settings settings =
        ConfigLoader.load(
            Optional.of(file),
            environment,
            Map.of("provider", "npu", "kafka.group.instance.id", "/"));

    assertThatThrownBy(() -> RunConfig.from(settings, Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "workers is 'lots': give a whole number from 0 to 1024 (from GATESTREAM_WORKERS)")
        .hasMessageContaining(
            "max.side is '0': give a whole number from 1 to 65535 (from %s)", file)
        .hasMessageContaining(
            "kafka.group.protocol is 'consumer': give one of classic, streams (from %s)", file)
        .hasMessageContaining(
            "provider is 'npu': give one of cpu, cuda, tensorrt, auto (from --provider)")
        .hasMessageContaining("no model bundle is named");
  }

  @Test
  void aProblemIsReportedOnce() {
    Settings settings = given(RunSettings.CLOSE_LEAVES_GROUP, "perhaps");

    assertThatThrownBy(() -> RunConfig.from(settings, Optional.of(Path.of("bundle"))))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "close.leaves.group is 'perhaps': give one of true, false (from"
                            + " --close-leaves-group)",
                        "no Kafka broker is named: give --bootstrap-servers HOST:PORT"));
  }
}
