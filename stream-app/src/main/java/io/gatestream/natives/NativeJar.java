package io.gatestream.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * A jar of the class path that carries native libraries. Its libraries are unpacked once into the
 * cache: by themselves their loaders unpack them into {@code java.io.tmpdir} at each start, where
 * they stay after a kill, and which may be mounted noexec. In a distribution they lie unpacked in
 * {@link NativesFolder}, under the names of the jar's entries.
 *
 * @param file the jar
 */
public record NativeJar(Path file) {
  /**
   * The jar of a class, which is not initialised.
   *
   * @throws IOException there is none: the class is not there, or lies in a folder
   */
  public static NativeJar of(String className) throws IOException {
    try {
      Path file =
          Path.of(
              Class.forName(className, false, NativeJar.class.getClassLoader())
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
      if (!Files.isRegularFile(file)) {
        throw new IOException(className + " is in no jar");
      }
      return new NativeJar(file);
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IOException("no jar of " + className, e);
    }
  }

  /**
   * Unpacks libraries where that has not been done; a distribution's are there already.
   *
   * @param entries names of entries in the jar, whole
   * @param cache in which the folder is made, one for each version of the jar
   * @return the unpacked files, each by the last part of its name
   */
  public List<Path> unpack(Pattern entries, Path cache) throws IOException {
    Optional<Path> unpackedBefore = NativesFolder.ofLauncher();
    if (unpackedBefore.isPresent()) {
      return NativesFolder.find(unpackedBefore.get(), entries);
    }
    Path folder = cache.resolve("%s-%d".formatted(file.getFileName(), Files.size(file)));
    Files.createDirectories(folder);
    List<Path> unpacked = new ArrayList<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entries.matcher(entry.getName()).matches()) {
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          Path library = folder.resolve(name);
          unpack(jar, entry, library);
          unpacked.add(library);
        }
      }
    }
    return unpacked;
  }

  /** Several processes may do so at once: a library appears whole or not at all. */
  private static void unpack(JarFile jar, JarEntry entry, Path library) throws IOException {
    if (Files.exists(library) && Files.size(library) == entry.getSize()) {
      return;
    }
    Path part =
        Files.createTempFile(library.getParent(), library.getFileName().toString(), ".part");
    try (InputStream packed = jar.getInputStream(entry)) {
      Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
