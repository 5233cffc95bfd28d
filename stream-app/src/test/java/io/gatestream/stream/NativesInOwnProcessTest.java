package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.cli.MainProcess;
import io.gatestream.model.TestBundles;
import io.gatestream.natives.NativeJar;
import io.gatestream.process.ChildJvm;
import io.gatestream.process.NoexecFolder;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** Native libraries are loaded once a process: each case has one of its own. */
@Tag("process")
class NativesInOwnProcessTest {
  @TempDir Path folder;

  private ChildJvm.Outcome load(Path cache, Path temporary) throws Exception {
    return ChildJvm.run(
        List.of("-Xmx128m", "-Dgatestream.cache=" + cache, "-Djava.io.tmpdir=" + temporary),
        LoadsLibraries.StoresAndCompression.class,
        folder.resolve("store").toString());
  }

  /** RocksDB and Kafka's compression would be unpacked there, and an open store would hang. */
  @Test
  void aTemporaryFolderMountedNoexecDoesNoHarm() throws Exception {
    try (NoexecFolder temporary = NoexecFolder.mount(folder.resolve("temporary"))) {
      ChildJvm.Outcome outcome = load(folder.resolve("cache"), temporary.path());
      assertThat(outcome.code()).as(outcome.output()).isZero();
      assertThat(outcome.output()).contains("snappy fine", "zstd fine", "lz4 fine");
    }
  }

  @Test
  void aCacheMountedNoexecIsNamedWithTheRemedy() throws Exception {
    try (NoexecFolder cache = NoexecFolder.mount(folder.resolve("cache"))) {
      ChildJvm.Outcome outcome = load(cache.path(), folder);
      assertThat(outcome.code()).as(outcome.output()).isEqualTo(1);
      assertThat(outcome.output())
          .contains("RocksDB", cache.path().toString(), "noexec", "XDG_CACHE_HOME");
    }
  }

  /** The same where nobody may mount: a library that is none. */
  @Test
  void aLibraryThatDoesNotLoadIsNamedWithItsFolder() throws Exception {
    Path library = rocksDb(folder.resolve("cache"));
    ChildJvm.Outcome outcome = load(folder.resolve("cache"), folder);
    assertThat(outcome.code()).as(outcome.output()).isEqualTo(1);
    assertThat(outcome.output())
        .contains("RocksDB", requireNonNull(library.getParent()).toString(), "XDG_CACHE_HOME");
  }

  /** {@code run} says so before it asks for brokers or joins a group, and ends. */
  @Test
  void runEndsWhereALibraryDoesNotLoad() throws Exception {
    Path library = rocksDb(folder.resolve("cache"));
    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx256m", "-Dgatestream.cache=" + folder.resolve("cache")),
            MainProcess.class,
            "run",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--calibrate",
            "--model",
            TestBundles.tinyGru().toAbsolutePath().toString(),
            "--state-dir",
            folder.resolve("state").toString());
    assertThat(outcome.code()).as(outcome.output()).isEqualTo(1);
    assertThat(outcome.output().lines().filter(line -> line.startsWith("error: ")).toList())
        .as(outcome.output())
        .singleElement()
        .asString()
        .contains("RocksDB", requireNonNull(library.getParent()).toString(), "XDG_CACHE_HOME");
    assertThat(outcome.output()).doesNotContain("\tat ");
  }

  /** Where it is unpacked to, but other bytes of the same number. */
  private static Path rocksDb(Path cache) throws Exception {
    Path library =
        NativeJar.of(RocksDB.class.getName())
            .unpack(
                Pattern.compile(Pattern.quote(Environment.getJniLibraryFileName("rocksdb"))), cache)
            .get(0);
    long bytes = Files.size(library);
    try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(bytes);
    }
    return library;
  }

  /** By default JavaCPP ends a process of more than four times its heap. */
  @Test
  void javaCppSetsNoLimitToTheProcess() throws Exception {
    ChildJvm.Outcome outcome = ChildJvm.run(List.of("-Xmx64m"), LoadsLibraries.Limits.class);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("limits 0 0", "allocated 1048576");
  }

  @Test
  void aLimitThatTheUserSetsStays() throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx64m", "-Dorg.bytedeco.javacpp.maxBytes=100m"),
            LoadsLibraries.Limits.class);
    assertThat(outcome.code()).as(outcome.output()).isNotZero();
    assertThat(outcome.output()).contains("limits 104857600 0", "OutOfMemoryError");
  }
}
