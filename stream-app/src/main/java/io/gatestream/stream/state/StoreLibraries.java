package io.gatestream.stream.state;

import io.gatestream.natives.CacheFolder;
import io.gatestream.natives.CompressionLibraries;
import io.gatestream.natives.NativeFailure;
import io.gatestream.natives.NativeJar;
import io.gatestream.natives.NativesFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads the native libraries that Kafka Streams and its clients would load on a stream thread, at
 * the first store or the first compressed record. An Error there leaves a task locked for ever.
 *
 * <p>RocksDB's comes from the folder of the variable ROCKSDB_SHAREDLIB_DIR, else from a
 * distribution's folder of natives, which is in {@code java.library.path}, else from the cache that
 * the launcher names, else from where RocksDB unpacks it.
 */
public final class StoreLibraries {
  private static final String FOLDER = "ROCKSDB_SHAREDLIB_DIR";

  private StoreLibraries() {}

  /**
   * Loads them; may be repeated.
   *
   * @throws io.gatestream.errors.OutageException one cannot be loaded; names the folder
   */
  public static void load() {
    loadRocksDb(
        System.getenv(),
        NativesFolder.ofLauncher().isPresent() ? Optional.empty() : CacheFolder.ofLauncher());
    CompressionLibraries.load();
  }

  static void loadRocksDb(Map<String, String> environment, Optional<Path> cache) {
    String given = environment.getOrDefault(FOLDER, "");
    Path folder =
        given.isEmpty()
            ? cache.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")))
            : Path.of(given);
    try {
      if (given.isEmpty() && cache.isPresent()) {
        String name = Environment.getJniLibraryFileName("rocksdb");
        for (Path library :
            NativeJar.of(RocksDB.class.getName())
                .unpack(Pattern.compile(Pattern.quote(name)), cache.get())) {
          folder = library.toAbsolutePath().resolveSibling("");
          link(folder.resolve(Environment.getJniLibraryFileName("rocksdbjni")), library);
          RocksDB.loadLibrary(List.of(folder.toString()));
        }
      }
      RocksDB.loadLibrary(); // does nothing where it is loaded
    } catch (IOException | LinkageError e) {
      throw NativeFailure.of("RocksDB", folder, e);
    } catch (RuntimeException e) {
      throw NativeFailure.of("RocksDB", folder, e); // so it says that it cannot unpack it
    }
  }

  /** RocksDB looks in a folder for another name than that of the file in its jar. */
  private static void link(Path asked, Path library) throws IOException {
    try {
      if (!Files.exists(asked)) {
        Files.createSymbolicLink(asked, library.getFileName());
      }
    } catch (FileAlreadyExistsException e) {
      // another process has just made it
    }
  }
}
