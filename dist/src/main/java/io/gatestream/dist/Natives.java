package io.gatestream.dist;

import java.util.List;
import java.util.regex.Pattern;

/** Which entries of jars are natives, and which of them this platform's distribution needs. */
final class Natives {
  private static final Pattern NATIVE =
      Pattern.compile(".*\\.(so|dylib|jnilib|dll|a|lib)(\\.\\d+)*|.*\\.dSYM/.*");

  /** Programs, headers and JavaCPP's notes for GraalVM beside its natives. */
  private static final Pattern BESIDE =
      Pattern.compile("(org/bytedeco/[^/]+|META-INF/native-image)/(linux|macosx|windows)-\\w+/.*");

  /**
   * Of OpenCV 50 modules that nothing calls; of OpenBLAS a binding of which OpenCV's needs but a
   * part. {@code libjniopenblas} stays: OpenCV's classes load it.
   */
  private static final Pattern UNUSED =
      Pattern.compile(
          "org/bytedeco/opencv/[^/]+/(?!(lib)?(jni)?opencv_(core|imgproc|imgcodecs)\\d*[.]).*cv.*"
              + "|.*jniopenblas_full[.].*");

  private final List<Pattern> ofPlatform;

  Natives(Platform platform) {
    ofPlatform = List.copyOf(platform.entries().values());
  }

  /** Whether an entry is of no use to Java, but to some platform's native code. */
  static boolean isNative(String entry) {
    return NATIVE.matcher(entry).matches() || BESIDE.matcher(entry).matches();
  }

  /** Whether a native entry is this platform's, and something loads it. */
  boolean isNeeded(String entry) {
    return NATIVE.matcher(entry).matches()
        && !UNUSED.matcher(entry).matches()
        && ofPlatform.stream().anyMatch(of -> of.matcher(entry).matches());
  }
}
