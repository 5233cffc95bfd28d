package io.gatestream.natives;

import java.util.Arrays;
import java.util.Optional;

/**
 * How libraries name their natives for this machine, where it runs Linux. On macOS and Windows
 * their loaders go their own way.
 */
public enum LinuxNatives {
  X86_64("amd64", "linux-x64", "Linux/x86_64", "linux/amd64"),
  ARM64("aarch64", "linux-aarch64", "Linux/aarch64", "linux/aarch64");

  private final String architecture;
  private final String onnxruntime;
  private final String snappy;
  private final String zstandard;

  LinuxNatives(String architecture, String onnxruntime, String snappy, String zstandard) {
    this.architecture = architecture;
    this.onnxruntime = onnxruntime;
    this.snappy = snappy;
    this.zstandard = zstandard;
  }

  /** This machine's, empty where it is none of these. */
  public static Optional<LinuxNatives> ofThisMachine() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static Optional<LinuxNatives> of(String system, String architecture) {
    return Arrays.stream(values())
        .filter(natives -> system.equals("Linux") && natives.architecture.equals(architecture))
        .findFirst();
  }

  /** The folder below {@code ai/onnxruntime/native}. */
  public String onnxruntime() {
    return onnxruntime;
  }

  /** The folder below {@code org/xerial/snappy/native}. */
  String snappy() {
    return snappy;
  }

  /** The folder in Zstandard's jar. */
  String zstandard() {
    return zstandard;
  }
}
