package io.gatestream.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lays the folder out that becomes the distribution's archive, from what the build has made. The
 * class path's files are written last of each folder, in the order of the build.
 */
public final class Pack {
  private final Path root;
  private final Path to;
  private final Platform platform;
  private final Packed packed;

  private Pack(Path root, Path to, Platform platform) {
    this.root = root;
    this.to = to;
    this.platform = platform;
    packed = new Packed(platform, to.resolve("lib/native"), to.resolve("licenses"));
  }

  /**
   * Packs.
   *
   * @param args the checkout, which is built; an empty or missing folder; the platform's name; the
   *     version
   */
  public static void main(String[] args) throws IOException {
    Path to = Path.of(args[1]);
    Folders.delete(to);
    new Pack(Path.of(args[0]), to, Platform.named(args[2])).pack(args[3]);
  }

  private void pack(String version) throws IOException {
    Path target = root.resolve("stream-app/target");
    Path lib = to.resolve("lib");
    Folders.copy(root.resolve("dist/target/licenses"), to.resolve("licenses"));
    Folders.copy(root.resolve("dist/src/main/licenses"), to.resolve("licenses"));
    Folders.copy(root.resolve("stream-app/samples/NOTICE.md"), licence("samples.md"));
    List<Path> app = new ArrayList<>();
    app.add(module("stream-app", version));
    app.add(module("schemas", version));
    app.addAll(listed(target, "class-path"));
    library(app, lib);
    List<Path> broker = new ArrayList<>();
    broker.add(module("broker", version));
    broker.addAll(listed(target, "class-path-of-the-broker"));
    library(broker, lib.resolve("broker"));
    library(List.of(module("bench", version)), lib.resolve("bench"));
    requireNatives();
    if (platform.unpacksNatives()) {
      aliasOpenBlas();
    }
    Folders.copy(root.resolve("stream-app/models"), to.resolve("models"));
    Folders.copy(root.resolve("stream-app/samples"), to.resolve("samples"));
    try (Stream<Path> models = Files.list(to.resolve("models"))) {
      for (Path model : models.toList()) {
        Folders.copy(
            model.resolve("NOTICE.md"), licence("model-%s.md".formatted(model.getFileName())));
      }
    }
    Folders.copy(root.resolve("schemas/src/main/avro"), to.resolve("schemas"));
    Folders.copy(root.resolve("LICENSE"), to.resolve("LICENSE"));
    Folders.copy(root.resolve("gatestream"), to.resolve("bin/gatestream"));
    if (platform.isWindows()) {
      Folders.copy(
          root.resolve("dist/src/main/bin/gatestream.cmd"), to.resolve("bin/gatestream.cmd"));
    }
    writeSums();
  }

  private Path licence(String name) {
    return to.resolve("licenses").resolve(name);
  }

  private Path module(String name, String version) {
    return root.resolve("%s/target/gatestream-%s-%s.jar".formatted(name, name, version));
  }

  private static List<Path> listed(Path target, String list) throws IOException {
    return Stream.of(Files.readString(target.resolve(list)).strip().split("[:;]"))
        .map(target::resolve)
        .toList();
  }

  private void library(List<Path> jars, Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path jar : jars) {
      if (packed.copy(jar, folder)) {
        names.add(jar.getFileName().toString());
      }
    }
    Files.writeString(folder.resolve("class-path"), String.join(":", names) + "\n");
  }

  /** A library that has moved its natives would be missed by whoever runs the distribution. */
  private void requireNatives() {
    Set<String> natives = packed.natives();
    List<String> missing =
        platform.entries().entrySet().stream()
            .filter(of -> natives.stream().noneMatch(name -> of.getValue().matcher(name).matches()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("no natives for %s of %s".formatted(platform, missing));
    }
  }

  /**
   * JavaCPP loads OpenBLAS's library by a second name, which it makes when it unpacks it: here as a
   * link, so that it stays one library in memory.
   */
  private void aliasOpenBlas() throws IOException {
    Pattern library = Pattern.compile("libopenblas(\\.so\\.\\d+)");
    try (Stream<Path> files = Files.walk(to.resolve("lib/native/org/bytedeco/openblas"))) {
      for (Path file : files.toList()) {
        var matcher = library.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          Files.createSymbolicLink(
              file.resolveSibling("libopenblas_nolapack" + matcher.group(1)), file.getFileName());
        }
      }
    }
  }

  /** As sha256sum reads them; they also tell one build from another. */
  private void writeSums() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(to.resolve("lib"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sums.put(to.relativize(file).toString().replace('\\', '/'), sha256(file));
      }
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((file, sum) -> text.append(sum).append("  ").append(file).append('\n'));
    Files.writeString(to.resolve("SHA256SUMS"), text);
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
