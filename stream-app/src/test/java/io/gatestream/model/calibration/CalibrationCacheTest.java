package io.gatestream.model.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import io.gatestream.model.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationCacheTest {
  private static final CalibrationKey KEY =
      new CalibrationKey("ab12", Provider.CPU, "0", "Some CPU", 2, "amd64", "1.29.0", "- - -");
  private static final EncoderSetup CHOICE = new EncoderSetup(1, 2, 4);

  @TempDir Path folder;
  private CalibrationCache cache;

  @BeforeEach
  void open() {
    cache = new CalibrationCache(folder.resolve("a/b"));
  }

  @Test
  void whatIsKeptIsFoundAndReplaced() {
    assertThat(cache.find(KEY)).isEmpty();
    assertThat(cache.keep(KEY, CHOICE)).isTrue();
    assertThat(cache.find(KEY)).contains(CHOICE);
    assertThat(cache.keep(KEY, new EncoderSetup(2, 1, 1))).isTrue();
    assertThat(cache.find(KEY)).contains(new EncoderSetup(2, 1, 1));
    assertThat(folder.resolve("a/b")).isDirectoryContaining(cache.file(KEY)::equals);
  }

  static Stream<CalibrationKey> others() {
    return Stream.of(
        new CalibrationKey("cd34", Provider.CPU, "0", "Some CPU", 2, "amd64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CUDA, "0", "Some CPU", 2, "amd64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "1", "Some CPU", 2, "amd64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "0", "Other CPU", 2, "amd64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "0", "Some CPU", 4, "amd64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "0", "Some CPU", 2, "aarch64", "1.29.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "0", "Some CPU", 2, "amd64", "1.30.0", "- - -"),
        new CalibrationKey("ab12", Provider.CPU, "0", "Some CPU", 2, "amd64", "1.29.0", "- - 1"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void anotherModelMachineOrSettingFindsNothing(CalibrationKey other) throws IOException {
    cache.keep(KEY, CHOICE);
    assertThat(cache.find(other)).isEmpty();
    // even where the file is there: its content decides
    Files.copy(cache.file(KEY), cache.file(other));
    assertThat(cache.find(other)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\u0000\u0001",
        "{\"format\": 1}",
        "{\"format\": 2, KEY, \"callers\": 1, \"threads\": 1, \"batch\": 1}",
        "{\"format\": 1, KEY, \"callers\": 0, \"threads\": 1, \"batch\": 1}",
        "{\"format\": 1, KEY, \"callers\": 1, \"threads\": -1, \"batch\": 1}",
        "{\"format\": 1, KEY, \"callers\": 1, \"threads\": 1, \"batch\": \"many\"}",
        "{\"format\": 1, KEY, \"callers\": 1, \"threads\": 1}"
      })
  void whatCannotBeUnderstoodCountsAsMissingAndIsReplaced(String text) throws IOException {
    cache.keep(KEY, CHOICE);
    String kept = Files.readString(cache.file(KEY));
    String key = kept.substring(kept.indexOf("\"key\""), kept.indexOf('}') + 1);
    Files.writeString(
        cache.file(KEY),
        "{\"format\": 1, KEY, \"callers\": 1, \"threads\": 2, \"batch\": 4}".replace("KEY", key));
    assertThat(cache.find(KEY)).as("the key of this test").contains(CHOICE);

    Files.writeString(cache.file(KEY), text.replace("KEY", key));
    assertThat(cache.find(KEY)).isEmpty();
    assertThat(cache.keep(KEY, CHOICE)).isTrue();
    assertThat(cache.find(KEY)).contains(CHOICE);
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    CalibrationCache none = new CalibrationCache(file.resolve("cache"));
    try (CapturedLog log = CapturedLog.of(CalibrationCache.class)) {
      assertThat(none.find(KEY)).isEmpty();
      assertThat(none.keep(KEY, CHOICE)).isFalse();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("cannot be kept", file.toString());
    }
  }

  @Test
  void aFolderInPlaceOfTheFileIsNoFileAndStays() throws IOException {
    Files.createDirectories(cache.file(KEY).resolve("full"));
    assertThat(cache.find(KEY)).isEmpty();
    assertThat(cache.keep(KEY, CHOICE)).isFalse();
    assertThat(cache.file(KEY).resolve("full")).exists();
    assertThat(folder.resolve("a/b")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void severalWritersLeaveOneWholeFile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        EncoderSetup own = new EncoderSetup(i + 1, i + 1, i + 1);
        all.add(
            threads.submit(
                () -> {
                  boolean kept = new CalibrationCache(folder.resolve("a/b")).keep(KEY, own);
                  // whoever wrote it, it is whole: all three numbers are of one writer
                  EncoderSetup found = cache.find(KEY).orElseThrow();
                  return kept
                      && found.callers() == found.threads()
                      && found.threads() == found.batch();
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      assertThat(files).containsExactly(cache.file(KEY));
    }
  }

  @Test
  void theProcessorsNameIsReadWhereTheSystemTells() throws IOException {
    Path info = folder.resolve("cpuinfo");
    Files.writeString(info, "processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\nmodel name\t: no\n");
    assertThat(CalibrationKey.cpu(info)).isEqualTo("Some CPU @ 2.0GHz");
    Files.writeString(info, "processor\t: 0\nCPU part\t: 0xd0c\n");
    assertThat(CalibrationKey.cpu(info)).isEqualTo("unknown");
    assertThat(CalibrationKey.cpu(folder.resolve("missing"))).isEqualTo("unknown");
  }
}
