package io.gatestream.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the class path of the tests, for settings that a JVM reads once. */
public final class ChildJvm {
  private static final int MINUTES = 3;

  private ChildJvm() {}

  /** Exit code, and what it wrote to both streams. */
  public record Outcome(int code, String output) {}

  /** Runs a main class to its end. */
  public static Outcome run(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    File output = File.createTempFile("child", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
      builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
      Process process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(
            "no end within %d minutes: %s".formatted(MINUTES, read(output)));
      }
      return new Outcome(process.exitValue(), read(output));
    } finally {
      output.delete();
    }
  }

  private static String read(File file) throws IOException {
    return java.nio.file.Files.readString(file.toPath(), UTF_8);
  }

  /** However this JVM was told its own: by an option, by a manifest or by a loader. */
  private static String classPath() throws IOException {
    Set<String> entries = new LinkedHashSet<>();
    ClassLoader loader = ChildJvm.class.getClassLoader();
    try {
      for (URL folder : Collections.list(loader.getResources(""))) {
        if (folder.getProtocol().equals("file")) {
          entries.add(Path.of(folder.toURI()).toString());
        }
      }
      for (Path jar : jars()) {
        entries.add(jar.toString());
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    return String.join(File.pathSeparator, entries);
  }

  /** The jars of the class path. */
  public static Set<Path> jars() throws IOException {
    Set<Path> jars = new LinkedHashSet<>();
    for (URL manifest :
        Collections.list(ChildJvm.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
      if (manifest.openConnection() instanceof JarURLConnection jar) {
        try {
          jars.add(Path.of(jar.getJarFileURL().toURI()));
        } catch (URISyntaxException e) {
          throw new IOException(e);
        }
      }
    }
    return jars;
  }
}
