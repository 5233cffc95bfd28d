package io.gatestream.natives;

import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The native libraries by which Kafka's clients read and write compressed records: Snappy and
 * Zstandard. By themselves they are loaded at the first such record, from a file in {@code
 * java.io.tmpdir}.
 *
 * <p>LZ4 is not among them: where its library does not load, its Java code does the same.
 */
public final class CompressionLibraries {
  private CompressionLibraries() {}

  /**
   * Loads them from the cache that the launcher names; without one they go their own way.
   *
   * @throws OutageException one cannot be loaded; names the folder
   */
  public static void load() {
    Optional<LinuxNatives> natives = LinuxNatives.ofThisMachine();
    if (CacheFolder.ofLauncher().isEmpty() || natives.isEmpty()) {
      return;
    }
    Path cache = CacheFolder.ofLauncher().get();
    load(
        cache,
        "Snappy",
        "org.xerial.snappy.Snappy",
        "org/xerial/snappy/native/%s/libsnappyjava\\.so".formatted(natives.get().snappy()),
        "org.xerial.snappy.lib.path",
        library -> library.resolveSibling("").toString());
    load(
        cache,
        "Zstandard",
        "com.github.luben.zstd.Zstd",
        "%s/libzstd-jni[^/]*\\.so".formatted(natives.get().zstandard()),
        "ZstdNativePath",
        Path::toString);
  }

  /**
   * Loads one.
   *
   * @param property by which its own loader is told
   */
  private static void load(
      Path cache,
      String name,
      String className,
      String entry,
      String property,
      Function<Path, String> value) {
    if (System.getProperty(property) != null) {
      return; // the user knows better
    }
    try {
      List<Path> libraries = NativeJar.of(className).unpack(Pattern.compile(entry), cache);
      if (!libraries.isEmpty()) {
        Path library = libraries.get(0).toAbsolutePath();
        System.load(library.toString());
        System.setProperty(property, value.apply(library));
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      throw NativeFailure.of(name, cache, e);
    }
  }
}
