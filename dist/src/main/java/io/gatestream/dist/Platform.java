package io.gatestream.dist;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A platform that a distribution is packed for, and how libraries name its natives. */
enum Platform {
  LINUX_X86_64(
      "linux-x86_64",
      "linux-x64",
      "librocksdbjni-linux64\\.so",
      "linux/amd64",
      "Linux/x86_64",
      "linux/amd64",
      "Linux/x86_64"),
  LINUX_ARM64(
      "linux-arm64",
      "linux-aarch64",
      "librocksdbjni-linux-aarch64\\.so",
      "linux/aarch64",
      "Linux/aarch64",
      "linux/aarch64",
      "Linux/arm64"),
  MACOSX_ARM64(
      "macosx-arm64",
      "osx-aarch64",
      "librocksdbjni-osx-arm64\\.jnilib",
      "darwin/aarch64",
      "Mac/aarch64",
      "darwin/aarch64",
      "Mac/arm64"),
  WINDOWS_X86_64(
      "windows-x86_64",
      "win-x64",
      "librocksdbjni-win64\\.dll",
      "win/amd64",
      "Windows/x86_64",
      "windows/amd64",
      "Windows/x86_64");

  private final String javacpp;
  private final String onnxruntime;
  private final String rocksdb;
  private final String zstd;
  private final String snappy;
  private final String lz4;
  private final String jline;

  Platform(
      String javacpp,
      String onnxruntime,
      String rocksdb,
      String zstd,
      String snappy,
      String lz4,
      String jline) {
    this.javacpp = javacpp;
    this.onnxruntime = onnxruntime;
    this.rocksdb = rocksdb;
    this.zstd = zstd;
    this.snappy = snappy;
    this.lz4 = lz4;
    this.jline = jline;
  }

  /**
   * The platform of a name such as {@code linux-arm64}.
   *
   * @throws IllegalArgumentException there is none; names those that there are
   */
  static Platform named(String name) {
    return Arrays.stream(values())
        .filter(platform -> platform.javacpp.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no platform %s, only %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(platform -> platform.javacpp)
                                .collect(Collectors.joining(", ")))));
  }

  /** By the name of a library, what its natives for this platform are called, as whole entries. */
  Map<String, Pattern> entries() {
    return Map.of(
        "ONNX Runtime", in("ai/onnxruntime/native/" + onnxruntime),
        "RocksDB", Pattern.compile(rocksdb),
        "Zstandard", in(zstd),
        "Snappy", in("org/xerial/snappy/native/" + snappy),
        "LZ4", in("net/jpountz/util/" + lz4),
        "JLine", in("org/jline/nativ/" + jline),
        "JavaCPP", in("org/bytedeco/javacpp/" + javacpp),
        "OpenCV", in("org/bytedeco/opencv/" + javacpp),
        "OpenBLAS", in("org/bytedeco/openblas/" + javacpp),
        "FFmpeg", in("org/bytedeco/ffmpeg/" + javacpp));
  }

  private static Pattern in(String folder) {
    return Pattern.compile(folder + "/[^/]+");
  }

  /**
   * Whether natives are unpacked when the distribution is packed. Elsewhere their loaders unpack
   * them into the cache: macOS refuses libraries that were downloaded as files.
   */
  boolean unpacksNatives() {
    return this == LINUX_X86_64 || this == LINUX_ARM64;
  }

  boolean isWindows() {
    return this == WINDOWS_X86_64;
  }
}
