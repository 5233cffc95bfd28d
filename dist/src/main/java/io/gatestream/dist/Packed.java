package io.gatestream.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars into the distribution: their classes into jars, the natives of one platform beside
 * them, licences into a folder for each jar.
 */
final class Packed {
  private final Natives natives;
  private final boolean unpacksNatives;
  private final Path nativeFolder;
  private final Path notices;
  private final Set<String> kept = new HashSet<>();

  /**
   * Packs for a platform.
   *
   * @param nativeFolder where natives go, where the platform unpacks them
   * @param notices where a folder for each jar is made
   */
  Packed(Platform platform, Path nativeFolder, Path notices) {
    natives = new Natives(platform);
    unpacksNatives = platform.unpacksNatives();
    this.nativeFolder = nativeFolder;
    this.notices = notices;
  }

  /** The native entries that were kept so far. */
  Set<String> natives() {
    return Set.copyOf(kept);
  }

  /**
   * Copies a jar.
   *
   * @return whether there is a jar now: there is none of what held natives alone
   */
  boolean copy(Path from, Path folder) throws IOException {
    Path to = folder.resolve(from.getFileName());
    Files.createDirectories(folder);
    try (JarFile jar = new JarFile(from.toFile())) {
      List<JarEntry> entries = jar.stream().filter(entry -> !entry.isDirectory()).toList();
      for (JarEntry entry : entries) {
        if (Notices.isNotice(entry.getName())) {
          write(jar, entry, notices.resolve(name(from)).resolve(flat(entry.getName())));
        }
      }
      if (entries.stream().noneMatch(entry -> Natives.isNative(entry.getName()))) {
        Files.copy(from, to);
        return true;
      }
      List<JarEntry> classes = entries.stream().filter(this::staysInJar).toList();
      for (JarEntry entry : entries) {
        if (natives.isNeeded(entry.getName())) {
          kept.add(entry.getName());
          if (FfmpegLicence.isAsked(entry.getName())) {
            writeLicence(jar, entry, name(from));
          }
          if (unpacksNatives) {
            write(jar, entry, nativeFolder.resolve(place(entry.getName())));
          }
        }
      }
      if (classes.stream().allMatch(Packed::isMeta)) {
        return false;
      }
      rewrite(jar, classes, to);
      return true;
    }
  }

  private void writeLicence(JarFile jar, JarEntry entry, String name) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      FfmpegLicence.write(in.readAllBytes(), name, notices.resolve("FFmpeg.txt"));
    }
  }

  private boolean staysInJar(JarEntry entry) {
    String name = entry.getName();
    return !Natives.isNative(name) || (!unpacksNatives && natives.isNeeded(name));
  }

  /** Of a jar without its natives these are left. */
  private static boolean isMeta(JarEntry entry) {
    return entry.getName().startsWith("META-INF/");
  }

  /** LZ4 and JLine are looked for in the folder itself, all others where their jar has them. */
  private static Path place(String entry) {
    return entry.startsWith("net/jpountz/") || entry.startsWith("org/jline/")
        ? Path.of(entry).getFileName()
        : Path.of(entry);
  }

  private static void rewrite(JarFile jar, List<JarEntry> entries, Path to) throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (JarEntry entry : entries) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        try (InputStream in = jar.getInputStream(entry)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
  }

  private static void write(JarFile jar, JarEntry entry, Path to) throws IOException {
    Files.createDirectories(to.toAbsolutePath().getParent());
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, to);
    }
  }

  private static String name(Path jar) {
    return jar.getFileName().toString().replaceFirst("\\.jar$", "");
  }

  private static String flat(String entry) {
    return entry.replaceFirst("^META-INF/", "").replace('/', '-');
  }
}
